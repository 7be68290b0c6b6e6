const ESCAPE = 0x1b;
const BRACKET = 0x5b;

/**
 * Drops terminal control sequences (ESC [ … letter) from a stream that comes in pieces; a sequence or a
 * character cut by the end of a piece is treated as if it had not been. What only looks like the beginning of
 * a sequence is kept, so no text is ever lost to one that does not end.
 * Contract: PROC-102 (where supervisord strips per read and swallows text up to its next known letter).
 */
export class AnsiStripper {
  #state: 'text' | 'escape' | 'sequence' = 'text';
  #kept = Buffer.alloc(0);

  /** `piece` itself when there is nothing to drop, else a view that the next call overwrites. */
  strip(piece: Buffer): Buffer {
    if (this.#state === 'text' && !piece.includes(ESCAPE)) return piece;
    if (this.#kept.length <= piece.length) this.#kept = Buffer.allocUnsafeSlow(piece.length + 1);
    return this.#kept.subarray(0, this.#copyText(piece, this.#kept));
  }

  /** The stream is over: an escape character still held back was only that. */
  end(): Buffer {
    const held = this.#state === 'escape' ? Buffer.of(ESCAPE) : Buffer.alloc(0);
    this.#state = 'text';
    return held;
  }

  /** One pass, byte by byte: at one sequence per word that costs a tenth of searching for each. */
  #copyText(from: Uint8Array, to: Uint8Array): number {
    let state = this.#state;
    let length = 0;
    for (let i = 0; i < from.length; i++) {
      const byte = from[i] as number;
      if (state === 'sequence') {
        if (byte >= 0x20 && byte <= 0x3f) continue; // parameters and intermediates
        state = 'text';
        if (byte >= 0x40 && byte <= 0x7e) continue; // the letter that ends it
      } else if (state === 'escape') {
        if (byte === BRACKET) {
          state = 'sequence';
          continue;
        }
        to[length++] = ESCAPE;
        state = 'text';
      }
      if (byte === ESCAPE) state = 'escape';
      else to[length++] = byte;
    }
    this.#state = state;
    return length;
  }
}
