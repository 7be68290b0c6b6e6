import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { freePort } from '../../tests/support/supervisors.ts';
import { until } from '../../tests/support/until.ts';

const HUB = resolve(import.meta.dirname, '../../dist/fleetvisor.js');

/** MiB. */
export interface Memory {
  readonly rss: number;
  readonly heapUsed: number;
  readonly heapTotal: number;
}

/** The built hub as a process of its own on a fresh data folder. */
export class HubUnderTest {
  readonly #dir = mkdtempSync(join(tmpdir(), 'fleetvisor-bench-'));
  readonly port: number;
  readonly address: string;
  #child: ChildProcess;
  token = '';
  password = '';

  private constructor(port: number) {
    this.port = port;
    this.address = `http://127.0.0.1:${port}`;
    this.#child = this.#launch();
  }

  static async start(): Promise<HubUnderTest> {
    const hub = new HubUnderTest(await freePort());
    await hub.#answers();
    await until('the first login', () => hub.password !== '', { withinMs: 30_000 });
    hub.token = hub.verb('api-token', '--user', 'admin', '--label', 'bench');
    return hub;
  }

  get pid(): number {
    return this.#child.pid as number;
  }

  verb(...args: string[]): string {
    return spawnSync(process.execPath, [HUB, 'hub', ...args, '--data', this.#dir], {
      encoding: 'utf8',
    }).stdout.trim();
  }

  // biome-ignore lint/suspicious/noExplicitAny: the bench reads what it asked for
  async api(method: string, path: string, body?: unknown): Promise<any> {
    const answer = await fetch(`${this.address}/api/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${this.token}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
    return answer.json();
  }

  /** Cookie of a signed-in browser. */
  async cookie(): Promise<string> {
    const answer = await fetch(`${this.address}/api/v1/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ user: 'admin', password: this.password }),
    });
    return answer.headers.get('set-cookie')?.split(';')[0] ?? '';
  }

  /** Hosts that answer now. */
  async reachable(): Promise<number> {
    const hosts = (await this.api('GET', '/hosts')) as { reachability: { kind: string } }[];
    return hosts.filter((host) => host.reachability.kind === 'reachable').length;
  }

  cpuMs(): number {
    const tasks = readdirSync(`/proc/${this.pid}/task`);
    const used = tasks.map(
      (task) => readFileSync(`/proc/${this.pid}/task/${task}/schedstat`, 'utf8').split(' ')[0],
    );
    return used.reduce((sum, ns) => sum + Number(ns) / 1e6, 0);
  }

  rssMiB(): number {
    const line = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${this.pid}/status`, 'utf8'));
    return Number(line?.[1]) / 1024;
  }

  /** Where its memory is, in MiB, as the kernel and its own metrics tell. */
  async memory(): Promise<Memory> {
    const rss = this.rssMiB();
    const text = await (await fetch(`${this.address}/metrics`)).text();
    const of = (name: string): number =>
      Number(new RegExp(`^nodejs_${name}_bytes (\\S+)$`, 'm').exec(text)?.[1]) / 1024 ** 2;
    return { rss, heapUsed: of('heap_size_used'), heapTotal: of('heap_size_total') };
  }

  /** SIGKILL and a new one on the same data folder. */
  async restart(): Promise<void> {
    const ended = new Promise((done) => this.#child.once('exit', done));
    this.#child.kill('SIGKILL');
    await ended;
    this.#child = this.#launch();
    await this.#answers();
  }

  async stop(): Promise<void> {
    const ended = new Promise((done) => this.#child.once('exit', done));
    this.#child.kill('SIGTERM');
    await ended;
    rmSync(this.#dir, { recursive: true, force: true });
  }

  #launch(): ChildProcess {
    const args = [HUB, 'hub', 'run', '--port', `${this.port}`, '--data', this.#dir, '--log-level', 'error'];
    const child = spawn(process.execPath, [...(process.env.HUB_ARGS?.split(' ') ?? []), ...args], {
      env: { ...process.env, NODE_OPTIONS: '--max-semi-space-size=4', MALLOC_ARENA_MAX: '1' }, // as docs/fleetvisor-hub.service has it
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      this.password = /password (\S+)$/m.exec(text)?.[1] ?? this.password;
    });
    return child;
  }

  #answers(): Promise<unknown> {
    return until('the hub', async () => (await fetch(`${this.address}/healthz`)).ok, { withinMs: 120_000 });
  }
}
