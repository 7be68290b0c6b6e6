import type { LinkTailPart } from './host-link.ts';

/** Parts of a tail between the link and its one reader. Whoever fills it keeps it bounded. */
export class PartQueue {
  readonly #parts: LinkTailPart[] = [];
  #wake: (() => void) | null = null;
  #closed = false;

  push(part: LinkTailPart): void {
    if (this.#closed) return;
    this.#parts.push(part);
    this.#wake?.();
  }

  /** What waits is dropped; a reader that waits gets its end. */
  close(): void {
    this.#closed = true;
    this.#parts.length = 0;
    this.#wake?.();
  }

  /** The next part as soon as there is one, or null once it is closed. */
  async next(): Promise<LinkTailPart | null> {
    while (this.#parts.length === 0 && !this.#closed) {
      await new Promise<void>((wake) => {
        this.#wake = wake;
      });
    }
    return this.#parts.shift() ?? null;
  }
}
