/** When a merge is over by itself. */
export type MergeEnd = 'with its last stream' | 'when closed';

/**
 * Merges streams in order of arrival. Each is asked for one portion, and for the next only when that was taken: a
 * reader that stops holds them all, and a fast stream cannot crowd out a slow one. Streams may join while it runs.
 */
export class Merge<T> implements AsyncIterable<T> {
  readonly #end: MergeEnd;
  readonly #streams = new Set<AsyncIterator<T>>();
  readonly #arrived: { readonly stream: AsyncIterator<T> | null; readonly value: T }[] = [];
  #wake: () => void = () => {};
  #failure: { readonly error: unknown } | null = null;
  #isClosed = false;

  constructor(end: MergeEnd) {
    this.#end = end;
  }

  add(stream: AsyncIterator<T>): void {
    if (this.#isClosed) {
      void this.#leave(stream);
      return;
    }
    this.#streams.add(stream);
    this.#ask(stream);
  }

  /** Puts in something of our own, after all that has arrived. */
  push(value: T): void {
    this.#arrived.push({ stream: null, value });
    this.#wake();
  }

  /** Ends the iteration, also while somebody waits in it; what has arrived and was not taken is dropped. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#arrived.length = 0;
    for (const stream of this.#streams) void this.#leave(stream);
    this.#streams.clear();
    this.#wake();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<T> {
    try {
      for (;;) {
        if (this.#failure !== null) throw this.#failure.error;
        const next = this.#arrived.shift();
        if (next !== undefined) {
          yield next.value;
          if (next.stream !== null && this.#streams.has(next.stream)) this.#ask(next.stream);
        } else if (this.#isClosed || this.#isOver()) return;
        else await new Promise<void>((wake) => (this.#wake = wake));
      }
    } finally {
      this.close();
    }
  }

  #isOver(): boolean {
    return this.#end === 'with its last stream' && this.#streams.size === 0;
  }

  #ask(stream: AsyncIterator<T>): void {
    stream.next().then(
      ({ done, value }) => {
        if (done) this.#streams.delete(stream);
        else if (!this.#isClosed) this.#arrived.push({ stream, value });
        this.#wake();
      },
      (error: unknown) => {
        this.#streams.delete(stream);
        this.#failure ??= { error };
        this.#wake();
      },
    );
  }

  /** Nobody is left to hear how it ends. */
  #leave(stream: AsyncIterator<T>): Promise<unknown> {
    return Promise.resolve(stream.return?.()).catch(() => {});
  }
}
