import type { TailLine } from '../../../api/contract.ts';
import { rejoined } from './log-rejoin.ts';

/** What comes so soon after a tail was opened again is fitted to what is shown by who shows it. */
const SOON_MS = 1_000;
/** The past of a log comes within so long after its first line. */
const PAST_MS = 1_000;
/** So many lines of each log are enough to find its place again. */
const KEPT_LINES = 5;

/**
 * Logs of a host that the hub reached later than the others, after it was away: of what their past begins with, only
 * what was not shown before is passed on.
 */
export class LateLogs {
  readonly #pass: (lines: readonly TailLine[]) => void;
  readonly #last = new Map<string, TailLine[]>();
  readonly #gathered = new Map<string, TailLine[]>();
  readonly #timers = new Set<ReturnType<typeof setTimeout>>();
  #missing = new Set<string>();
  #againMs = Number.NEGATIVE_INFINITY;

  constructor(pass: (lines: readonly TailLine[]) => void) {
    this.#pass = pass;
  }

  /** The tail was opened again. */
  again(): void {
    this.#missing = new Set(this.#last.keys());
    this.#againMs = performance.now();
  }

  /** Passes nothing any more: what it still holds is for nobody. */
  close(): void {
    for (const timer of this.#timers) clearTimeout(timer);
  }

  /** What of these lines can be shown at once. */
  take(lines: readonly TailLine[]): readonly TailLine[] {
    const isSoon = performance.now() - this.#againMs < SOON_MS;
    const now = lines.filter((line) => !this.#holds(line, isSoon));
    for (const line of now) this.#remember(line);
    return now;
  }

  #holds(line: TailLine, isSoon: boolean): boolean {
    if (line.kind === 'note') return false;
    const log = logOf(line);
    const gathered = this.#gathered.get(log);
    if (gathered !== undefined) gathered.push(line);
    else if (this.#missing.delete(log) && !isSoon) {
      this.#gathered.set(log, [line]);
      this.#timers.add(setTimeout(() => this.#rejoin(log), PAST_MS));
    } else return false;
    return true;
  }

  #rejoin(log: string): void {
    const gathered = this.#gathered.get(log) ?? [];
    this.#gathered.delete(log);
    const { lines } = rejoined(this.#last.get(log) ?? [], gathered);
    for (const line of lines) this.#remember(line);
    this.#pass(lines);
  }

  #remember(line: TailLine): void {
    if (line.kind === 'note') return;
    const last = this.#last.get(logOf(line)) ?? [];
    last.push(line);
    if (last.length > KEPT_LINES) last.shift();
    this.#last.set(logOf(line), last);
  }
}

const logOf = ({ source, channel }: TailLine): string => `${source} ${channel}`;
