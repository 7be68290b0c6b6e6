import type { NumberedEvent, UplinkEvent } from '../protocol/uplink.ts';

const MOST_EVENTS = 10_000;
const MOST_BYTES = 8 * 1024 * 1024;

interface Kept {
  readonly numbered: NumberedEvent;
  readonly bytes: number;
}

/** The latest events of this run, numbered from 1; the oldest go when there are too many or they are too large. */
export class EventRing {
  #kept: Kept[] = [];
  #bytes = 0;
  #lastSeq = 0;

  /** The number of the newest event; 0 before the first. */
  get lastSeq(): number {
    return this.#lastSeq;
  }

  append(event: UplinkEvent, wallMs: number): void {
    const numbered = { seq: ++this.#lastSeq, wallMs, event };
    const bytes = sizeOf(event);
    this.#kept.push({ numbered, bytes });
    this.#bytes += bytes;
    while (this.#kept.length > MOST_EVENTS || (this.#bytes > MOST_BYTES && this.#kept.length > 1)) {
      this.#bytes -= this.#kept.shift()?.bytes ?? 0;
    }
  }

  /** Whether every event after `seq` is still here. */
  has(seq: number): boolean {
    return seq <= this.#lastSeq && seq >= this.#lastSeq - this.#kept.length;
  }

  /** At most `count` events after `seq`, in order. */
  after(seq: number, count: number): NumberedEvent[] {
    const from = this.#kept.length - (this.#lastSeq - seq);
    return this.#kept.slice(Math.max(0, from), Math.max(0, from) + count).map(({ numbered }) => numbered);
  }
}

const FIXED_BYTES = 600;

/** About what an event takes in memory. */
function sizeOf(event: UplinkEvent): number {
  if (event.kind === 'metrics') return FIXED_BYTES + Object.keys(event.of).length * 60;
  if (event.kind !== 'process') return FIXED_BYTES;
  return FIXED_BYTES + (event.lastLines ?? []).reduce((bytes, line) => bytes + 2 * line.length, 0);
}
