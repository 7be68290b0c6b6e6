import type { TailLine } from '../../../api/contract.ts';
import type { Kept } from './log-memory.ts';
import { LogZones, offsetOf } from './log-zones.ts';
import { plainText } from './plain-line.ts';
import { type Stamp, writtenAt } from './written-at.ts';

/** What comes so soon after the opening was there before it, whatever it says. */
const SURELY_PAST_MS = 400;
/** A supervisor that is polled gives the past of a log later; its lines say when they were written. */
const PERHAPS_PAST_MS = 10_000;
const LATE_MS = 2_000;

/** Where lines stand in time: as they arrive, or, of what was there before, as they say themselves. */
export class PastTimes {
  readonly #zones = new LogZones();
  /** The last time each log named: the lines of a stack trace belong to it. */
  readonly #last = new Map<string, number>();
  /** Logs with a past whose times name no zone, until it is learned. */
  readonly #unlearned = new Set<string>();
  #openedMs = 0;
  #untimed = 0;

  /** A tail was opened, by the clock of the page. */
  opened(uptimeMs: number): void {
    this.#openedMs = uptimeMs;
  }

  /** No line is shown any more; what was learned of zones stays. */
  clear(): void {
    this.#last.clear();
    this.#unlearned.clear();
    this.#untimed = 0;
  }

  /** Lines of the past that nobody can place in time. */
  get untimed(): number {
    return this.#untimed;
  }

  isSurelyPast(uptimeMs: number): boolean {
    return uptimeMs - this.#openedMs < SURELY_PAST_MS;
  }

  isOver(uptimeMs: number): boolean {
    return uptimeMs - this.#openedMs >= PERHAPS_PAST_MS;
  }

  /** Null: it was there before, and does not say since when. */
  place(line: TailLine, uptimeMs: number): number | null {
    if (line.kind === 'note' || this.isOver(uptimeMs)) return line.atMs;
    const stamp = writtenAt(plainText(line));
    const told = this.#told(line, stamp);
    const mayBeNew = told === null ? mayShowNow(stamp, line.atMs) : line.atMs - told < LATE_MS;
    if (!this.isSurelyPast(uptimeMs) && mayBeNew) return line.atMs;
    if (told !== null) return Math.min(told, line.atMs);
    this.#untimed++;
    if (stamp !== null) this.#unlearned.add(logOf(line));
    return null;
  }

  /** Lines that came as they were written: true when one of them made a zone known that the past waits for. */
  learn(lines: readonly Kept[], uptimeMs: number): boolean {
    if (this.#unlearned.size === 0 || this.isSurelyPast(uptimeMs)) return false;
    let learned = false;
    for (const { line } of lines) {
      if (line.kind === 'note' || !this.#unlearned.has(logOf(line))) continue;
      const stamp = writtenAt(plainText(line));
      if (stamp?.kind !== 'local' || !this.#zones.hear(logOf(line), stamp.ms, line.atMs)) continue;
      this.#unlearned.delete(logOf(line));
      learned = true;
    }
    return learned;
  }

  /** Of all lines those that stood nowhere and have their place now. */
  placeAgain(lines: readonly Kept[]): readonly Kept[] {
    this.#last.clear();
    return lines.filter((one) => {
      const { line, barMs } = one;
      if (line.kind === 'note' || barMs === line.atMs) return false;
      const told = this.#told(line, writtenAt(plainText(line)));
      if (barMs !== null || told === null) return false;
      one.barMs = Math.min(told, line.atMs);
      this.#untimed--;
      return true;
    });
  }

  #told(line: TailLine, stamp: Stamp | null): number | null {
    const log = logOf(line);
    const told =
      stamp === null
        ? (this.#last.get(log) ?? null)
        : stamp.kind === 'instant'
          ? stamp.ms
          : this.#zones.instant(log, stamp.ms, line.atMs);
    if (told === null) this.#last.delete(log);
    else this.#last.set(log, told);
    return told;
  }
}

const logOf = ({ source, channel }: TailLine): string => `${source} ${channel}`;

/** A line that names no time may always be new; of one without a zone some zone's clock has to show that time. */
const mayShowNow = (stamp: Stamp | null, atMs: number): boolean =>
  stamp === null || offsetOf(stamp.ms, atMs) !== null;
