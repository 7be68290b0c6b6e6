import type { TailLine } from '../../../api/contract.ts';
import { store } from '../store.ts';
import type { LogBars } from './log-bars.ts';
import { LogIntake, ownNote } from './log-intake.ts';
import { type Kept, LogMemory } from './log-memory.ts';
import { PastTimes } from './log-past-times.ts';
import { LogRates } from './log-rates.ts';

const SHOWN = { lines: 20_000, chars: 16 * 2 ** 20 };
const NEWER = { lines: 20_000, chars: 8 * 2 ** 20 };

/** What became of the shown lines: `moved`: some stand elsewhere among the others now. */
export type LinesChange = 'none' | 'added' | 'moved';

/** The lines of one view, each with its place in time: those shown, and while it holds still those that came since. */
export class LogLines {
  readonly rates = new LogRates();
  readonly #bars: LogBars | null;
  readonly #intake = new LogIntake();
  readonly #times = new PastTimes();
  readonly #shown = new LogMemory(SHOWN);
  readonly #newer = new LogMemory(NEWER);
  #newerMatches = 0;
  #isHeld = false;
  #isNew = true;
  #change: LinesChange = 'none';

  constructor(bars: LogBars | null) {
    this.#bars = bars;
  }

  get shown(): readonly Kept[] {
    return this.#shown.lines;
  }

  /** Held back: how many, and how many of those match. */
  get newer(): { readonly n: number; readonly matches: number } {
    return { n: this.#newer.lines.length + this.#newer.forgotten, matches: this.#newerMatches };
  }

  /** All that is known of the tail so far. */
  known(): readonly TailLine[] {
    return this.#all().map(({ line }) => line);
  }

  /** What became of the shown lines since this was asked last. */
  takeChange(): LinesChange {
    const change = this.#change;
    this.#change = 'none';
    return change;
  }

  /** A tail begins, by the clock of the page: what comes at once was there before. */
  began(nowMs: number): void {
    this.#times.opened(nowMs);
  }

  /** Another tail is asked for. */
  clear(): void {
    this.#shown.clear();
    this.#newer.clear();
    this.#times.clear();
    this.#intake.clear();
    this.#newerMatches = 0;
    this.#isNew = true;
    this.#change = 'added';
  }

  take(lines: readonly TailLine[], nowMs: number): void {
    const kept = this.#intake.take(lines);
    const matches = kept.filter((one) => one.matches).length;
    if (this.#times.isOver(nowMs)) this.#bars?.volume.add(store.nowMs, kept.length, matches);
    else this.#place(kept, nowMs);
    this.rates.add(
      kept.filter(({ line, barMs }) => barMs === line.atMs),
      nowMs,
    );
    // a view that holds still when another tail is asked for has its past to show
    this.#isNew &&= this.#times.isSurelyPast(nowMs);
    if (!this.#isHeld || this.#isNew) this.#show(kept);
    else {
      this.#newer.add(kept);
      this.#newerMatches += matches;
    }
    if (this.#times.learn(kept, nowMs)) this.#placeAgain();
  }

  /** What comes from now on is held back. */
  hold(): void {
    this.#isHeld = true;
  }

  /** What was held back is shown. */
  release(): void {
    const { lines, forgotten } = this.#newer.take();
    this.#newerMatches = 0;
    this.#isHeld = false;
    if (forgotten > 0)
      this.#shown.add(this.#intake.take([ownNote('', 'page.forgotten', { n: forgotten }, store.nowMs)]));
    this.#show(lines);
    this.#mergePast();
  }

  /** Looks for something else in all lines. */
  match(marks: RegExp | null): void {
    this.#intake.marks = marks;
    this.#bars?.volume.clearMatches();
    for (const kept of this.#shown.lines) this.#rematch(kept);
    this.#newerMatches = this.#newer.lines.filter((kept) => this.#rematch(kept)).length;
  }

  #all(): readonly Kept[] {
    return [...this.#shown.lines, ...this.#newer.lines];
  }

  #show(kept: readonly Kept[]): void {
    this.#shown.add(kept);
    if (this.#change === 'none') this.#change = 'added';
    if (kept.some(({ line, barMs }) => barMs !== line.atMs)) this.#mergePast();
  }

  #mergePast(): void {
    if (this.#shown.mergePast()) this.#change = 'moved';
  }

  /** What was there before the tail stands in the bars where it says, and nowhere if it does not. */
  #place(kept: readonly Kept[], nowMs: number): void {
    for (const one of kept) {
      one.barMs = this.#times.place(one.line, nowMs);
      if (one.barMs !== null) this.#bars?.place(one.barMs, one.matches, one.line.atMs);
    }
    this.#bars?.lacks(this.#times.untimed);
  }

  /** The zone of a log's times is known now. */
  #placeAgain(): void {
    for (const { barMs, matches } of this.#times.placeAgain(this.#all()))
      if (barMs !== null) this.#bars?.volume.add(barMs, 1, matches ? 1 : 0);
    this.#bars?.lacks(this.#times.untimed);
    if (!this.#isHeld) this.#mergePast();
  }

  #rematch(kept: Kept): boolean {
    kept.matches = this.#intake.matches(kept.line);
    if (kept.matches && kept.barMs !== null) this.#bars?.volume.addMatch(kept.barMs);
    return kept.matches;
  }
}
