/** How long output may gather in the pipe. */
export const GATHER_MS = 1;
const QUICK_MS = 1;
const SMALL_BYTES = 4 * 1024;
/** What gathered may be this much; with more the pipe could have been full, and the child waiting for us. */
const GATHERED_BYTES = 32 * 1024;
const IN_A_ROW = 16;

/**
 * Tells a torrent of small chunks, such as line by line, from single lines and from bulk. In a torrent each chunk
 * costs a wake-up and a write of its own, ten times its share of a read that takes what gathered in a millisecond.
 */
export class Torrent {
  #lastMs = 0;
  #inARow = 0;

  /** True when what comes after this chunk should be left to gather. */
  goesOn(bytes: number, nowMs: number): boolean {
    const isQuick = nowMs - this.#lastMs <= QUICK_MS + GATHER_MS;
    const isSmall = bytes < (this.#inARow >= IN_A_ROW ? GATHERED_BYTES : SMALL_BYTES);
    this.#inARow = isQuick && isSmall ? this.#inARow + 1 : 0;
    this.#lastMs = nowMs;
    return this.#inARow >= IN_A_ROW;
  }
}
