import type { Beat } from '../fleet/process.ts';
import type { LinkProcess } from '../links/host-link.ts';

export const HOUR_MS = 3_600_000;
export const BEAT_COUNT = 24;

export const hourOf = (wallMs: number): number => Math.floor(wallMs / HOUR_MS);

/** Best to worst. */
const ORDER: readonly Beat[] = ['running', 'starting', 'stopped', 'exited', 'backoff', 'crashed', 'fatal'];

/** What a process in this state adds to its strip; null for UNKNOWN, which tells nothing. */
export function beatOf(process: Pick<LinkProcess, 'state' | 'expected' | 'exitStatus'>): Beat | null {
  switch (process.state) {
    case 'RUNNING':
      return 'running';
    case 'STARTING':
      return 'starting';
    case 'STOPPING':
    case 'STOPPED':
      return 'stopped';
    case 'BACKOFF':
      return 'backoff';
    case 'FATAL':
      return 'fatal';
    case 'EXITED':
      return isCrash(process) ? 'crashed' : 'exited';
    case 'UNKNOWN':
      return null;
    default:
      return process.state satisfies never;
  }
}

/** An end nobody wanted; where the source does not say, any status but 0. */
export function isCrash(process: Pick<LinkProcess, 'expected' | 'exitStatus'>): boolean {
  return process.expected === null ? process.exitStatus !== 0 : !process.expected;
}

const NO_BEATS: readonly (Beat | null)[] = Array.from({ length: BEAT_COUNT }, () => null);

/**
 * The worst thing seen in each of the last 24 hours. Every view of the fleet asks for all strips, and they change once
 * an hour: what is shown is what is kept, and each change makes another.
 */
export class Strip {
  /** Of the last beat. */
  #hour = 0;
  #beats = NO_BEATS;

  /** Returns whether this hour is now worse than it was. */
  see(hour: number, beat: Beat): boolean {
    if (this.#hour - hour >= BEAT_COUNT) [this.#hour, this.#beats] = [hour, NO_BEATS]; // the clock went far back
    this.until(hour);
    const at = BEAT_COUNT - 1 - (this.#hour - hour);
    const before = this.#beats[at] ?? null;
    if (before !== null && ORDER.indexOf(before) >= ORDER.indexOf(beat)) return false;
    this.#beats = this.#beats.with(at, beat);
    return true;
  }

  /** Oldest first, that hour last; hours before the latest that was asked for are still there. */
  until(hour: number): readonly (Beat | null)[] {
    if (hour > this.#hour) {
      const isAllNew = hour - this.#hour >= BEAT_COUNT || this.#beats === NO_BEATS;
      this.#beats = isAllNew
        ? NO_BEATS
        : [...this.#beats, ...NO_BEATS].slice(hour - this.#hour).slice(0, BEAT_COUNT);
      this.#hour = hour;
    }
    return this.#beats;
  }
}
