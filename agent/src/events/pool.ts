import type { LengthUnit } from '../config/config.ts';
import type { Cancel } from '../os/clock.ts';
import { EVENT_PARENTS, type EventTypeName, isKnownEventType } from '../protocol/event-types.ts';
import { textOrUndecodable } from '../protocol/python-bytes.ts';
import type { EventBus, SupervisorEvent } from './event.ts';
import { EventQueue, type Queued } from './event-queue.ts';
import { Handshake, type HandshakeStep, type SavedHandshake } from './handshake.ts';
import type { ListenerFeed, ListenerPort } from './listener-port.ts';
import { charactersIn, envelope, payload } from './payload.ts';
import type { Serials } from './serials.ts';
import { TICK_PERIODS, type Ticks } from './ticks.ts';
import { eventType, subscribes } from './types.ts';

/** What a pool says in the main log. */
export interface PoolLog {
  error(text: string): void;
  warn(text: string): void;
  debug(text: string): void;
}

export interface PoolOptions {
  readonly name: string;
  /** Type names as in `events=`; already known to be known. */
  readonly events: readonly string[];
  readonly bufferSize: number;
  /** What its listeners read `len` of. */
  readonly lengthIn: LengthUnit;
  /** In stored order: the first READY one gets the next event. */
  readonly listeners: readonly ListenerPort[];
  /** The daemon's identifier, asked for each time: a reread may change it. */
  readonly identifier: () => string;
  readonly bus: EventBus;
  readonly ticks: Ticks;
  readonly serials: Serials;
  readonly log: PoolLog;
}

/**
 * One listener pool: queues the events it subscribed to and hands each to one listener.
 * It subscribes when made, so that it hears its own PROCESS_GROUP_ADDED, and notices on the bus when a
 * listener becomes RUNNING.
 */
export interface ListenerPool extends ListenerFeed {
  /** Events waiting for a listener. */
  queued(): number;
  /** Events dropped by overflow since the pool was made. */
  discarded(): number;
  /** Its queue and where each listener stands, for another run of the daemon. */
  save(): SavedPool;
  /** Unsubscribes and forgets the queue; call before the group's removal is told. Contract: EVT-027. */
  close(): void;
}

/** A pool as plain data. */
export interface SavedPool {
  readonly name: string;
  readonly nextSerial: number;
  readonly queue: readonly Queued[];
  readonly listeners: readonly {
    readonly name: string;
    readonly handshake: SavedHandshake;
    readonly held: Queued | null;
  }[];
}

/** Makes the pool and subscribes it. Contract: EVT-056 to EVT-069. */
export function createListenerPool(options: PoolOptions): ListenerPool {
  return new EventPool(options);
}

const ALL_TYPES = Object.keys(EVENT_PARENTS).filter(isKnownEventType);
const VIOLATION =
  'has entered the UNKNOWN state and will no longer receive events, ' +
  'this usually indicates the process violated the eventlistener protocol';

interface Member {
  readonly port: ListenerPort;
  handshake: Handshake;
  /** What it was given and has not answered yet. */
  held: Queued | null;
}

class EventPool implements ListenerPool {
  readonly #options: PoolOptions;
  readonly #types: ReadonlySet<EventTypeName>;
  readonly #members: ReadonlyMap<string, Member>;
  readonly #queue: EventQueue;
  readonly #unsubscribe: () => void;
  readonly #unwantTicks: Cancel;
  #nextSerial = 0;
  #discarded = 0;
  #discardedUntold = 0;
  #isDispatching = false;
  #isClosed = false;
  #isSuspected = false;

  constructor(options: PoolOptions) {
    this.#options = options;
    this.#types = new Set(ALL_TYPES.filter((type) => subscribes(options.events, type)));
    this.#members = new Map(options.listeners.map((port) => [port.name, newMember(port)]));
    this.#queue = new EventQueue(options.bufferSize, (dropped) => this.#hearDiscarded(dropped));
    const logs = this.#types.has('PROCESS_LOG_STDOUT') || this.#types.has('PROCESS_LOG_STDERR');
    this.#unsubscribe = options.bus.subscribe((event) => this.#hear(event), { logs });
    this.#unwantTicks = options.ticks.want(
      TICK_PERIODS.filter((period) => this.#types.has(`TICK_${period}`)),
    );
  }

  queued(): number {
    return this.#queue.length;
  }

  discarded(): number {
    return this.#discarded;
  }

