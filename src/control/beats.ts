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

/** The worst thing seen in each of the last 24 hours. */
export class Strip {
  readonly #worst = new Map<number, Beat>();
  /** Every view of the fleet asks for all strips, and they change once an hour. */
  #shown: { readonly hour: number; readonly beats: readonly (Beat | null)[] } | null = null;

  /** Returns whether this hour is now worse than it was. */
  see(hour: number, beat: Beat): boolean {
    const before = this.#worst.get(hour);
    if (before !== undefined && ORDER.indexOf(before) >= ORDER.indexOf(beat)) return false;
    this.#worst.set(hour, beat);
    this.#shown = null;
    for (const old of this.#worst.keys()) if (old <= hour - BEAT_COUNT) this.#worst.delete(old);
    return true;
  }

  /** Oldest first, the current hour last. */
  until(hour: number): readonly (Beat | null)[] {
    if (this.#shown?.hour !== hour) this.#shown = { hour, beats: this.#beatsUntil(hour) };
    return this.#shown.beats;
  }

  #beatsUntil(hour: number): (Beat | null)[] {
    return Array.from({ length: BEAT_COUNT }, (_, i) => this.#worst.get(hour - BEAT_COUNT + 1 + i) ?? null);
  }
}
