import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { decodeCall, encodeResponse } from '@fleetvisor/agent/xmlrpc';

/** What the bench asks of the program that plays many stock supervisords. */
export type ToStubs = { readonly kind: 'hole'; readonly index: number | null } | { readonly kind: 'count' };
export type FromStubs =
  | { readonly kind: 'ports'; readonly ports: readonly number[] }
  /** Calls answered since the last question, by host. */
  | { readonly kind: 'counted'; readonly calls: readonly number[] };

/** A stop takes this long, as a program that closes its connections first would. */
export const STOP_MS = 200;

interface StubProcess {
  readonly name: string;
  start: number;
  state: 'RUNNING' | 'STOPPING' | 'STOPPED';
  stop: number;
}

const CODES = { RUNNING: 20, STOPPING: 40, STOPPED: 0 };
const seconds = () => Math.floor(Date.now() / 1000);

class StubHost {
  calls = 0;
  isHole = false;
  readonly #processes: StubProcess[];

  constructor(count: number) {
    this.#processes = Array.from({ length: count }, (_, index) => ({
      name: `p${`${index}`.padStart(2, '0')}`,
      start: seconds() - 1000,
      state: 'RUNNING',
      stop: 0,
    }));
  }

  answer(request: IncomingMessage, response: ServerResponse): void {
    if (this.isHole) return; // accepted, never answered
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      this.calls += 1;
      const { method, params } = decodeCall(Buffer.concat(chunks));
      const body = encodeResponse(this.#call(method, params as string[]));
      response.writeHead(200, { 'content-type': 'text/xml', 'content-length': body.length }).end(body);
    });
  }

  #call(method: string, [name = '']: readonly string[]): unknown {
    switch (method) {
      case 'supervisor.getState':
        return { statecode: 1, statename: 'RUNNING' };
      case 'supervisor.getIdentification':
        return 'stub';
      case 'supervisor.getSupervisorVersion':
        return '4.2.5';
      case 'supervisor.getPID':
        return process.pid;
      case 'supervisor.getAllProcessInfo':
        return this.#processes.map(info);
      case 'supervisor.stopProcess':
        return this.#stop(name);
      case 'supervisor.startProcess':
        return this.#start(name);
      default:
        return true;
    }
  }

  #find(name: string): StubProcess {
    const found = this.#processes.find((each) => name === `web:${each.name}`);
    if (found === undefined) throw new Error(`no ${name}`);
    return found;
  }

  #start(name: string): boolean {
    Object.assign(this.#find(name), { state: 'RUNNING', start: seconds() });
    return true;
  }

  #stop(name: string): boolean {
    const found = this.#find(name);
    found.state = 'STOPPING';
    setTimeout(() => {
      found.state = 'STOPPED';
      found.stop = seconds();
    }, STOP_MS);
    return true;
  }
}

function info({ name, start, state, stop }: StubProcess) {
  const logfile = `/var/log/${name}.log`;
  return {
    name,
    group: 'web',
    description: state === 'RUNNING' ? 'pid 1, uptime 0:16:40' : '',
    start,
    stop,
    now: seconds(),
    state: CODES[state],
    statename: state,
    spawnerr: '',
    exitstatus: 0,
    logfile,
    stdout_logfile: logfile,
    stderr_logfile: '',
    pid: state === 'STOPPED' ? 0 : 1,
  };
}

/** Plays `hosts` supervisords of `processes` each, on ports of their own, until its parent goes. */
export async function playStubs(hosts: number, processes: number): Promise<void> {
  const stubs = Array.from({ length: hosts }, () => new StubHost(processes));
  const ports = await Promise.all(
    stubs.map(
      (stub) =>
        new Promise<number>((done) => {
          const server = createServer((request, response) => stub.answer(request, response));
          server.listen(0, '127.0.0.1', () => done((server.address() as AddressInfo).port));
        }),
    ),
  );
  process.on('message', (asked: ToStubs) => {
    if (asked.kind === 'hole') {
      stubs.forEach((stub, index) => {
        stub.isHole = index === asked.index;
      });
      return;
    }
    tell({ kind: 'counted', calls: stubs.map((stub) => stub.calls) });
    for (const stub of stubs) stub.calls = 0;
  });
  process.on('disconnect', () => process.exit(0));
  tell({ kind: 'ports', ports });
}

function tell(message: FromStubs): void {
  process.send?.(message);
}