  save(): SavedPool {
    return {
      name: this.#options.name,
      nextSerial: this.#nextSerial,
      queue: this.#queue.waiting(),
      listeners: [...this.#members.values()].map(({ port, handshake, held }) => ({
        name: port.name,
        handshake: handshake.save(),
        held,
      })),
    };
  }

  close(): void {
    this.#isClosed = true;
    this.#unsubscribe();
    this.#unwantTicks();
    this.#queue.clear();
  }

  spawned(name: string): void {
    const member = this.#member(name);
    member.handshake = new Handshake();
    member.held = null;
  }

  heard(name: string, chunk: Buffer): void {
    const member = this.#member(name);
    for (const step of member.handshake.feed(chunk)) this.#follow(member, step);
    this.#dispatch();
  }

  ended(name: string): void {
    const member = this.#member(name);
    member.handshake = new Handshake();
    this.#putBack(member);
    this.#dispatch();
  }

  #member(name: string): Member {
    const member = this.#members.get(name);
    if (member === undefined) throw new Error(`pool ${this.#options.name} has no listener ${name}`);
    return member;
  }

  #hear(event: SupervisorEvent): void {
    const type = eventType(event);
    if (this.#types.has(type)) {
      const serial = this.#options.serials.of(event);
      this.#queue.push({ event, serial, poolSerial: this.#nextSerial++ });
      this.#dispatch();
    } else if (type === 'PROCESS_STATE_RUNNING') {
      this.#dispatch(); // perhaps a listener of ours, which had said READY before
    }
  }

  #hearDiscarded(dropped: Queued): void {
    this.#discarded += 1;
    this.#discardedUntold += 1;
    this.#options.log.error(
      `pool ${this.#options.name} event buffer overflowed, discarding event ${dropped.serial}`,
    );
    this.#suspectCounting();
  }

  /** Once: whoever is busy with text that is not ASCII may be one who reads characters, and waits for more. */
  #suspectCounting(): void {
    if (this.#isSuspected || this.#options.lengthIn === 'characters') return;
    const suspects = [...this.#members.values()].filter(({ held }) => held !== null && !isAscii(held));
    for (const { port } of suspects) {
      this.#isSuspected = true;
      this.#options.log.warn(
        `${port.name}: is still busy with text that is not ASCII; if it reads len as characters, as supervisor's childutils do under Python 3, set length_in=characters for it`,
      );
    }
  }

  /** A rejected event goes back to the head of this pool only. Contract: EVT-063 to EVT-065. */
  #putBack(member: Member): void {
    const { held } = member;
    member.held = null;
    if (held === null || this.#isClosed) return;
    this.#tellRebuffered(held);
    this.#queue.putBack(held);
  }

  #tellRebuffered({ serial }: Queued): void {
    const { name, bufferSize, log } = this.#options;
    log.debug(
      `rebuffering event ${serial} for pool ${name} (buf size=${this.#queue.length}, max=${bufferSize})`,
    );
  }

  /** Hands out the oldest events while somebody is READY. Contract: EVT-056, EVT-057. */
  #dispatch(): void {
    if (this.#isDispatching) return;
    this.#isDispatching = true;
    let sent = 0;
    for (let next = this.#queue.take(); next !== undefined; next = this.#queue.take()) {
      if (!this.#send(next)) {
        this.#queue.untake(next);
        break;
      }
      sent += 1;
    }
    this.#isDispatching = false;
    const waiting = this.#queue.oldest();
    if (waiting === undefined) this.#tellDiscarded();
    else if (sent > 0) this.#tellRebuffered(waiting);
  }

  #send(queued: Queued): boolean {
    for (const member of this.#members.values()) {
      if (isReady(member) && this.#sendTo(member, queued)) return true;
    }
    return false;
  }

  #sendTo(member: Member, queued: Queued): boolean {
    const { log } = this.#options;
    const { name } = member.port;
    if (!member.port.writeStdin(this.#envelope(queued))) {
      log.debug(
        `epipe occurred while sending event ${queued.serial} to listener ${name}, listener state unchanged`,
      );
      return false;
    }
    member.handshake.sent();
    member.held = queued;
    log.debug(`event ${queued.serial} sent to listener ${name}`);
    return true;
  }

  #envelope({ event, serial, poolSerial }: Queued): Buffer {
    const { name, identifier } = this.#options;
    const head = { identifier: identifier(), serial, pool: name, poolSerial, eventName: eventType(event) };
    return envelope(head, payload(event), this.#options.lengthIn);
  }

  /** Everybody has caught up: says how much they will never hear of. */
  #tellDiscarded(): void {
    if (this.#discardedUntold === 0) return;
    this.#options.log.warn(
      `pool ${this.#options.name} lost ${this.#discardedUntold} events while no listener was ready`,
    );
    this.#discardedUntold = 0;
  }

  #follow(member: Member, step: HandshakeStep): void {
    this.#tellStep(member.port.name, step);
    if (step.kind === 'processed') member.held = null;
    if (step.kind === 'rejected' || step.kind === 'bad-result') this.#putBack(member);
  }

  #tellStep(name: string, step: HandshakeStep): void {
    const { log } = this.#options;
    if (step.kind === 'ready') log.debug(`${name}: ACKNOWLEDGED -> READY`);
    if (step.kind === 'processed') log.debug(`${name}: event was processed`);
    if (step.kind === 'rejected') log.warn(`${name}: event was rejected`);
    if (step.kind === 'bad-result') log.warn(`${name}: bad result line: '${textOrUndecodable(step.line)}'`);
    if (step.kind === 'bad-result' || step.kind === 'violated') log.warn(`${name}: ${VIOLATION}`);
  }
}

function isAscii({ event }: Queued): boolean {
  const text = payload(event);
  return charactersIn(text) === text.length;
}

function newMember(port: ListenerPort): Member {
  return { port, handshake: new Handshake(), held: null };
}

/** Contract: EVT-055. */
function isReady(member: Member): boolean {
  return member.handshake.state === 'READY' && member.port.state() === 'RUNNING';
}
