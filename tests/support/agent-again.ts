import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { DAEMON, type Lifetime, type TestSupervisor } from './supervisors.ts';
import { until } from './until.ts';

/** A daemon on the files of another one. */
export interface AgentAgain {
  readonly pid: number;
  /** SIGKILL, and wait until it is gone. */
  kill(): Promise<void>;
  /** SIGTERM, and the exit status. */
  stop(): Promise<number | null>;
}

/** SIGKILLs the daemon of a test and waits until it is gone; its children are left to themselves. */
export async function killAgent({ child }: TestSupervisor): Promise<void> {
  const gone = new Promise((done) => child.once('exit', done));
  child.kill('SIGKILL');
  await gone;
}

/** Starts the agent once more with the same configuration; stopped when the test ends. */
export function startAgain(t: Lifetime, s: TestSupervisor): AgentAgain {
  const [file, ...args] = DAEMON.agent as [string, ...string[]];
  const child = spawn(file, [...args, '-n', '-s', '-c', s.configPath], { cwd: s.dir, stdio: 'ignore' });
  const exited = new Promise<number | null>((done) => child.once('exit', (code) => done(code)));
  const isOver = () => child.exitCode !== null || child.signalCode !== null;
  const end = async (signal: NodeJS.Signals): Promise<number | null> => {
    if (!isOver()) child.kill(signal);
    return exited;
  };
  t.onTestFinished(async () => {
    if (isOver()) return;
    const timer = setTimeout(() => child.kill('SIGKILL'), 15_000);
    await end('SIGTERM');
    clearTimeout(timer);
  });
  return {
    pid: child.pid ?? 0,
    kill: async () => void (await end('SIGKILL')),
    stop: () => end('SIGTERM'),
  };
}

/** Waits until a daemon answers on the socket, and that it is this one. */
export async function answering(s: TestSupervisor, { pid }: { readonly pid: number }): Promise<void> {
  await until(`an answer of ${pid}`, async () => existsSync(s.socketPath) && (await s.rpc('getPID')) === pid);
}

/** Live leaders of a process group whose command line holds `word`: not what a shell forks on its way to another command. */
export function copiesOf(word: string): number[] {
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => Number.isInteger(pid) && pid !== process.pid)
    .filter((pid) => {
      try {
        const [, state, group] = /\) (\S) \d+ (\d+) /.exec(readFileSync(`/proc/${pid}/stat`, 'utf8')) ?? [];
        const isLive = state !== 'Z' && state !== 'X';
        return isLive && Number(group) === pid && readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(word);
      } catch {
        return false; // ended while we looked
      }
    });
}

/** Ends what a failed test may have left. */
export function killCopies(t: Lifetime, word: string): void {
  t.onTestFinished(() => {
    for (const pid of copiesOf(word)) process.kill(pid, 'SIGKILL');
  });
}
