import type { Clock } from '../clock.ts';

/** Lets a burst pass, and then so many a second. */
export class RateLimit {
  readonly #clock: Clock;
  readonly #burst: number;
  readonly #perMs: number;
  #left: number;
  #atMs: number;

  constructor(limit: { readonly burst: number; readonly perSecond: number }, clock: Clock) {
    this.#clock = clock;
    this.#burst = limit.burst;
    this.#perMs = limit.perSecond / 1000;
    this.#left = limit.burst;
    this.#atMs = clock.uptimeMs();
  }

  /** False: too many. */
  take(): boolean {
    const nowMs = this.#clock.uptimeMs();
    this.#left = Math.min(this.#burst, this.#left + (nowMs - this.#atMs) * this.#perMs);
    this.#atMs = nowMs;
    if (this.#left < 1) return false;
    this.#left--;
    return true;
  }
}
