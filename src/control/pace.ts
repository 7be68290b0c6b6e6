import type { Clock } from '../clock.ts';

/** What comes in small pieces is counted, and never held up by what comes in large ones. */
const SMALL = 4 * 1024;
/** What may come at once after a pause, in milliseconds of the rate. */
const BURST_MS = 250;

/** Holds work to so many bytes a second; whoever takes more than its share waits, the others do not. */
export class Pace {
  readonly #bytesPerMs: number;
  readonly #clock: Clock;
  readonly #wider: Pace | null;
  #left: number;
  #atMs: number;

  /** `wider`: a pace that many share, and that counts for this one too. */
  constructor(bytesPerSecond: number, clock: Clock, wider: Pace | null = null) {
    this.#bytesPerMs = bytesPerSecond / 1_000;
    this.#clock = clock;
    this.#wider = wider;
    this.#left = this.#bytesPerMs * BURST_MS;
    this.#atMs = clock.uptimeMs();
  }

  /** Counts the bytes, and resolves when they are within the pace. */
  async take(bytes: number): Promise<void> {
    const waitMs = this.#waitMs(bytes);
    if (waitMs >= 1 && bytes >= SMALL) await new Promise<void>((done) => this.#clock.after(waitMs, done));
  }

  #waitMs(bytes: number): number {
    const nowMs = this.#clock.uptimeMs();
    const most = this.#bytesPerMs * BURST_MS;
    this.#left = Math.min(most, this.#left + (nowMs - this.#atMs) * this.#bytesPerMs) - bytes;
    this.#atMs = nowMs;
    const widerMs = this.#wider === null ? 0 : this.#wider.#waitMs(bytes);
    return Math.max(-this.#left / this.#bytesPerMs, widerMs);
  }
}
