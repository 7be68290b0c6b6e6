import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Action } from '../../src/fleet/action.ts';
import { freePort, type Lifetime, run, tempDir } from './supervisors.ts';
import { until } from './until.ts';

const BUILT = resolve(import.meta.dirname, '../../dist/fleetvisor.js');

/** A hub as its users run it, that can be killed and started again on the same data and port. */
export interface KillableHub {
  readonly address: string;
  readonly dir: string;
  readonly token: string;
  /** Of the first admin. */
  readonly password: string;
  pid(): number;
  /** Resident memory. */
  rssMiB(): number;
  /** The cookie of the first admin, signed in anew. */
  session(): Promise<string>;
  /** Asks the JSON API with the token; rejects while the hub is dead. */
  ask(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
  /** The fleet command, signed in, without a terminal. */
  cli(...words: string[]): ReturnType<typeof run>;
  /** One of the hub's own verbs on its data folder. */
  verb(...words: string[]): Promise<string>;
  /** SIGKILL; resolves when it is gone. */
  kill(): Promise<void>;
  /** SIGTERM; resolves when it is gone. */
  stop(): Promise<void>;
  start(): Promise<void>;
  finished(id: string, withinMs?: number): Promise<Action>;
}

export interface Answer {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: what comes back is what the tests assert
  readonly body: any;
}

export interface KillableHubOptions {
  /** A control group the hub begins in, as in a unit or a container with a limit. */
  readonly cgroup?: string;
  /** Its data folder; left out: one of its own. */
  readonly data?: string;
  /** What V8 may have for its heap, in MiB. */
  readonly heapMiB?: number;
}

export async function startKillableHub(
  t: Lifetime,
  { cgroup, data: given, heapMiB }: KillableHubOptions = {},
): Promise<KillableHub> {
  const dir = tempDir(t);
  const port = await freePort();
  const address = `http://127.0.0.1:${port}`;
  const data = given ?? join(dir, 'hub');
  let child: ChildProcess | null = null;
  let password = '';
  let gone: Promise<unknown> = Promise.resolve();
  const launch = async (): Promise<void> => {
    const args = [BUILT, 'hub', 'run', '--port', `${port}`, '--data', data];
    const heap = heapMiB === undefined ? '' : ` --max-old-space-size=${heapMiB}`;
    const env = { ...process.env, NODE_OPTIONS: `--max-semi-space-size=4${heap}` }; // as docs/fleetvisor-hub.service has it
    const inGroup = cgroup === undefined ? '' : `echo $$ > ${cgroup}/cgroup.procs; `;
    const hub = spawn('/bin/sh', ['-c', `${inGroup}exec "$0" "$@"`, process.execPath, ...args], {
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let printed = '';
    for (const stream of [hub.stdout, hub.stderr])
      stream.setEncoding('utf8').on('data', (text) => {
        printed += text;
      });
    child = hub;
    gone = new Promise((done) => hub.once('exit', done));
    await until(
      'the hub to listen',
      () => {
        if (hub.exitCode !== null) throw new Error(printed);
        return /Fleetvisor is at/.test(printed);
      },
      { withinMs: 30_000, everyMs: 5 },
    );
    password ||= await until('the first login', () => /password (\S+)/.exec(printed)?.[1], { everyMs: 5 });
  };
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    child?.kill(signal);
    await gone;
  };
  const kill = (): Promise<void> => end('SIGKILL');
  t.onTestFinished(kill);
  await launch();
  const verb = async (...words: string[]): Promise<string> => {
    const ran = await run([process.execPath, BUILT, 'hub', ...words, '--data', data]);
    if (ran.code !== 0) throw new Error(ran.err);
    return ran.out.trim();
  };
  const token = await verb('api-token', '--user', 'admin', '--label', 'test');
  const ask: KillableHub['ask'] = async (method, path, body, headers = {}) => {
    const answer = await fetch(`${address}/api/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    return { status: answer.status, body: text === '' ? null : JSON.parse(text) };
  };
  const env = { ...process.env, HOME: dir, FLEETVISOR_HUB: address, FLEETVISOR_TOKEN: token };
  return {
    address,
    dir,
    token,
    password,
    pid: () => child?.pid ?? 0,
    rssMiB: () => {
      const status = readFileSync(`/proc/${child?.pid}/status`, 'utf8');
      return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024;
    },
    async session() {
      const answer = await fetch(`${address}/api/v1/session`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ user: 'admin', password }),
      });
      return answer.headers.get('set-cookie')?.split(';')[0] ?? '';
    },
    ask,
    verb,
    kill,
    stop: () => end('SIGTERM'),
    start: launch,
    cli: (...words) => run([process.execPath, BUILT, ...words], { cwd: dir, env, timeoutMs: 60_000 }),
    finished: (id, withinMs = 60_000) =>
      until(
        `action ${id} finished`,
        async () => {
          const action: Action = (await ask('GET', `/actions/${id}`)).body;
          if (action.finishedAtMs === null)
            throw new Error(JSON.stringify([action.progress, action.targets.map(({ outcome }) => outcome)]));
          return action;
        },
        { withinMs },
      ),
  };
}

/** Lines for a setup's config that make an agent join this hub, and allow it everything. */
export async function joining(hub: KillableHub, name: string, allow = 'configure'): Promise<string> {
  const token = await hub.verb('join-token');
  return `[fleetvisor]\nhub=${hub.address}\nname=${name}\njoin_token=${token}\nidentity={dir}/identity.json\nallow=${allow}\n`;
}

/** Waits until these hosts answer and none of their processes is on its way. */
export async function hostsReady(hub: KillableHub, count: number): Promise<void> {
  await until(
    `${count} hosts`,
    async () => {
      const { hosts, processes } = (await hub.ask('GET', '/fleet')).body;
      const there = hosts.filter(
        (host: { reachability: { kind: string }; processCount: number }) =>
          host.reachability.kind === 'reachable' && host.processCount > 0,
      );
      const calm = processes.every(
        ({ state }: { state: string }) => !/ING$/.test(state) || state === 'RUNNING',
      );
      return there.length === count && calm;
    },
    { withinMs: 30_000 },
  );
}
