import type { TailLine } from '../../../api/contract.ts';
import { compiled, type LogPattern } from '../../view/log-pattern.ts';
import { type LogState, STREAMS } from '../../view/log-state.ts';
import { html } from '../draw.ts';
import { say } from '../page-root.ts';
import { reader } from '../screen.ts';
import { store } from '../store.ts';
import { LogBack } from './log-back.ts';
import { LogBars } from './log-bars.ts';
import { saveLines } from './log-download.ts';
import { Following } from './log-following.ts';
import { LogIntake, ownNote } from './log-intake.ts';
import { paintLine } from './log-line.ts';
import { LogList } from './log-list.ts';
import { type LogDoes, listenTo } from './log-listen.ts';
import { type Kept, LogMemory } from './log-memory.ts';
import { PastTimes } from './log-past-times.ts';
import { LogRates } from './log-rates.ts';
import { LogSays } from './log-says.ts';
import { tailWish, wanted } from './log-wish.ts';

export interface LogViewOptions {
  readonly state: LogState;
  readonly kind: 'page' | 'drawer' | 'panel';
  readonly title: string;
  readonly link: string;
  /** Place of a source among those shown, for its colour. */
  colourOf(source: string): number;
  /** The reader changed the view. The page writes it into its link and gives it back by `adopt`. */
  changed?(state: LogState): void;
}

const SHOWN = { lines: 20_000, chars: 16 * 2 ** 20 };
const NEWER = { lines: 20_000, chars: 8 * 2 ** 20 };
/** An empty log says so only then. */
const QUIET_MS = 400;
const TYPING_MS = 300;
const WRAP_KEY = 'fv_log_wrap';

const clock = new Intl.DateTimeFormat('en-GB', {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  fractionalSecondDigits: 3,
  hourCycle: 'h23',
});

/** A live merged tail: follows until the reader scrolls up, then holds still and counts. */
export class LogView {
  readonly element: HTMLElement;
  readonly #options: LogViewOptions;
  readonly #intake = new LogIntake();
  readonly #shown = new LogMemory(SHOWN);
  readonly #newer = new LogMemory(NEWER);
  readonly #rates = new LogRates();
  readonly #list: LogList;
  readonly #bars: LogBars | null;
  readonly #back: LogBack;
  readonly #times = new PastTimes();
  readonly #says: LogSays;
  readonly #timer: number;
  #state: LogState;
  /** As asked for last: the page may take a frame to come back with it. */
  #wanted: LogState;
  #marks: RegExp | null = null;
  readonly #following: Following;
  /** What the open tail was asked for, as text. */
  #asked = '';
  #held: 'hand' | 'pause' | null = null;
  #newerMatches = 0;
  /** Why the expression cannot be read here, and why the tail cannot be opened. */
  #unread = '';
  #unopened = '';
  #status = say('log.opening');
  #openedMs = 0;
  #view: readonly Kept[] = [];
  #hit: number | null = null;
  /** Lines that may be drawn stand elsewhere now. */
  #isMoved = false;
  #frame = 0;
  #typing = 0;

