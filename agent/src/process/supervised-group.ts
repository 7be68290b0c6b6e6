import type { FcgiSocketConfig, GroupConfig, ListenerPoolConfig, ProcessConfig } from '../config/config.ts';
import type { ListenerFeed, ListenerPort } from '../events/listener-port.ts';
import type { ListenerPool, SavedPool } from '../events/pool.ts';
import type { ChildLog } from '../logs/child-log.ts';
import { thrownErrno } from '../os/errno.ts';
import type { Channel } from '../protocol/info.ts';
import { STOPPED_STATES } from '../protocol/states.ts';
import { FcgiSockets } from './fcgi-sockets.ts';
import type { Ports } from './process-parts.ts';
import type { SavedProcess } from './process-record.ts';
import { Refusal } from './refusal.ts';
import { SupervisedProcess } from './supervised-process.ts';
import type { ProcessGroup } from './supervisor.ts';

/** What a group needs to make its processes. */
export interface GroupParts {
  readonly ports: Ports;
  readonly mayStart: () => boolean;
  readonly startSoon: (start: () => void) => void;
  makeLog(config: ProcessConfig, channel: Channel, pid: () => number): ChildLog;
  makePool(config: ListenerPoolConfig, listeners: readonly ListenerPort[]): ListenerPool;
}

export interface SavedGroup {
  readonly name: string;
  readonly processes: readonly SavedProcess[];
  readonly pool: SavedPool | null;
}

/** Processes started and stopped together; for a listener pool also its queue of events. */
export class SupervisedGroup implements ProcessGroup {
  readonly name: string;
  readonly config: GroupConfig;
  readonly processes: readonly SupervisedProcess[];
  readonly #byName: ReadonlyMap<string, SupervisedProcess>;
  readonly #pool: ListenerPool | null;

  /** Makes AUTO logs and tries the FastCGI sockets. Refuses: `failed`. Contract: PROC-092, PROC-119. */
  constructor(config: GroupConfig, parts: GroupParts) {
    this.name = config.name;
    this.config = config;
    const sockets = new FcgiSockets(parts.ports.os, parts.ports.log);
    for (const socket of distinctSockets(config)) trySocket(socket, sockets);
    const feed = config.kind === 'listeners' ? this.#feed() : null;
    this.processes = config.processes.map((process) => makeProcess(process, parts, sockets, feed));
    this.#byName = new Map(this.processes.map((process) => [process.name, process]));
    this.#pool =
      config.kind === 'listeners' ? parts.makePool(config, this.processes.map(listenerPort)) : null;
  }

  process(name: string): SupervisedProcess | undefined {
    return this.#byName.get(name);
  }

  /** Processes that still have to end before the group is stopped. */
  unstopped(): readonly SupervisedProcess[] {
    return this.processes.filter((process) => !STOPPED_STATES.has(process.state));
  }

  autostart(): void {
    for (const process of this.processes) process.autostart();
  }

  /** Signals all at once, in descending priority. Contract: PROC-069. */
  stopForShutdown(): void {
    const descending = this.processes.toSorted((a, b) => a.config.priority - b.config.priority).reverse();
    for (const process of descending) process.stopForShutdown();
  }

  /** All of it as plain data, for another run of the daemon. */
  save(): SavedGroup {
    return {
      name: this.name,
      processes: this.processes.map((process) => process.save()),
      pool: this.#pool?.save() ?? null,
    };
  }

  /** Stops hearing events; before the removal is told. Contract: EVT-027. */
  close(): void {
    this.#pool?.close();
    for (const process of this.processes) process.drop();
  }

  /** The pool exists only after its listeners do. */
  #feed(): ListenerFeed {
    return {
      spawned: (name) => this.#pool?.spawned(name),
      heard: (name, chunk) => this.#pool?.heard(name, chunk),
      ended: (name) => this.#pool?.ended(name),
    };
  }
}

function distinctSockets({ processes }: GroupConfig): Iterable<FcgiSocketConfig> {
  const byUrl = new Map<string, FcgiSocketConfig>();
  for (const { fcgiSocket } of processes) if (fcgiSocket !== null) byUrl.set(fcgiSocket.url, fcgiSocket);
  return byUrl.values();
}

/** Opens and closes it once, so that a socket that cannot be made is known before anything starts. */
function trySocket(socket: FcgiSocketConfig, sockets: FcgiSockets): void {
  try {
    sockets.hold(socket).release();
  } catch (error) {
    const says = `Could not create FastCGI socket ${socket.url}: ${thrownErrno(error)}`;
    throw new Refusal('failed', says);
  }
}

function makeProcess(
  config: ProcessConfig,
  parts: GroupParts,
  sockets: FcgiSockets,
  listener: ListenerFeed | null,
): SupervisedProcess {
  const { fcgiSocket } = config;
  const pid = (): number => process.pid;
  const process: SupervisedProcess = new SupervisedProcess(config, {
    ports: parts.ports,
    stdout: parts.makeLog(config, 'stdout', pid),
    stderr: config.redirectStderr ? null : parts.makeLog(config, 'stderr', pid),
    listener,
    holdSocket: fcgiSocket === null ? null : () => sockets.hold(fcgiSocket),
    mayStart: parts.mayStart,
    startSoon: parts.startSoon,
  });
  return process;
}

function listenerPort(process: SupervisedProcess): ListenerPort {
  return {
    name: process.name,
    state: () => process.state,
    writeStdin: (bytes) => process.tryWriteStdin(bytes) === 'taken',
  };
}
