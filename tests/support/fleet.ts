import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import {
  DAEMON,
  freePort,
  type Lifetime,
  type Ran,
  run,
  type SupervisorKind,
  tempDir,
} from './supervisors.ts';
import { until } from './until.ts';

const HUB = resolve(import.meta.dirname, '../../dist/fleetvisor.js');

/** One host of a test fleet: its supervisor is a process of its own. */
export interface FleetHost {
  readonly name: string;
  readonly kind: SupervisorKind;
  /** The programs of its supervisord.conf. */
  readonly programs: string;
}

/** The built programs as operators run them: a hub, agents that joined it, supervisords it polls. */
export interface Fleet {
  readonly address: string;
  readonly password: string;
  /** A bearer token of the first admin. */
  readonly token: string;
  readonly hosts: ReadonlyMap<string, ChildProcess>;
  /** The fleet command, signed in by token, without a terminal. */
  cli(...args: string[]): Promise<Ran>;
  /** Asks the JSON API with the token. */
  // biome-ignore lint/suspicious/noExplicitAny: what comes back is what the tests assert
  api(method: string, path: string, body?: unknown): Promise<any>;
}

/** Starts the whole fleet in a folder of its own and waits until every host has told its processes. */
export async function startFleet(t: Lifetime, hosts: readonly FleetHost[]): Promise<Fleet> {
  const dir = tempDir(t);
  const port = await freePort();
  const address = `http://127.0.0.1:${port}`;
  const hub = launch(
    t,
    [process.execPath, HUB, 'hub', 'run', '--port', `${port}`, '--data', join(dir, 'hub')],
    {},
  );
  const password = await until('the first login', () => /password (\S+)/.exec(hub.printed())?.[1], {
    withinMs: 30_000,
  });
  const token = await hubVerb(dir, 'api-token', '--user', 'admin', '--label', 'test');
  const api: Fleet['api'] = async (method, path, body) => {
    const answer = await fetch(`${address}/api/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
    return answer.status === 204 ? null : answer.json();
  };
  const agents = hosts.filter((host) => host.kind === 'agent').length;
  const joinToken = agents > 0 ? await hubVerb(dir, 'join-token', '--uses', `${agents}`) : '';
  const running = new Map<string, ChildProcess>();
  for (const host of hosts) running.set(host.name, startHost(t, { dir, address, joinToken, host }));
  for (const host of hosts.filter(({ kind }) => kind === 'supervisord')) {
    await until(`${host.name} registered`, () =>
      api('POST', '/hosts', { name: host.name, url: `unix://${dir}/${host.name}/s.sock` }),
    );
  }
  await until(
    'every host to answer',
    async () => {
      const fleet = await api('GET', '/fleet');
      const up = fleet.hosts.filter((host: { reachability: { kind: string }; processCount: number }) => {
        return host.reachability.kind === 'reachable' && host.processCount > 0;
      });
      return up.length === hosts.length;
    },
    { withinMs: 30_000 },
  );
  const env = { ...process.env, HOME: dir, FLEETVISOR_HUB: address, FLEETVISOR_TOKEN: token };
  return {
    address,
    password,
    token,
    hosts: running,
    cli: (...args) => run([process.execPath, HUB, ...args], { cwd: dir, env, timeoutMs: 60_000 }),
    api,
  };
}

async function hubVerb(dir: string, ...args: string[]): Promise<string> {
  const ran = await run([process.execPath, HUB, 'hub', ...args, '--data', join(dir, 'hub')]);
  if (ran.code !== 0) throw new Error(`hub ${args.join(' ')}: ${ran.err}`);
  return ran.out.trim();
}

interface HostPlace {
  readonly dir: string;
  readonly address: string;
  readonly joinToken: string;
  readonly host: FleetHost;
}

function startHost(t: Lifetime, { dir, address, joinToken, host }: HostPlace): ChildProcess {
  const home = join(dir, host.name);
  mkdirSync(home);
  const config = join(home, 'supervisord.conf');
  writeFileSync(
    config,
    `[supervisord]
logfile=${home}/main.log
pidfile=${home}/pid
childlogdir=${home}
identifier=${host.name}
[unix_http_server]
file=${home}/s.sock
[rpcinterface:supervisor]
supervisor.rpcinterface_factory=supervisor.rpcinterface:make_main_rpcinterface
[fleetvisor]
hub=${address}
name=${host.name}
join_token=${joinToken}
identity=${home}/identity.json
${host.programs}`,
  );
  return launch(t, [...DAEMON[host.kind], '-n', '-c', config], { cwd: home }).child;
}

function launch(t: Lifetime, command: readonly string[], options: { cwd?: string }) {
  const [file, ...args] = command as [string, ...string[]];
  const child = spawn(file, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
  let text = '';
  const hear = (part: string) => {
    text += part;
  };
  child.stdout.setEncoding('utf8').on('data', hear);
  child.stderr.setEncoding('utf8').on('data', hear);
  const ended = new Promise((done) => child.once('exit', done));
  t.onTestFinished(async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGCONT');
    child.kill('SIGTERM');
    const hard = setTimeout(() => child.kill('SIGKILL'), 15_000);
    await ended;
    clearTimeout(hard);
  });
  return { child, printed: () => text };
}
