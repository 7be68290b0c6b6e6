import type { Clock } from '../os/clock.ts';

/** How long automatic starts may hold the loop before everybody else gets a turn. */
const SLICE_MS = 10;

/** Runs automatic starts in the order asked for, a slice per turn of the loop. */
export class StartQueue {
  readonly #clock: Clock;
  #waiting: (() => void)[] = [];
  #scheduled = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  push(start: () => void): void {
    this.#waiting.push(start);
    this.#schedule();
  }

  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    this.#clock.after(0, () => {
      this.#scheduled = false;
      this.#runSlice();
    });
  }

  #runSlice(): void {
    const endMs = this.#clock.uptimeMs() + SLICE_MS;
    const starts = this.#waiting;
    this.#waiting = [];
    let done = 0;
    try {
      while (done < starts.length && this.#clock.uptimeMs() < endMs) starts[done++]?.();
    } finally {
      this.#waiting = [...starts.slice(done), ...this.#waiting];
      if (this.#waiting.length > 0) this.#schedule();
    }
  }
}
