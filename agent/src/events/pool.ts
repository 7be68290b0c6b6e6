import type { EventBus, SupervisorEvent } from './event.ts';
import type { ListenerFeed, ListenerPort } from './listener-port.ts';
import type { Ticks } from './ticks.ts';

/** What a pool says in the main log. */
export interface PoolLog {
  error(text: string): void;
  warn(text: string): void;
  debug(text: string): void;
}

/** Numbers events given to some pool, from 0, the same for every pool; outlives restarts in place. Contract: EVT-036, EVT-039. */
export interface Serials {
  of(event: SupervisorEvent): number;
}

export interface PoolOptions {
  readonly name: string;
  /** Type names as in `events=`; already known to be known. */
  readonly events: readonly string[];
  readonly bufferSize: number;
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
  /** Unsubscribes and forgets the queue; call before the group's removal is told. Contract: EVT-027. */
  close(): void;
}
