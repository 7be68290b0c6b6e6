import type { Cancel, Clock } from '../os/clock.ts';
import { type NumberedEvent, UPLINK_LIMITS } from '../protocol/uplink.ts';
import type { EventRing } from './event-ring.ts';

export interface PumpTarget {
  events(events: readonly NumberedEvent[]): void;
  /** Everything as it is now, which is as of event `seq`. */
  snapshot(seq: number): void;
}

export interface ResumePoint {
  readonly resumeAfter: number | null;
  readonly snapshot: boolean;
}

/** Sends a connected hub every event once and in order, and a snapshot where events are no longer to be had. */
export class EventPump {
  readonly #ring: EventRing;
  readonly #clock: Clock;
  #target: PumpTarget | null = null;
  #sent = 0;
  #stored = 0;
  #snapshotWanted = false;
  #cancel: Cancel | null = null;

  constructor(ring: EventRing, clock: Clock) {
    this.#ring = ring;
    this.#clock = clock;
  }

  begin(target: PumpTarget, { resumeAfter, snapshot }: ResumePoint): void {
    const resumable = resumeAfter !== null && this.#ring.has(resumeAfter);
    this.#target = target;
    this.#sent = resumable ? resumeAfter : this.#ring.lastSeq;
    this.#stored = this.#sent;
    this.#snapshotWanted = snapshot || !resumable;
    this.#pump();
  }

  end(): void {
    this.#target = null;
    this.#cancel?.();
    this.#cancel = null;
  }

  /** There is something to send: what happens in one turn goes in one message. */
  poke(): void {
    if (this.#target === null || this.#cancel !== null) return;
    this.#cancel = this.#clock.after(0, () => {
      this.#cancel = null;
      this.#pump();
    });
  }

  stored(seq: number): void {
    this.#stored = Math.min(this.#sent, Math.max(this.#stored, seq));
    this.#pump();
  }

  wantSnapshot(): void {
    this.#snapshotWanted = true;
    this.poke();
  }

  #pump(): void {
    const target = this.#target;
    if (target === null) return;
    if (!this.#ring.has(this.#sent)) this.#jump();
    while (this.#sent < this.#ring.lastSeq && this.#sent - this.#stored < UPLINK_LIMITS.eventsInFlight) {
      const events = this.#ring.after(this.#sent, UPLINK_LIMITS.eventsPerMessage);
      this.#sent += events.length;
      target.events(events);
    }
    if (!this.#snapshotWanted || this.#sent < this.#ring.lastSeq) return;
    this.#snapshotWanted = false;
    target.snapshot(this.#sent);
  }

  /** The hub was too slow for the ring: what is lost is lost, and the snapshot tells how things stand. */
  #jump(): void {
    this.#sent = this.#ring.lastSeq;
    this.#stored = this.#sent;
    this.#snapshotWanted = true;
  }
}
