/** Who wants to hear of something. One that throws is reported and does not keep the others from hearing. */
export class Subscribers<T> {
  readonly #hear = new Set<(news: T) => void>();
  readonly #bug: (error: unknown) => void;

  constructor(bug: (error: unknown) => void) {
    this.#bug = bug;
  }

  /** Returns the way to unsubscribe. */
  add(hear: (news: T) => void): () => void {
    this.#hear.add(hear);
    return () => this.#hear.delete(hear);
  }

  get isEmpty(): boolean {
    return this.#hear.size === 0;
  }

  tell(news: T): void {
    for (const hear of [...this.#hear]) {
      try {
        hear(news);
      } catch (error) {
        this.#bug(error);
      }
    }
  }
}
