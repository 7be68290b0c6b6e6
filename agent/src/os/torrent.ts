/** Chunks that follow each other within this come quicker than it costs to let them gather. */
const QUICK_MS = 1.25;
const SMALL_BYTES = 4 * 1024;
/** So many more quick chunks than slow ones make a torrent. */
const SURE = 16;
const MOST_GATHER_MS = 4;
/** What gathered should be that many chunks, or it cost more than it saved. */
const PAYS_FROM = 3;
/** What gathered may be this much; with more the pipe could have been full, and the child waiting for us. */
const GATHERED_BYTES = 32 * 1024;

/**
 * Tells a torrent of small chunks, such as line by line, from single lines and from bulk. In a torrent each chunk
 * costs a wake-up, a read and a write of its own; a pause costs three times that, but once for all that comes
 * meanwhile.
 */
export class Torrent {
  #lastMs = 0;
  /** How surely this is one. */
  #score = 0;
  /** What a chunk usually has while nothing gathers. */
  #usualBytes = 0;
  #gatherMs = 0;

  /** For how long what comes after this chunk should be left to gather, in milliseconds; 0: not at all. */
  pauseAfter(bytes: number, nowMs: number): number {
    if (this.#gatherMs === 0) this.#came(bytes, nowMs - this.#lastMs);
    else this.#gathered(bytes);
    this.#lastMs = nowMs;
    this.#gatherMs = this.#score < SURE ? 0 : this.#nextGatherMs(bytes);
    return this.#gatherMs;
  }

  #came(bytes: number, afterMs: number): void {
    if (bytes >= SMALL_BYTES) this.#score = 0;
    else this.#score = Math.max(0, this.#score + (afterMs <= QUICK_MS ? 1 : -1));
    this.#usualBytes += (bytes - this.#usualBytes) / 8;
  }

  #gathered(bytes: number): void {
    const pays = this.#gatherMs < MOST_GATHER_MS || bytes >= PAYS_FROM * this.#usualBytes;
    if (bytes >= GATHERED_BYTES) this.#score = 0;
    else this.#score = pays ? Math.min(this.#score + 1, 2 * SURE) : this.#score - SURE / 4;
  }

  /** Short at first: how much comes is not known yet. */
  #nextGatherMs(bytes: number): number {
    if (this.#gatherMs === 0 || bytes >= GATHERED_BYTES / 2) return 1;
    return bytes < SMALL_BYTES ? Math.min(2 * this.#gatherMs, MOST_GATHER_MS) : this.#gatherMs;
  }
}
