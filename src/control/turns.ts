interface Line {
  readonly waiting: (() => void)[];
  /** Who is next: taking the first out of a long list would move all others. */
  next: number;
}

/** Lets at most `limit` pieces of work run at once for each key; the others wait in order. */
export class Turns {
  readonly #limit: number;
  readonly #running = new Map<string, number>();
  readonly #waiting = new Map<string, Line>();

  constructor(limit: number) {
    this.#limit = limit;
  }

  async take<T>(key: string, work: () => Promise<T>): Promise<T> {
    await this.#enter(key);
    try {
      return await work();
    } finally {
      this.#leave(key);
    }
  }

  #enter(key: string): Promise<void> {
    const running = this.#running.get(key) ?? 0;
    if (running < this.#limit) {
      this.#running.set(key, running + 1);
      return Promise.resolve();
    }
    return new Promise((resolve) => {
      const line = this.#waiting.get(key) ?? { waiting: [], next: 0 };
      line.waiting.push(resolve);
      this.#waiting.set(key, line);
    });
  }

  #leave(key: string): void {
    const line = this.#waiting.get(key);
    const next = line?.waiting[line.next++];
    if (next === undefined) this.#freeOne(key);
    else next(); // hands its place on
  }

  #freeOne(key: string): void {
    const running = (this.#running.get(key) ?? 1) - 1;
    this.#waiting.delete(key);
    if (running > 0) this.#running.set(key, running);
    else this.#running.delete(key);
  }
}
