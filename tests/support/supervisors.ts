import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { describe } from 'vitest';
import { until } from './until.ts';

/** `agent` is fleetvisord as built; `supervisord` is the Debian package. */
export type SupervisorKind = 'agent' | 'supervisord';

const ROOT = resolve(import.meta.dirname, '../..');
/** The commands under test; an agent is what users run: the built bundle. */
export const DAEMON: Record<SupervisorKind, readonly string[]> = {
  agent: [process.execPath, join(ROOT, 'agent/dist/fleetvisord.js')],
  supervisord: ['/usr/bin/supervisord'],
};
export const CTL: Record<SupervisorKind, readonly string[]> = {
  agent: [process.execPath, join(ROOT, 'agent/dist/fleetvisorctl.js')],
  supervisord: ['/usr/bin/supervisorctl'],
};

/** The same claims against both daemons: `eachSupervisor((kind) => { test('PROC-030 …', async (t) => …startSupervisor(t, kind, …)) })`.
 * Tests run concurrently: take `expect` from the test's context. */
export function eachSupervisor(claims: (kind: SupervisorKind) => void): void {
  describe.concurrent.each<SupervisorKind>(['agent', 'supervisord'])('%s', claims);
}

/** A test's own context, or anything that runs clean-ups, as `sharedSupervisor` does after a block. */
export interface Lifetime {
  onTestFinished(cleanUp: () => void | Promise<void>): void;
}

export interface Ran {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly out: string;
  readonly err: string;
}

/** Runs a command to its end. `input` is written to stdin, which is then closed. */
export function run(
  command: readonly string[],
  options: { cwd?: string; env?: NodeJS.ProcessEnv; input?: string; timeoutMs?: number } = {},
): Promise<Ran> {
  const [file, ...args] = command as [string, ...string[]];
  return new Promise((done, fail) => {
    const child = spawn(file, args, { cwd: options.cwd, env: options.env ?? process.env });
    const timer = setTimeout(() => child.kill('SIGKILL'), options.timeoutMs ?? 20_000);
    let out = '';
    let err = '';
    child.stdout.setEncoding('utf8').on('data', (text) => {
      out += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text) => {
      err += text;
    });
    child.on('error', fail);
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      done({ code, signal, out, err });
    });
    child.stdin.on('error', () => {}); // a command that never reads its input may be gone already
    child.stdin.end(options.input ?? '');
  });
}

/** A fresh folder, gone with the test. */
export function tempDir(t: Lifetime): string {
  const dir = mkdtempSync(join(tmpdir(), 'fv-'));
  t.onTestFinished(() => rmSync(dir, { recursive: true, force: true, maxRetries: 5 }));
  return dir;
}

/** A TCP port of 127.0.0.1 that was free a moment ago. */
export function freePort(): Promise<number> {
  return new Promise((done, fail) => {
    const server = createServer();
    server.on('error', fail);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() =>
        typeof address === 'object' && address ? done(address.port) : fail(new Error('no port')),
      );
    });
  });
}

export interface Setup {
  /** Sections after the standard head; `{dir}` becomes the temp folder. */
  readonly config: string;
  /** More lines for `[supervisord]`. */
  readonly daemon?: string;
  /** Leave the standard head out and take `config` as the whole file. */
  readonly headless?: boolean;
  /** More files, by path relative to the temp folder. */
  readonly files?: Readonly<Record<string, string>>;
  /** Those of them that are programs. */
  readonly executable?: readonly string[];
  readonly args?: readonly string[];
  /** Words before the command: what it is to run below. */
  readonly under?: readonly string[];
  /** `{dir}` becomes the temp folder here too. */
  readonly env?: NodeJS.ProcessEnv;
  /** Without it the test waits for the first RPC answer. */
  readonly noWait?: boolean;
}

/** A daemon started for one test, on a unix socket in a folder of its own; stopped and reaped when the test ends. */
export interface TestSupervisor {
  readonly kind: SupervisorKind;
  readonly dir: string;
  readonly socketPath: string;
  readonly configPath: string;
  readonly child: ChildProcess;
  readonly pid: number;
  /** Calls `supervisor.METHOD` (or a name with a dot as is). Faults reject with `{faultCode, faultString}`. */
  // biome-ignore lint/suspicious/noExplicitAny: what comes back is what the tests assert
  rpc(method: string, ...params: unknown[]): Promise<any>;
  /** Starts a program that ends at once. supervisord says SPAWN_ERROR when it has already seen the end. */
  startShortLived(name: string): Promise<void>;
  /** Runs this daemon's own ctl command with `-c` on its config. */
  ctl(...args: string[]): Promise<Ran>;
  /** The main log so far. */
  log(): string;
  /** A file of the folder, empty when it is not there. */
  read(file: string): string;
  write(file: string, text: string): void;
  /** Waits until `name` is in one of `states`; answers its process info. */
  state(name: string, ...states: string[]): Promise<Record<string, unknown>>;
  /** SIGTERM, then waits for the exit. */
  stop(): Promise<Ran>;
}

