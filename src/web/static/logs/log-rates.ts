import type { Kept } from './log-memory.ts';

const OVER_MS = 3_000;

/** Lines a second, of each source and stream and of all together, over the last seconds. */
export class LogRates {
  #came: { readonly atMs: number; readonly counts: ReadonlyMap<string, number>; readonly n: number }[] = [];
  #last: ReadonlyMap<string, number> = new Map();

  add(lines: readonly Kept[], nowMs: number): void {
    const counts = new Map<string, number>();
    for (const { line } of lines) {
      if (line.kind === 'note') continue;
      counts.set(line.source, (counts.get(line.source) ?? 0) + 1);
      counts.set(line.channel, (counts.get(line.channel) ?? 0) + 1);
    }
    this.#came.push({ atMs: nowMs, counts, n: lines.length });
  }

  /** Of all lines; also looks anew at those of each source. */
  all(nowMs: number): number {
    this.#came = this.#came.filter(({ atMs }) => atMs >= nowMs - OVER_MS);
    const sums = new Map<string, number>();
    for (const { counts } of this.#came) for (const [of, n] of counts) sums.set(of, (sums.get(of) ?? 0) + n);
    this.#last = sums;
    return perSecond(this.#came.reduce((sum, { n }) => sum + n, 0));
  }

  /** Null: silent. */
  of(name: string): number | null {
    const n = this.#last.get(name);
    return n === undefined ? null : perSecond(n);
  }
}

const perSecond = (n: number): number => Math.ceil(n / (OVER_MS / 1_000));
