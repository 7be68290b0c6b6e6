const ESCAPE = 0x1b;
const BRACKET = 0x5b;
/** One for all channels, as big as the biggest piece yet: what is kept of a piece is dealt with before the next. */
let kept = Buffer.alloc(0);

/**
 * Drops terminal control sequences (ESC [ … letter) from a stream that comes in pieces; a sequence or a
 * character cut by the end of a piece is treated as if it had not been. What only looks like the beginning of
 * a sequence is kept, so no text is ever lost to one that does not end.
 * Contract: PROC-102 (where supervisord strips per read and swallows text up to its next known letter).
 */
export class AnsiStripper {
  #state: 'text' | 'escape' | 'sequence' = 'text';

  /** `piece` itself when there is nothing to drop, else a view that the next call of any stripper overwrites. */
  strip(piece: Buffer): Buffer {
    if (this.#state === 'text' && !piece.includes(ESCAPE)) return piece;
    if (kept.length <= piece.length) kept = Buffer.allocUnsafeSlow(piece.length + 1);
    return kept.subarray(0, this.#copyText(piece, kept));
  }

  /** The stream is over: an escape character still held back was only that. */
  end(): Buffer {
    const held = this.#state === 'escape' ? Buffer.of(ESCAPE) : Buffer.alloc(0);
    this.#state = 'text';
    return held;
  }

  /** Where in a sequence the stream stands. */
  save(): 'text' | 'escape' | 'sequence' {
    return this.#state;
  }

  /** Byte by byte: at a sequence per word, searching for each with indexOf costs more than it skips. */
  #copyText(from: Uint8Array, to: Uint8Array): number {
    const end = from.length;
    let state = this.#state;
    let length = 0;
    let i = 0;
    while (i < end) {
      if (state === 'sequence') {
        while (i < end && isParameter(from[i])) i++;
        if (i === end) break;
        if (isFinal(from[i])) i++;
        state = 'text';
      } else if (state === 'escape') {
        state = from[i] === BRACKET ? 'sequence' : 'text';
        if (state === 'text') to[length++] = ESCAPE;
        else i++;
      } else {
        for (; i < end && from[i] !== ESCAPE; i++) to[length++] = from[i] as number;
        if (i === end) break;
        i++;
        state = 'escape';
      }
    }
    this.#state = state;
    return length;
  }
}

const isParameter = (byte = 0): boolean => byte >= 0x20 && byte <= 0x3f;
const isFinal = (byte = 0): boolean => byte >= 0x40 && byte <= 0x7e;
