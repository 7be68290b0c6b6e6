import { spawn } from 'node:child_process';
import {
  CTL,
  type Lifetime,
  type Ran,
  run,
  type SupervisorKind,
  type TestSupervisor,
} from './supervisors.ts';
import { until } from './until.ts';

/** Which ctl command drives which daemon. */
export interface Pair {
  readonly ctl: SupervisorKind;
  readonly daemon: SupervisorKind;
}

export const CTL_PAIRS: readonly Pair[] = [
  { ctl: 'agent', daemon: 'supervisord' },
  { ctl: 'supervisord', daemon: 'supervisord' },
  { ctl: 'agent', daemon: 'agent' },
  { ctl: 'supervisord', daemon: 'agent' },
];

/** Runs one command line of a ctl against a daemon. The line is given as one word per blank, as a shell would. */
export async function say(
  kind: SupervisorKind,
  { configPath, dir }: Pick<TestSupervisor, 'configPath' | 'dir'>,
  line: string,
  options: { readonly input?: string; readonly before?: readonly string[] } = {},
): Promise<Ran> {
  const words = line === '' ? [] : line.split(' ');
  return run([...CTL[kind], '-c', configPath, ...(options.before ?? []), ...words], {
    cwd: dir,
    ...(options.input === undefined ? {} : { input: options.input }),
  });
}

/** A command on a terminal of its own, and a person in front of it. */
export interface Terminal {
  /** Everything on the screen so far, as it was sent. */
  shown(): string;
  /** Waits for a text after the one last waited for. */
  see(text: string): Promise<void>;
  /** See, then type. `\r` is Enter, `\x03` Ctrl-C. */
  answer(text: string, keys: string): Promise<void>;
  type(keys: string): void;
  /** Waits for the end of the command; its exit status. */
  ended(): Promise<number | null>;
}

/** Starts a command on a pseudo-terminal of 120 columns; it ends with the test. */
export function openTerminal(
  t: Lifetime,
  command: readonly string[],
  options: { readonly cwd?: string; readonly env?: NodeJS.ProcessEnv } = {},
): Terminal {
  const sized = ['sh', '-c', 'stty cols 120 rows 40; exec "$@"', 'sh', ...command];
  const child = spawn('/usr/bin/python3', ['-c', PTY, ...sized], {
    cwd: options.cwd,
    env: options.env ?? process.env,
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  let screen = '';
  let seen = 0;
  const closed = new Promise<number | null>((done) => child.on('close', done));
  child.stdout.setEncoding('utf8').on('data', (text) => {
    screen += text;
  });
  child.stdin.on('error', () => {}); // it may have ended while somebody still types
  t.onTestFinished(async () => {
    child.kill('SIGKILL');
    await closed;
  });
  const see = async (text: string): Promise<void> => {
    await until(
      `${JSON.stringify(text)} on ${JSON.stringify(screen)}`,
      () => screen.indexOf(text, seen) >= 0,
    );
    seen = screen.indexOf(text, seen) + text.length;
  };
  return {
    shown: () => screen,
    see,
    answer: async (text, keys) => {
      await see(text);
      child.stdin.write(keys);
    },
    type: (keys) => void child.stdin.write(keys),
    ended: () => closed,
  };
}

const PTY = 'import os, pty, sys; sys.exit(os.waitstatus_to_exitcode(pty.spawn(sys.argv[1:])) % 256)';
