import { type ChildProcess, spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { freePort, type Lifetime, type Ran, run, tempDir } from './supervisors.ts';
import { until } from './until.ts';

const ROOT = resolve(import.meta.dirname, '../..');
/** The command under test, as built. */
export const FLEETVISOR = [process.execPath, join(ROOT, 'dist/fleetvisor.js')];

/** A hub as its users run it, and the fleet command signed in to it. */
export interface FleetCli {
  readonly hub: string;
  readonly dir: string;
  readonly env: NodeJS.ProcessEnv;
  readonly password: string;
  readonly child: ChildProcess;
  /** The hub's output so far. */
  printed(): string;
  /** `fleetvisor LINE`, one word per argument. */
  fleetvisor(...words: string[]): Promise<Ran>;
}

/** What the hub is told besides where it listens. `write` makes a file in its folder and returns its path. */
export type HubSetup = (at: { readonly dir: string; write(name: string, text: string): string }) => {
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
};

/** Starts `fleetvisor hub run` in a folder of its own, and signs in. It ends with the test. */
export async function startFleetCli(t: Lifetime, setup: HubSetup = () => ({})): Promise<FleetCli> {
  const dir = tempDir(t);
  const write = (name: string, text: string): string => {
    writeFileSync(join(dir, name), text);
    return join(dir, name);
  };
  const { args = [], env: more = {} } = setup({ dir, write });
  const port = await freePort();
  const hub = `http://127.0.0.1:${port}`;
  const env = { ...process.env, XDG_CONFIG_HOME: join(dir, 'config') };
  const [file = '', bin = ''] = FLEETVISOR;
  const child = spawn(
    file,
    [bin, 'hub', 'run', '--port', String(port), '--data', join(dir, 'data'), ...args],
    {
      cwd: dir,
      env: { ...env, ...more },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  let printed = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text) => {
      printed += text;
    });
  }
  const closed = new Promise((done) => child.on('close', done));
  t.onTestFinished(async () => {
    child.kill('SIGTERM');
    await closed;
  });
  const password = await until(
    'the first login',
    () => {
      if (child.exitCode !== null) throw new Error(`the hub exited ${child.exitCode}: ${printed}`);
      return /password[ :"]+([\w-]+)/.exec(printed)?.[1];
    },
    { withinMs: 30_000 },
  );
  await until('the hub', async () => (await fetch(`${hub}/healthz`)).ok);
  const fleetvisor = (...words: string[]) => run([...FLEETVISOR, ...words], { cwd: dir, env });
  const login = await run([...FLEETVISOR, 'login', hub, '--user', 'admin', '--password-stdin'], {
    cwd: dir,
    env,
    input: `${password}\n`,
  });
  if (login.code !== 0) throw new Error(`login: ${login.err}`);
  return { hub, dir, env, password, child, printed: () => printed, fleetvisor };
}
