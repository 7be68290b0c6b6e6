/**
 * Merges streams in order of arrival. Each is asked for one portion at a time, and for the next only when that
 * was taken: a reader that stops holds them all. Ends when all have ended; leaving early ends all.
 */
export async function* merge<T>(streams: readonly AsyncIterator<T>[]): AsyncGenerator<T> {
  const asked = new Map<AsyncIterator<T>, Promise<Arrival<T>>>();
  const ask = (stream: AsyncIterator<T>): void => {
    asked.set(
      stream,
      stream.next().then((result) => ({ stream, result })),
    );
  };
  streams.forEach(ask);
  try {
    while (asked.size > 0) {
      const { stream, result } = await Promise.race(asked.values());
      asked.delete(stream);
      if (result.done) continue;
      ask(stream);
      yield result.value;
    }
  } finally {
    // Nobody is left to hear how they end.
    for (const late of asked.values()) late.catch(() => {});
    for (const stream of streams) stream.return?.().catch(() => {});
  }
}

interface Arrival<T> {
  readonly stream: AsyncIterator<T>;
  readonly result: IteratorResult<T>;
}
