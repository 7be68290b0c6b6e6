export const BARS = 96;
const LEAST_MS = 2 * 60_000;
const MOST_MS = 30 * 60_000;
const SECOND = 1_000;

export interface Bar {
  readonly fromMs: number;
  readonly lines: number;
  readonly matches: number;
}

/** How much was written when: by the second, for the last half hour at most. */
export class LogVolume {
  readonly #seconds = new Map<number, { lines: number; matches: number }>();
  #firstMs: number | null = null;

  add(atMs: number, lines: number, matches: number): void {
    this.#firstMs = Math.min(this.#firstMs ?? atMs, atMs);
    const second = Math.floor(atMs / SECOND);
    const known = this.#seconds.get(second);
    if (known === undefined) this.#seconds.set(second, { lines, matches });
    else {
      known.lines += lines;
      known.matches += matches;
    }
    if (this.#seconds.size > (2 * MOST_MS) / SECOND) this.#forget(second - MOST_MS / SECOND);
  }

  clear(): void {
    this.#seconds.clear();
    this.#firstMs = null;
  }

  clearMatches(): void {
    for (const one of this.#seconds.values()) one.matches = 0;
  }

  addMatch(atMs: number): void {
    const known = this.#seconds.get(Math.floor(atMs / SECOND));
    if (known !== undefined) known.matches++;
  }

  /** From the first line on, two minutes at least and half an hour at most, oldest first. */
  bars(nowMs: number): readonly Bar[] {
    const spanMs = Math.min(MOST_MS, Math.max(LEAST_MS, nowMs - (this.#firstMs ?? nowMs)));
    const stepS = Math.ceil(spanMs / SECOND / BARS);
    const end = Math.ceil(nowMs / SECOND / stepS) * stepS;
    return Array.from({ length: BARS }, (_, at) => {
      const from = end - (BARS - at) * stepS;
      let [lines, matches] = [0, 0];
      for (let second = from; second < from + stepS; second++) {
        lines += this.#seconds.get(second)?.lines ?? 0;
        matches += this.#seconds.get(second)?.matches ?? 0;
      }
      return { fromMs: from * SECOND, lines, matches };
    });
  }

  #forget(before: number): void {
    for (const second of this.#seconds.keys()) if (second < before) this.#seconds.delete(second);
  }
}
