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
import { paintLine } from './log-line.ts';
import { LogLines } from './log-lines.ts';
import { LogList } from './log-list.ts';
import { type LogDoes, listenTo } from './log-listen.ts';
import type { Kept } from './log-memory.ts';
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
  readonly #lines: LogLines;
  readonly #list: LogList;
  readonly #bars: LogBars | null;
  readonly #back: LogBack;
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
  /** Why the expression cannot be read here, and why the tail cannot be opened. */
  #unread = '';
  #unopened = '';
  #status = say('log.opening');
  #openedMs = 0;
  #view: readonly Kept[] = [];
  #hit: number | null = null;
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
    this.#lines = new LogLines(this.#bars);
    this.#back = new LogBack(element, () => ({ state: this.#state, marks: this.#marks }));
    this.#following = new Following({
      began: () => this.#began(),
      opened: () => {
        this.#began();
        this.#stands('');
      },
      lines: (lines) => this.#take(lines),
      stopped: (says, problem) => this.#stands(says, problem),
      ended: (says) => this.#openAnew(says),
      known: () => this.#lines.known(),
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

  /** The sources have other colours now. */
  recolour(): void {
    this.#list.repaint();
  }

  /** Lines a second of one source, or of one stream. */
  rateOf(of: string): number | null {
    return this.#lines.rates.of(of);
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

  /** What may be read is perhaps not what is shown any more. */
  #openAnew(says: string): void {
    this.#asked = '';
    this.#open();
    this.#take([{ kind: 'note', source: '', channel: 'stdout', says, atMs: store.nowMs }]);
  }

  #began(): void {
    this.#openedMs = performance.now();
    this.#lines.began(this.#openedMs);
  }

  #stands(status: string, problem = ''): void {
    this.#status = status;
    this.#unopened = problem;
    this.#drawStatus();
    this.#drawProblem();
  }

  #clear(): void {
    this.#lines.clear();
    this.#hit = null;
    if (this.#held === 'hand') this.#release();
    this.#list.followsEnd = true;
    this.#drawHeld();
    this.#soon();
  }

  #take(lines: readonly TailLine[]): void {
    this.#lines.take(lines, performance.now());
    this.#soon();
  }

  #soon(): void {
    if (this.#frame === 0) this.#frame = requestAnimationFrame(() => this.#show());
  }

  /** At most one drawing a frame, however many lines came; none while nobody can see it. */
  #show(): void {
    this.#frame = 0;
    const change = this.#lines.takeChange();
    if (change !== 'none') this.#drawLines(change === 'moved' ? 'anew' : 'as they are');
    this.#drawHeld();
    this.#drawEmpty();
  }

  #drawLines(how: 'anew' | 'as they are'): void {
    this.#view = wanted(this.#lines.shown, this.#state, this.#marks);
    this.#list.show(this.#view);
    if (how === 'anew') this.#list.repaint();
    this.#drawMatches();
  }

  /** Everything as the view wants it now. */
  #redraw(): void {
    this.#drawLines('anew');
    this.#drawEmpty();
  }

  #matchAnew(): void {
    const pattern = compiled(this.#pattern);
    this.#unread = pattern.kind === 'wrong' ? say('log.badExpression', { says: pattern.says }) : '';
    this.#marks = pattern.kind === 'ready' ? pattern.marks : null;
    this.#lines.match(this.#marks);
    this.#hit = null;
    this.#drawProblem();
    this.#drawHeld();
  }

  #hold(why: 'hand' | 'pause'): void {
    if (this.#held === why || this.#held === 'pause') return; // who paused it does not lose that by scrolling
    this.#held = why;
    this.#lines.hold();
    this.#list.followsEnd = false;
    this.#drawHeld();
    this.#says.buttons(this.#state, this.#held !== null);
    this.#drawStatus();
  }

  #follow(): void {
    this.#release();
    this.#list.followsEnd = true;
    this.#back.closePast();
    this.#show();
    this.#drawHeld();
    this.#says.buttons(this.#state, this.#held !== null);
    this.#drawStatus();
  }

  #release(): void {
    this.#held = null;
    this.#lines.release();
  }

  #goToTime(atMs: number): void {
    const found = this.#view.find(({ barMs }) => barMs !== null && barMs >= atMs) ?? this.#view.at(-1);
    if (found === undefined) return;
    this.#hold('hand');
    this.#list.reveal(found.n);
  }

  /** To the match before the current one, or after it; while there is none, to the newest or the oldest. */
  #goToHit(step: -1 | 1): void {
    const hits = this.#view.filter(({ matches }) => matches);
    const now = hits.findIndex(({ n }) => n === this.#hit);
    const from = now < 0 && step === -1 ? hits.length : now;
    const next = hits.at((from + step) % hits.length);
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
    const { n, matches } = this.#lines.newer;
    this.#says.held(n, this.#marks === null ? null : matches);
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
    const text = filters ? say('log.noMatch', { n: this.#lines.shown.length }) : say('log.empty');
    this.#says.empty(this.#view.length === 0 && isQuiet ? text : null);
  }

  #drawProblem(): void {
    this.#says.problem(this.#unread || this.#unopened);
  }

  #drawStatus(): void {
    const n = this.#lines.rates.all(performance.now());
    const isHeld = this.#held !== null;
    if (this.#status !== '') this.#says.status(this.#status, 'off');
    else
      this.#says.status(isHeld ? say('log.paused') : say('log.following', { n }), isHeld ? 'paused' : 'on');
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
