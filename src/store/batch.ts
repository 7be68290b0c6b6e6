import type { Cancel, Clock } from '../clock.ts';

export interface BatchLimits {
  readonly rows: number;
  readonly ms: number;
}

/**
 * Collects rows and writes them together: when there are `rows` of them, or `ms` after the first.
 * When a write fails the rows are kept for the next one, up to ten batches; older ones are dropped and counted.
 */
export class Batch<T> {
  readonly #write: (rows: readonly T[], isLast: boolean) => void;
  readonly #clock: Clock;
  readonly #limits: BatchLimits;
  readonly #failed: (error: unknown, dropped: number) => void;
  #rows: T[] = [];
  #cancel: Cancel | null = null;

  constructor(
    write: (rows: readonly T[], isLast: boolean) => void,
    clock: Clock,
    limits: BatchLimits,
    failed: (error: unknown, dropped: number) => void,
  ) {
    this.#write = write;
    this.#clock = clock;
    this.#limits = limits;
    this.#failed = failed;
  }

  add(row: T): void {
    this.#rows.push(row);
    if (this.#rows.length >= this.#limits.rows && this.#cancel !== null) this.#arm(0);
    else this.#cancel ??= this.#clock.after(this.#limits.ms, () => this.#flushOne());
  }

  get isEmpty(): boolean {
    return this.#rows.length === 0;
  }

  /** Writes all there is, now. */
  flush(): void {
    while (this.#rows.length > 0 && this.#flushOne()) {
      // one batch after the other
    }
  }

  /** Writes all there is and forgets the timer; what cannot be written is lost. */
  close(): void {
    this.flush();
    this.#cancel?.();
    this.#cancel = null;
  }

  #arm(ms: number): void {
    this.#cancel?.();
    this.#cancel = this.#clock.after(ms, () => this.#flushOne());
  }

  #flushOne(): boolean {
    this.#cancel?.();
    this.#cancel = null;
    const rows = this.#rows.slice(0, this.#limits.rows);
    try {
      this.#write(rows, rows.length === this.#rows.length);
      this.#rows = this.#rows.slice(rows.length);
    } catch (error) {
      const keep = this.#limits.rows * 10;
      const dropped = Math.max(0, this.#rows.length - keep);
      this.#rows = this.#rows.slice(dropped);
      this.#failed(error, dropped);
      this.#arm(1_000);
      return false;
    }
    if (this.#rows.length > 0) this.#arm(0);
    return true;
  }
}