  constructor(element: HTMLElement, options: LogViewOptions) {
    this.element = element;
    this.#options = options;
    this.#state = options.state;
    this.#wanted = options.state;
    element.classList.add('log', `log-${options.kind}`);
    element.innerHTML = html('partials/log-view', {
      ...options,
      page: options.kind === 'page',
      drawer: options.kind === 'drawer',
      targets: options.state.targets.join(' '),
      state: options.state,
      streams: STREAMS.map((stream) => ({
        stream,
        label: say(`log.${stream}`),
        on: stream === options.state.stream,
      })),
    });
    this.#says = new LogSays(element);
    this.#list = new LogList(this.#says.part('.log-lines'), {
      paint: (kept, before) =>
        paintLine(kept, before, {
          colourOf: options.colourOf,
          single: this.#isSingle,
          marks: this.#marks,
          clock: (ms) => clock.format(ms),
        }),
      moved: (to) => (to === 'away' ? this.#hold('hand') : this.#held === 'hand' && this.#follow()),
      seen: () => this.#bars?.see(this.#list.inSight()),
    });
    const volume = element.querySelector<HTMLElement>('.log-volume');
    this.#bars = volume === null ? null : new LogBars(volume, (atMs) => this.#goToTime(atMs));
    this.#back = new LogBack(element, () => ({ state: this.#state, marks: this.#marks }));
    this.#following = new Following({
      began: () => this.#began(),
      opened: () => {
        this.#began();
        this.#stands('');
      },
      lines: (lines) => this.#take(lines),
      stopped: (says, problem) => this.#stands(says, problem),
      known: () => [...this.#shown.lines, ...this.#newer.lines].map(({ line }) => line),
    });
    this.#wrap(localStorage.getItem(WRAP_KEY) === 'yes');
    listenTo(element, this.does, options.state.find);
    this.#matchAnew();
    this.#open();
    this.#timer = window.setInterval(() => this.#tick(), 1_000);
    this.#says.buttons(this.#state, this.#held !== null);
  }

  close(): void {
    clearInterval(this.#timer);
    clearTimeout(this.#typing);
    cancelAnimationFrame(this.#frame);
    this.#back.close();
    this.#following.close();
  }

  /** The view as the page's link says it now. */
  adopt(state: LogState): void {
    const before = this.#state;
    this.#state = state;
    this.#wanted = state;
    const isOther = state.find !== before.find || state.regex !== before.regex;
    if (isOther) this.#matchAnew();
    if (JSON.stringify(before) === JSON.stringify(state)) return;
    this.#says.buttons(this.#state, this.#held !== null);
    this.#redraw();
    clearTimeout(this.#typing);
    this.#typing = window.setTimeout(() => this.#open(), TYPING_MS);
  }

  /** Lines a second of one source, or of one stream. */
  rateOf(of: string): number | null {
    return this.#rates.of(of);
  }

  get #isSingle(): boolean {
    const { targets } = this.#state;
    return targets.length === 1 && this.#options.kind !== 'page';
  }

  get #pattern(): LogPattern {
    return { find: this.#state.find, regex: this.#state.regex };
  }

  /** Opens the tail the view asks for, unless it is open already. */
  #open(): void {
    const wish = tailWish(this.#state, this.#isSingle ? 'one' : 'many');
    const asked = JSON.stringify(wish);
    if (asked === this.#asked) return;
    this.#asked = asked;
    this.#clear();
    const { targets, off, stream } = this.#state;
    this.#bars?.of(JSON.stringify([targets, off, stream]));
    this.#stands(say('log.opening'));
    this.#following.open(wish);
  }

  #began(): void {
    this.#openedMs = performance.now();
    this.#times.opened(this.#openedMs);
  }

  #stands(status: string, problem = ''): void {
    this.#status = status;
    this.#unopened = problem;
    this.#drawStatus();
    this.#drawProblem();
  }

  #clear(): void {
    this.#shown.clear();
    this.#newer.clear();
    this.#times.clear();
    this.#newerMatches = 0;
    this.#hit = null;
    if (this.#held === 'hand') this.#held = null;
    this.#list.followsEnd = true;
    this.#drawHeld();
    this.#soon();
  }

  #take(lines: readonly TailLine[]): void {
    const kept = this.#intake.take(lines);
    const now = performance.now();
    const matches = kept.filter((one) => one.matches).length;
    if (this.#times.isOver(now)) this.#bars?.volume.add(store.nowMs, kept.length, matches);
    else this.#place(kept, now);
    this.#rates.add(
      kept.filter(({ line, barMs }) => barMs === line.atMs),
      now,
    );
    if (this.#held === null) {
      this.#shown.add(kept);
      if (kept.some(({ line, barMs }) => barMs !== line.atMs)) this.#mergePast();
    } else {
      this.#newer.add(kept);
      this.#newerMatches += matches;
    }
    if (this.#times.learn(kept, now)) this.#placeAgain();
    this.#soon();
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
    for (const { barMs, matches } of this.#times.placeAgain([...this.#shown.lines, ...this.#newer.lines]))
      if (barMs !== null) this.#bars?.volume.add(barMs, 1, matches ? 1 : 0);
    this.#bars?.lacks(this.#times.untimed);
    if (this.#held === null) this.#mergePast();
  }

  #mergePast(): void {
    if (this.#shown.mergePast()) this.#isMoved = true;
  }

  #soon(): void {
    if (this.#frame === 0) this.#frame = requestAnimationFrame(() => this.#show());
  }

  /** At most one drawing a frame, however many lines came; none while nobody can see it. */
  #show(): void {
    this.#frame = 0;
    if (this.#held !== null) this.#drawHeld();
    else {
      this.#view = wanted(this.#shown.lines, this.#state, this.#marks);
      this.#list.show(this.#view);
      if (this.#isMoved) this.#list.repaint();
      this.#isMoved = false;
      this.#drawMatches();
    }
    this.#drawEmpty();
  }

  /** Everything as the view wants it now. */
  #redraw(): void {
    this.#view = wanted(this.#shown.lines, this.#state, this.#marks);
    this.#list.show(this.#view);
    this.#list.repaint();
    this.#drawMatches();
    this.#drawEmpty();
  }

  #matchAnew(): void {
    const pattern = compiled(this.#pattern);
    this.#unread = pattern.kind === 'wrong' ? say('log.badExpression', { says: pattern.says }) : '';
    this.#marks = pattern.kind === 'ready' ? pattern.marks : null;
    this.#intake.marks = this.#marks;
    this.#bars?.volume.clearMatches();
    this.#newerMatches = 0;
    this.#hit = null;
    for (const kept of this.#shown.lines) this.#rematch(kept);
    for (const kept of this.#newer.lines) if (this.#rematch(kept)) this.#newerMatches++;
    this.#drawProblem();
    this.#drawHeld();
  }

  #rematch(kept: Kept): boolean {
    kept.matches = this.#intake.matches(kept.line);
    if (kept.matches && kept.barMs !== null) this.#bars?.volume.addMatch(kept.barMs);
    return kept.matches;
  }

  #hold(why: 'hand' | 'pause'): void {
    if (this.#held === why) return;
    this.#held = why;
    this.#list.followsEnd = false;
    this.#drawHeld();
    this.#says.buttons(this.#state, this.#held !== null);
    this.#drawStatus();
  }

  #follow(): void {
    const { lines, forgotten } = this.#newer.take();
    this.#newerMatches = 0;
    this.#held = null;
    this.#list.followsEnd = true;
    if (forgotten > 0)
      this.#shown.add(this.#intake.take([ownNote('', 'page.forgotten', { n: forgotten }, store.nowMs)]));
    this.#shown.add(lines);
    this.#mergePast();
    this.#back.closePast();
    this.#show();
    this.#drawHeld();
    this.#says.buttons(this.#state, this.#held !== null);
    this.#drawStatus();
  }

  #goToTime(atMs: number): void {
    const found = this.#view.find(({ barMs }) => barMs !== null && barMs >= atMs) ?? this.#view.at(-1);
    if (found === undefined) return;
    this.#hold('hand');
    this.#list.reveal(found.n);
  }

  /** To the match before the current one, or after it; from the end, the newest. */
  #goToHit(step: -1 | 1): void {
    const hits = this.#view.filter(({ matches }) => matches);
    if (hits.length === 0) return;
    const now = this.#hit === null ? hits.length : hits.findIndex(({ n }) => n === this.#hit);
    const next = hits[(now + step + hits.length) % hits.length];
    if (next === undefined) return;
    this.#hit = next.n;
    this.#hold('hand');
    this.#list.reveal(next.n);
    this.#drawMatches();
  }

  #tick(): void {
    this.#drawStatus();
    this.#bars?.draw(store.nowMs);
  }

  #drawHeld(): void {
    const newer = this.#held === null ? 0 : this.#newer.lines.length + this.#newer.forgotten;
    this.#says.held(newer, this.#marks === null ? null : this.#newerMatches);
  }

  #drawMatches(): void {
    const hits = this.#view.filter(({ matches }) => matches);
    const hit = this.#hit;
    const at = hit === null ? 0 : hits.filter(({ n }) => n <= hit).length;
    this.#says.matches(this.#marks === null ? null : { n: hits.length, at });
  }

  #drawEmpty(): void {
    const isQuiet = performance.now() - this.#openedMs > QUIET_MS && this.#status === '';
    const filters = this.#marks !== null && this.#state.only;
    const text = filters ? say('log.noMatch', { n: this.#shown.lines.length }) : say('log.empty');
    this.#says.empty(this.#view.length === 0 && isQuiet ? text : null);
  }

  #drawProblem(): void {
    this.#says.problem(this.#unread || this.#unopened);
  }

  #drawStatus(): void {
    const following = (): string => say('log.following', { n: this.#rates.all(performance.now()) });
    const isHeld = this.#held !== null;
    if (this.#status !== '') this.#says.status(this.#status, 'off');
    else this.#says.status(isHeld ? say('log.paused') : following(), isHeld ? 'paused' : 'on');
    this.#drawEmpty();
  }

  #change(part: Partial<LogState>): void {
    this.#wanted = { ...this.#wanted, ...part };
    if (this.#options.changed === undefined) this.adopt(this.#wanted);
    else this.#options.changed(this.#wanted);
  }

  #wrap(on: boolean): void {
    this.element.classList.toggle('wrapped', on);
    this.#says.press('wrap', on);
    localStorage.setItem(WRAP_KEY, on ? 'yes' : 'no');
    this.#list.repaint();
  }

  /** What its buttons and fields do. */
  readonly does: LogDoes = {
    pause: () => (this.#held === null ? this.#hold('pause') : this.#follow()),
    follow: () => this.#follow(),
    wrap: () => this.#wrap(!this.element.classList.contains('wrapped')),
    download: () => saveLines(this.#view, this.#state, reader()),
    regex: () => this.#change({ regex: !this.#wanted.regex }),
    mark: () => this.#change({ only: false }),
    only: () => this.#change({ only: !this.#wanted.only }),
    up: () => this.#goToHit(-1),
    down: () => this.#goToHit(1),
    back: () => this.#back.open(),
    stream: (stream) => this.#change({ stream }),
    find: (find) => this.#change({ find }),
    open: (target) => this.#change({ targets: [target], off: [] }),
    marking: () => this.#held === null && this.#hold('hand'),
  };
}
