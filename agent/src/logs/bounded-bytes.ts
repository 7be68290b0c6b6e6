const EMPTY = Buffer.alloc(0);

/**
 * The last bytes of a stream. A piece that would exceed `maxBytes` first pushes out as many leading bytes as
 * it has itself; a piece longer than the limit is kept whole. Contract: PROC-112.
 */
export class BoundedBytes {
  readonly #maxBytes: number;
  #pieces: Buffer[] = [];
  #length = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** Keeps a copy of `piece`. */
  push(piece: Buffer): void {
    if (this.#length + piece.length > this.#maxBytes) this.#dropLeading(piece.length);
    this.#pieces.push(Buffer.from(piece));
    this.#length += piece.length;
  }

  /** Everything kept, which is then forgotten. */
  take(): Buffer {
    const all = Buffer.concat(this.#pieces);
    this.#pieces = [];
    this.#length = 0;
    return all;
  }

  /** Everything kept, in base64. */
  save(): string {
    return Buffer.concat(this.#pieces).toString('base64');
  }

  #dropLeading(count: number): void {
    let left = Math.min(count, this.#length);
    this.#length -= left;
    while (left > 0) {
      const first = this.#pieces.shift() ?? EMPTY;
      if (first.length > left) this.#pieces.unshift(first.subarray(left));
      left -= Math.min(left, first.length);
    }
  }
}
