import type { SupervisorEvent } from './event.ts';

/** An event on its way to one listener of a pool. */
export interface Queued {
  readonly event: SupervisorEvent;
  readonly serial: number;
  readonly poolSerial: number;
}

/**
 * The bounded buffer of a pool, oldest first. A full one drops its oldest to make room, also for an event
 * that is put back. Contract: EVT-059, EVT-060.
 */
export class EventQueue {
  readonly #bufferSize: number;
  readonly #hearDiscarded: (dropped: Queued) => void;
  #waiting: Queued[] = [];

  constructor(bufferSize: number, hearDiscarded: (dropped: Queued) => void) {
    this.#bufferSize = bufferSize;
    this.#hearDiscarded = hearDiscarded;
  }

  get length(): number {
    return this.#waiting.length;
  }

  oldest(): Queued | undefined {
    return this.#waiting[0];
  }

  take(): Queued | undefined {
    return this.#waiting.shift();
  }

  /** Nobody wanted what was just taken. */
  untake(queued: Queued): void {
    this.#waiting.unshift(queued);
  }

  push(queued: Queued): void {
    this.#makeRoom();
    this.#waiting.push(queued);
  }

  /** It was given away and rejected. */
  putBack(queued: Queued): void {
    this.#makeRoom();
    this.#waiting.unshift(queued);
  }

  /** All that wait, oldest first. */
  waiting(): readonly Queued[] {
    return [...this.#waiting];
  }

  clear(): void {
    this.#waiting = [];
  }

  #makeRoom(): void {
    if (this.#waiting.length < this.#bufferSize) return;
    const oldest = this.#waiting.shift();
    if (oldest !== undefined) this.#hearDiscarded(oldest);
  }
}
