import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { freePort, rpcOver } from '../../tests/support/supervisors.ts';
import { until } from '../../tests/support/until.ts';

const PROGRAMS = resolve(import.meta.dirname, '../../demo/programs');

const SPAWN_ERROR = 50;
/** What only one host has beside the groups web and worker. */
const MORE: Readonly<Record<string, string>> = {
  'web-01': '',
  'web-02': `[program:outbox]\ncommand=${PROGRAMS}/doomed.sh\nautostart=false\n`,
  'work-01': `[program:billing]
command=sh -c 'sleep 2; echo "billing: ledger checksum mismatch" >&2; exit 3'
autostart=false
autorestart=false
`,
  'work-02': '',
};

/** Hosts with the groups web (two processes) and worker (one). */
export const WATCHED = Object.keys(MORE);

export interface FleetHost {
  readonly name: string;
  readonly url: string;
}

/** Four stock supervisords, each with the groups web and worker, and a host nobody answers for. */
export class StockFleet {
  readonly #dir = mkdtempSync(join(tmpdir(), 'fleetvisor-tasks-'));
  readonly #children: ChildProcess[] = [];
  readonly hosts: FleetHost[] = [];

  static async start(): Promise<StockFleet> {
    const fleet = new StockFleet();
    for (const name of WATCHED) await fleet.#launch(name, await freePort());
    fleet.hosts.push({ name: 'old-01', url: 'http://127.0.0.1:9/RPC2' });
    return fleet;
  }

  /** While somebody watches: one program comes to FATAL, another crashes. */
  async breakDown(): Promise<void> {
    await this.#fails(1, 'outbox', 'FATAL');
    await this.#fails(2, 'billing', 'EXITED');
  }

  async stop(): Promise<void> {
    await Promise.all(
      this.#children.map((child) => {
        const ended = new Promise((done) => child.once('exit', done));
        child.kill('SIGTERM');
        return ended;
      }),
    );
    rmSync(this.#dir, { recursive: true, force: true });
  }

  async #launch(name: string, port: number): Promise<void> {
    const dir = join(this.#dir, name);
    mkdirSync(dir);
    const path = join(dir, 'supervisord.conf');
    writeFileSync(path, configOf(name, dir, port));
    this.#children.push(spawn('/usr/bin/supervisord', ['-n', '-c', path], { stdio: 'ignore' }));
    this.hosts.push({ name, url: `http://127.0.0.1:${port}/RPC2` });
  }

  async #fails(host: number, program: string, state: string): Promise<void> {
    const rpc = rpcOver({ host: '127.0.0.1', port: portOf(this.hosts[host]), path: '/RPC2' });
    await until(`an answer of ${program}'s host`, () => rpc('getState'));
    await rpc('startProcess', program, false).catch((error) => {
      if (error.faultCode !== SPAWN_ERROR) throw error; // it may be gone before the start is answered
    });
    const look = async () => (await rpc('getProcessInfo', program)).statename === state;
    await until(`${program} ${state}`, look, { withinMs: 30_000, everyMs: 200 });
  }
}

function portOf(host: FleetHost | undefined): number {
  return Number(new URL(host?.url ?? '').port);
}

function configOf(name: string, dir: string, port: number): string {
  return `[supervisord]
logfile=${dir}/supervisord.log
pidfile=${dir}/supervisord.pid
childlogdir=${dir}
identifier=${name}

[inet_http_server]
port=127.0.0.1:${port}

[rpcinterface:supervisor]
supervisor.rpcinterface_factory=supervisor.rpcinterface:make_main_rpcinterface

[program:gunicorn]
command=node ${PROGRAMS}/web.mjs
process_name=%(program_name)s_%(process_num)02d
numprocs=2
stopwaitsecs=5

[group:web]
programs=gunicorn

[program:thumbs]
command=${PROGRAMS}/worker.sh
stopasgroup=true

[group:worker]
programs=thumbs

${MORE[name]}`;
}
