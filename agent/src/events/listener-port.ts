import type { ProcessState } from '../protocol/states.ts';

/** A process of a listener pool as the pool needs it: who it is, whether it runs, and its stdin. */
export interface ListenerPort {
  readonly name: string;
  state(): ProcessState;
  /**
   * Sends all of `bytes` to the child's stdin, queueing what the pipe does not take now.
   * False: the pipe is closed or its queue is full; nothing was sent. Contract: EVT-066, EVT-067.
   */
  writeStdin(bytes: Buffer): boolean;
}

/** What the process room tells a pool about each listener; the names are those of its ports. */
export interface ListenerFeed {
  /** A new child was spawned: it must say READY before anything else. Contract: EVT-041. */
  spawned(name: string): void;
  /** Bytes the child wrote to stdout; `chunk` may be reused as soon as this returns. */
  heard(name: string, chunk: Buffer): void;
  /** The child is gone: an event it held is rejected. Call after its last output. Contract: EVT-052. */
  ended(name: string): void;
}