export function headOf(dir: string, daemon = ''): string {
  return `[unix_http_server]
file=${dir}/s.sock
[supervisord]
logfile=${dir}/main.log
pidfile=${dir}/pid
childlogdir=${dir}/child
${daemon}
[rpcinterface:supervisor]
supervisor.rpcinterface_factory = supervisor.rpcinterface:make_main_rpcinterface
[supervisorctl]
serverurl=unix://${dir}/s.sock
`;
}

/** Writes the config of a setup into a fresh folder without starting anything. */
export function writeSetup(t: Lifetime, setup: Setup): { dir: string; configPath: string } {
  const dir = tempDir(t);
  const fill = (text: string) => text.replaceAll('{dir}', dir);
  mkdirSync(join(dir, 'child'));
  for (const [name, text] of Object.entries(setup.files ?? {})) {
    mkdirSync(dirname(join(dir, name)), { recursive: true });
    writeFileSync(join(dir, name), fill(text));
  }
  for (const name of setup.executable ?? []) chmodSync(join(dir, name), 0o755);
  const configPath = join(dir, 'supervisord.conf');
  writeFileSync(
    configPath,
    (setup.headless ? '' : headOf(dir, fill(setup.daemon ?? ''))) + fill(setup.config),
  );
  return { dir, configPath };
}

function filled(env: NodeJS.ProcessEnv, dir: string): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(env).map(([key, value]) => [key, value?.replaceAll('{dir}', dir)]),
  );
}

/** Starts a daemon in the foreground and waits for its first answer. */
export async function startSupervisor(
  t: Lifetime,
  kind: SupervisorKind,
  setup: Setup,
): Promise<TestSupervisor> {
  const { dir, configPath } = writeSetup(t, setup);
  const [file, ...args] = [...(setup.under ?? []), ...DAEMON[kind]] as [string, ...string[]];
  const child = spawn(file, [...args, '-n', '-c', configPath, ...(setup.args ?? [])], {
    cwd: dir,
    env: filled(setup.env ?? process.env, dir),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let out = '';
  let err = '';
  child.stdout.setEncoding('utf8').on('data', (text) => {
    out += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text) => {
    err += text;
  });
  const closed = new Promise<Ran>((done) =>
    child.on('close', (code, signal) => done({ code, signal, out, err })),
  );
  const socketPath = join(dir, 's.sock');
  const rpc = rpcOver({ socketPath, path: '/RPC2' });
  const supervisor: TestSupervisor = {
    kind,
    dir,
    socketPath,
    configPath,
    child,
    pid: child.pid as number,
    rpc,
    startShortLived: (name) =>
      rpc('startProcess', name, false).then(
        () => {},
        (error) => {
          if (kind === 'agent' || error.faultCode !== 50) throw error;
        },
      ),
    ctl: (...words) => run([...CTL[kind], '-c', configPath, ...words], { cwd: dir }),
    log: () => readIfThere(join(dir, 'main.log')),
    read: (name) => readIfThere(join(dir, name)),
    write: (name, text) => writeFileSync(join(dir, name), text.replaceAll('{dir}', dir)),
    state: (name, ...states) =>
      until(`${name} in ${states}`, async () => {
        const info = await rpc('getProcessInfo', name);
        if (!states.includes(info.statename)) throw new Error(`${info.statename} ${info.spawnerr}`);
        return info;
      }),
    stop: () => {
      child.kill('SIGTERM');
      return closed;
    },
  };
  t.onTestFinished(async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGCONT');
    child.kill('SIGTERM');
    const timer = setTimeout(() => child.kill('SIGKILL'), 15_000);
    await closed;
    clearTimeout(timer);
  });
  if (!setup.noWait) {
    await until(
      `first answer of ${kind}`,
      () => {
        if (child.exitCode !== null) throw new Error(`${kind} exited ${child.exitCode}: ${out}${err}`);
        return existsSync(socketPath) && rpc('getState');
      },
      { withinMs: 20_000 },
    );
  }
  return supervisor;
}

interface XmlRpcOptions {
  readonly socketPath?: string;
  readonly host?: string;
  readonly port?: number;
  readonly path: string;
  readonly basic_auth?: { readonly user: string; readonly pass: string };
}

const xmlrpc = createRequire(import.meta.url)('xmlrpc') as {
  createClient(options: XmlRpcOptions): {
    methodCall(
      method: string,
      params: readonly unknown[],
      done: (error: unknown, value: unknown) => void,
    ): void;
  };
};

/** A caller of supervisor methods through the npm `xmlrpc` client: not our own codec on both ends. */
export function rpcOver(options: XmlRpcOptions): TestSupervisor['rpc'] {
  const client = xmlrpc.createClient(options);
  return (method, ...params) =>
    new Promise((done, fail) => {
      const name = method.includes('.') ? method : `supervisor.${method}`;
      client.methodCall(name, params, (error, value) => (error ? fail(error) : done(value)));
    });
}

function readIfThere(path: string): string {
  return existsSync(path) ? readFileSync(path, 'utf8') : '';
}
