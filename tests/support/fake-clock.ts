interface Due {
  readonly atMs: number;
  readonly order: number;
  readonly fn: () => void;
}

/** A clock that moves only when told; due calls run in order of time, then of registration. */
export class FakeClock {
  #uptimeMs = 0;
  #wallOffsetMs: number;
  #order = 0;
  #due: Due[] = [];

  constructor(wallMs = 1_700_000_000_000) {
    this.#wallOffsetMs = wallMs;
  }

  wallMs(): number {
    return this.#uptimeMs + this.#wallOffsetMs;
  }

  uptimeMs(): number {
    return this.#uptimeMs;
  }

  after(ms: number, fn: () => void): () => void {
    const due: Due = { atMs: this.#uptimeMs + Math.max(0, ms), order: this.#order++, fn };
    this.#due.push(due);
    return () => {
      this.#due = this.#due.filter((other) => other !== due);
    };
  }

  /** Moves both clocks forward, running everything that falls due on the way, each at its own time. */
  advance(ms: number): void {
    const endMs = this.#uptimeMs + ms;
    for (;;) {
      const next = this.#next(endMs);
      if (next === undefined) break;
      this.#due = this.#due.filter((other) => other !== next);
      this.#uptimeMs = Math.max(this.#uptimeMs, next.atMs);
      next.fn();
    }
    this.#uptimeMs = endMs;
  }

  /** Steps the wall clock only, as an administrator or NTP would. */
  stepWall(ms: number): void {
    this.#wallOffsetMs += ms;
  }

  /** How many calls are waiting: an idle daemon has none it does not need. */
  pending(): number {
    return this.#due.length;
  }

  #next(endMs: number): Due | undefined {
    return this.#due
      .filter((due) => due.atMs <= endMs)
      .sort((a, b) => a.atMs - b.atMs || a.order - b.order)[0];
  }
}
