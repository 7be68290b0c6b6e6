import type { TailLine } from '../../../api/contract.ts';

/** A line as this browser keeps it. */
export interface Kept {
  /** Counts up over all lines of one view. */
  n: number;
  readonly line: TailLine;
  /** The colours that were still on where the line began. */
  readonly ansi: string;
  matches: boolean;
  /** Where it stands in the bars of volume; null: it was there before, and does not say since when. */
  barMs: number | null;
  /** Pixels as last drawn; 0: not drawn yet. */
  height: number;
}

export interface Most {
  readonly lines: number;
  readonly chars: number;
}

const LINE_COST = 120;

/** The newest lines, bounded in number and size; the oldest are forgotten some at a time. */
export class LogMemory {
  readonly #most: Most;
  #lines: Kept[] = [];
  #chars = 0;
  #forgotten = 0;

  constructor(most: Most) {
    this.#most = most;
  }

  get lines(): readonly Kept[] {
    return this.#lines;
  }

  /** Lines that came and are not kept any more. */
  get forgotten(): number {
    return this.#forgotten;
  }

  add(lines: readonly Kept[]): void {
    for (const kept of lines) {
      this.#lines.push(kept);
      this.#chars += costOf(kept);
    }
    if (this.#lines.length > this.#most.lines * 1.25 || this.#chars > this.#most.chars * 1.25) this.#trim();
  }

  /**
   * Puts a past that came log by log into the order of the times its lines carry; tells whether anything moved. Where
   * most of it carries none it stays as it came. A line without a time goes with the one before it in its log.
   */
  mergePast(): boolean {
    const untimed = this.#lines.filter(({ barMs }) => barMs === null).length;
    const past =
      untimed + this.#lines.filter(({ barMs, line }) => barMs !== null && barMs < line.atMs).length;
    if (untimed * 2 > past) return false;
    const last = new Map<string, number>();
    const placed = this.#lines.map((kept) => {
      const log = `${kept.line.source} ${kept.line.channel}`;
      const ms = kept.barMs ?? last.get(log) ?? Number.NEGATIVE_INFINITY;
      last.set(log, ms);
      return { kept, ms };
    });
    if (placed.every(({ ms }, at) => at === 0 || ms >= (placed[at - 1]?.ms ?? ms))) return false;
    const numbers = this.#lines.map(({ n }) => n);
    this.#lines = placed
      .sort((one, other) => (one.ms === other.ms ? 0 : one.ms - other.ms))
      .map(({ kept }) => kept);
    for (const [at, kept] of this.#lines.entries()) kept.n = numbers[at] ?? kept.n;
    return true;
  }

  /** Hands over everything and begins anew. */
  take(): { readonly lines: readonly Kept[]; readonly forgotten: number } {
    const taken = { lines: this.#lines, forgotten: this.#forgotten };
    this.clear();
    return taken;
  }

  clear(): void {
    this.#lines = [];
    this.#chars = 0;
    this.#forgotten = 0;
  }

  #trim(): void {
    let from = 0;
    while (
      this.#lines.length - from > this.#most.lines ||
      (this.#chars > this.#most.chars && from < this.#lines.length - 1)
    ) {
      const kept = this.#lines[from];
      if (kept !== undefined) this.#chars -= costOf(kept);
      from++;
    }
    this.#forgotten += from;
    this.#lines = this.#lines.slice(from);
  }
}

function costOf({ line }: Kept): number {
  return LINE_COST + (line.kind === 'line' ? line.text.length : line.says.length);
}
