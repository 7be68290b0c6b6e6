import type { TailLine } from '../../../api/contract.ts';
import { plainText } from './plain-line.ts';
import { writtenAtMs } from './written-at.ts';

/** What comes so soon after the opening was there before it, whatever it says. */
const SURELY_PAST_MS = 400;
/** A supervisor that is polled gives the past of a log later; its lines say when they were written. */
const PERHAPS_PAST_MS = 10_000;
const LATE_MS = 2_000;

/** Where lines stand in time: as they arrive, or, of what was there before, as they say themselves. */
export class PastTimes {
  /** The last time each log named: the lines of a stack trace belong to it. */
  readonly #last = new Map<string, number>();
  #openedMs = 0;
  #untimed = 0;

  /** A tail was opened, by the clock of the page. */
  opened(uptimeMs: number): void {
    this.#openedMs = uptimeMs;
    this.#last.clear();
    this.#untimed = 0;
  }

  /** Lines of the past that nobody can place in time. */
  get untimed(): number {
    return this.#untimed;
  }

  isOver(uptimeMs: number): boolean {
    return uptimeMs - this.#openedMs >= PERHAPS_PAST_MS;
  }

  /** Null: it was there before, and does not say since when. */
  place(line: TailLine, uptimeMs: number): number | null {
    const sinceMs = uptimeMs - this.#openedMs;
    if (line.kind === 'note' || sinceMs >= PERHAPS_PAST_MS) return line.atMs;
    const log = `${line.source} ${line.channel}`;
    const told = writtenAtMs(plainText(line)) ?? this.#last.get(log) ?? null;
    if (told !== null) this.#last.set(log, told);
    if (sinceMs >= SURELY_PAST_MS && (told === null || line.atMs - told < LATE_MS)) return line.atMs;
    if (told === null) this.#untimed++;
    return told === null ? null : Math.min(told, line.atMs);
  }
}
