import type { TailLine } from '../../../api/contract.ts';
import { compiled, forHub, type LogPattern } from '../../view/log-pattern.ts';
import { type LogState, STREAMS, type Stream } from '../../view/log-state.ts';
import { html } from '../draw.ts';
import { say } from '../page-root.ts';
import { reader } from '../screen.ts';
import { store } from '../store.ts';
import { LogBack } from './log-back.ts';
import { LogBars } from './log-bars.ts';
import { saveLines } from './log-download.ts';
import { LogIntake, ownNote } from './log-intake.ts';
import { newerWords, paintLine } from './log-line.ts';
import { LogList } from './log-list.ts';
import { type Kept, LogMemory } from './log-memory.ts';
import { LogRates } from './log-rates.ts';
import { rejoined } from './log-rejoin.ts';
import { openTail, type Tail } from './log-tail.ts';

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
const LAST_BYTES = 16_384;
const LAST_BYTES_OF_ONE = 65_536;
/** With a filter on the hub: so many lines of the past that match, of each log. */
const LAST_MATCHES = 500;
/** What comes so soon after the opening is the past. */
const PAST_MS = 1_500;
const PAST_PAUSE_MS = 400;
const TYPING_MS = 300;

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
  readonly #timer: number;
  #state: LogState;
  #marks: RegExp | null = null;
  #tail: Tail | null = null;
  /** What the open tail was asked for, as text. */
  #asked = '';
  #held: 'hand' | 'pause' | null = null;
  #newerMatches = 0;
  #problem = '';
  #status = say('log.opening');
  #openedMs = 0;
  #cameMs = 0;
  /** After the line was lost: lines of the new tail, until its past is told. */
  #past: { lines: TailLine[]; awaySinceMs: number } | null = null;
  #view: readonly Kept[] = [];
  #hit: number | null = null;
  #frame = 0;
  #typing = 0;

  constructor(element: HTMLElement, options: LogViewOptions) {
    this.element = element;
    this.#options = options;
    this.#state = options.state;
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
    this.#list = new LogList(this.#part('.log-lines'), {
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
    this.#wrap(localStorage.getItem(WRAP_KEY) === 'yes');
    this.#listen();
    this.#matchAnew();
    this.#open();
    this.#timer = window.setInterval(() => this.#tick(), 1_000);
    this.#drawButtons();
  }

  close(): void {
    clearInterval(this.#timer);
    clearTimeout(this.#typing);
    cancelAnimationFrame(this.#frame);
    this.#back.close();
    this.#tail?.close();
  }

  /** The view as the page's link says it now. */
  adopt(state: LogState): void {
    const before = this.#state;
    this.#state = state;
    const isOther = state.find !== before.find || state.regex !== before.regex;
    if (isOther) this.#matchAnew();
    if (JSON.stringify(before) === JSON.stringify(state)) return;
    this.#drawButtons();
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

  #part(selector: string): HTMLElement {
    const found = this.element.querySelector<HTMLElement>(selector);
    if (found === null) throw new Error(`the log has no ${selector}`);
    return found;
  }

  get #pattern(): LogPattern {
    return { find: this.#state.find, regex: this.#state.regex };
  }

  /** Opens the tail the view asks for, unless it is open already. */
  #open(): void {
    const { targets, off, only, stream } = this.#state;
    const regex = only ? forHub(this.#pattern) : undefined;
    const wish = {
      target: targets,
      except: off,
      channels: stream === 'both' ? (['stdout', 'stderr'] as const) : [stream],
      lastBytes: this.#isSingle ? LAST_BYTES_OF_ONE : LAST_BYTES,
      ...(regex === undefined ? {} : { regex, lines: LAST_MATCHES }),
    };
    const asked = JSON.stringify(wish);
    if (asked === this.#asked) return;
    this.#asked = asked;
    this.#tail?.close();
    this.#clear();
    this.#status = say('log.opening');
    this.#openedMs = performance.now();
    this.#tail = openTail(wish, {
      opened: () => this.#opened(),
      again: () => this.#again(),
      lines: (lines) => this.#came(lines),
      refused: ({ says, where }) => this.#refused(says ?? '', where),
      ended: (says) => {
        this.#status = say('log.ended', { says });
        this.#drawStatus();
      },
    });
  }

  #opened(): void {
    this.#problem = '';
    this.#status = '';
    this.#openedMs = performance.now();
    this.#drawStatus();
    this.#drawProblem();
  }

  #refused(says: string, where: string | undefined): void {
    this.#problem = where === 'regex' ? say('log.badExpression', { says }) : says;
    this.#status = say('log.notOpen');
    this.#drawStatus();
    this.#drawProblem();
  }

  #clear(): void {
    this.#shown.clear();
    this.#newer.clear();
    this.#newerMatches = 0;
    this.#hit = null;
    this.#past = null;
    if (this.#held === 'hand') this.#held = null;
    this.#list.followsEnd = true;
    this.#drawHeld();
    this.#soon();
  }

  /** The line to the hub was lost and is back: what is shown stays, and what is new joins it. */
  #again(): void {
    this.#past = { lines: [], awaySinceMs: this.#cameMs };
    this.#openedMs = performance.now();
    window.setTimeout(() => this.#rejoin(), PAST_MS);
  }

  #rejoin(): void {
    const past = this.#past;
    if (past === null) return;
    this.#past = null;
    const known = [...this.#shown.lines, ...this.#newer.lines].map(({ line }) => line);
    const { lines, isWhole } = rejoined(known, past.lines);
    if (known.length > 0) {
      const awayMs = Math.max(0, store.nowMs - past.awaySinceMs);
      const key = isWhole ? 'page.back' : 'page.backLacks';
      this.#take([ownNote('', key, { awayMs }, store.nowMs)]);
    }
    this.#take(lines);
  }

  #came(lines: readonly TailLine[]): void {
    this.#cameMs = store.nowMs;
    if (this.#past !== null) this.#past.lines.push(...lines);
    else this.#take(lines);
  }

  #take(lines: readonly TailLine[]): void {
    const kept = this.#intake.take(lines);
    const now = performance.now();
    const isPast = now - this.#openedMs < PAST_PAUSE_MS;
    const matches = kept.filter((one) => one.matches).length;
    if (!isPast) {
      this.#rates.add(kept, now);
      this.#bars?.volume.add(store.nowMs, kept.length, matches);
    }
    if (this.#held === null) this.#shown.add(kept);
    else {
      this.#newer.add(kept);
      this.#newerMatches += matches;
    }
    this.#soon();
  }

  #soon(): void {
    if (this.#frame === 0) this.#frame = requestAnimationFrame(() => this.#show());
  }

  /** At most one drawing a frame, however many lines came; none while nobody can see it. */
  #show(): void {
    this.#frame = 0;
    if (this.#held !== null) this.#drawHeld();
    else {
      this.#view = this.#wanted(this.#shown.lines);
      this.#list.show(this.#view);
      this.#drawMatches();
    }
    this.#drawEmpty();
  }

  #wanted(lines: readonly Kept[]): readonly Kept[] {
    const { only, stream, off } = this.#state;
    const hides = only && this.#marks !== null;
    if (!hides && stream === 'both' && off.length === 0) return lines;
    const left = new Set(off);
    return lines.filter(
      ({ line, matches }) =>
        (!hides || matches || line.kind === 'note') &&
        (stream === 'both' || line.kind === 'note' || line.channel === stream) &&
        !left.has(line.source),
    );
  }

  /** Everything as the view wants it now. */
  #redraw(): void {
    this.#view = this.#wanted(this.#shown.lines);
    this.#list.show(this.#view);
    this.#list.repaint();
    this.#drawMatches();
    this.#drawEmpty();
  }

  #matchAnew(): void {
    const pattern = compiled(this.#pattern);
    this.#problem = pattern.kind === 'wrong' ? say('log.badExpression', { says: pattern.says }) : '';
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
    if (kept.matches) this.#bars?.volume.addMatch(kept.line.atMs);
    return kept.matches;
  }

  #hold(why: 'hand' | 'pause'): void {
    if (this.#held === why) return;
    this.#held = why;
    this.#list.followsEnd = false;
    this.#drawHeld();
    this.#drawButtons();
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
    this.#back.closePast();
    this.#show();
    this.#drawHeld();
    this.#drawButtons();
    this.#drawStatus();
  }

  #goToTime(atMs: number): void {
    const found = this.#view.find(({ line }) => line.atMs >= atMs) ?? this.#view.at(-1);
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
    const newer = this.#newer.lines.length + this.#newer.forgotten;
    const box = this.#part('.log-held');
    box.hidden = this.#held === null || newer === 0;
    const words = box.querySelector('b');
    const text = newerWords(newer, this.#marks === null ? null : this.#newerMatches);
    if (words !== null && words.textContent !== text) words.textContent = text;
  }

  #drawMatches(): void {
    const n = this.#marks === null ? 0 : this.#view.filter(({ matches }) => matches).length;
    const at =
      this.#hit === null ? 0 : this.#view.filter((kept) => kept.matches && kept.n <= (this.#hit ?? 0)).length;
    const text =
      this.#marks === null ? '' : at > 0 ? say('log.hitOf', { n: at, all: n }) : say('log.hits', { n });
    const line = this.#part('.log-matches');
    if (line.textContent !== text) line.textContent = text;
    this.element.classList.toggle('finding', this.#marks !== null);
  }

  #drawProblem(): void {
    const box = this.#part('.log-problem');
    box.hidden = this.#problem === '';
    box.textContent = this.#problem;
    this.element.querySelector('[data-log-find]')?.setAttribute('aria-invalid', String(this.#problem !== ''));
  }

  #drawEmpty(): void {
    const box = this.#part('.log-empty');
    const isQuiet = performance.now() - this.#openedMs > PAST_PAUSE_MS && this.#status === '';
    box.hidden = this.#view.length > 0 || !isQuiet;
    const filters = this.#marks !== null && this.#state.only;
    const text = filters ? say('log.noMatch', { n: this.#shown.lines.length }) : say('log.empty');
    if (box.textContent !== text) box.textContent = text;
  }

  #drawButtons(): void {
    const { regex, only, stream, find } = this.#state;
    const button = this.#part('[data-log="pause"]');
    const icon = this.#held === null ? 'player-pause' : 'arrow-bar-to-down';
    button.innerHTML = `<svg class="icon" aria-hidden="true"><use href="#i-${icon}"/></svg>`;
    button.append(
      Object.assign(document.createElement('span'), {
        textContent: say(this.#held === null ? 'log.pause' : 'log.follow'),
      }),
    );
    this.#press('regex', regex);
    this.#press('mark', !only);
    this.#press('only', only);
    for (const one of STREAMS) this.#press(one, one === stream);
    const field = this.element.querySelector<HTMLInputElement>('[data-log-find]');
    if (field !== null && field !== document.activeElement && field.value !== find) field.value = find;
  }

  #press(what: string, on: boolean): void {
    this.element.querySelector(`[data-log="${what}"]`)?.setAttribute('aria-pressed', String(on));
  }

  #drawStatus(): void {
    const rate = this.#rates.all(performance.now());
    const text =
      this.#status || (this.#held === null ? say('log.following', { n: rate }) : say('log.paused'));
    const line = this.#part('.log-status');
    line.classList.toggle('on', this.#status === '' && this.#held === null);
    line.classList.toggle('paused', this.#status === '' && this.#held !== null);
    if (line.textContent !== text) line.textContent = text;
    this.#drawEmpty();
  }

  #change(part: Partial<LogState>): void {
    const state = { ...this.#state, ...part };
    if (this.#options.changed === undefined) this.adopt(state);
    else this.#options.changed(state);
  }

  #listen(): void {
    this.element.addEventListener('click', (event) => {
      const button = event.target instanceof Element ? event.target.closest<HTMLElement>('[data-log]') : null;
      if (button !== null) DOES[button.dataset.log ?? '']?.(this);
    });
    const field = this.element.querySelector<HTMLInputElement>('[data-log-find]');
    field?.addEventListener('input', () => this.#change({ find: field.value }));
    // Typed before the page was ready to listen.
    if (field !== null && field === document.activeElement && field.value !== this.#state.find)
      queueMicrotask(() => this.#change({ find: field.value }));
    field?.addEventListener('keydown', (event) => {
      if (event.key === 'Enter') this.#goToHit(event.shiftKey ? 1 : -1);
    });
    const on = this.element.querySelector<HTMLFormElement>('[data-log-on]');
    on?.addEventListener('submit', (event) => {
      event.preventDefault();
      const text = new FormData(on).get('target');
      if (typeof text === 'string' && text.trim() !== '') this.#change({ targets: [text.trim()], off: [] });
    });
    document.addEventListener('selectionchange', this.#onSelection);
  }

  /** Who marks text to copy it does not want it to move away. */
  readonly #onSelection = (): void => {
    if (!this.element.isConnected) document.removeEventListener('selectionchange', this.#onSelection);
    const selection = document.getSelection();
    const inLines = this.#part('.log-lines').contains(selection?.anchorNode ?? null);
    if (inLines && selection?.isCollapsed === false && this.#held === null) this.#hold('hand');
  };

  #wrap(on: boolean): void {
    this.element.classList.toggle('wrapped', on);
    this.#press('wrap', on);
    localStorage.setItem(WRAP_KEY, on ? 'yes' : 'no');
    this.#list.repaint();
  }

  /** What the buttons of one view do. */
  readonly buttons = {
    pause: () => (this.#held === null ? this.#hold('pause') : this.#follow()),
    follow: () => this.#follow(),
    wrap: () => this.#wrap(!this.element.classList.contains('wrapped')),
    download: () => saveLines(this.#view, this.#state, reader()),
    regex: () => this.#change({ regex: !this.#state.regex }),
    mark: () => this.#change({ only: false }),
    only: () => this.#change({ only: true }),
    up: () => this.#goToHit(-1),
    down: () => this.#goToHit(1),
    back: () => this.#back.open(),
    stream: (stream: Stream) => this.#change({ stream }),
  };
}

const WRAP_KEY = 'fv_log_wrap';

const DOES: Readonly<Record<string, (view: LogView) => void>> = {
  pause: (view) => view.buttons.pause(),
  follow: (view) => view.buttons.follow(),
  wrap: (view) => view.buttons.wrap(),
  download: (view) => view.buttons.download(),
  regex: (view) => view.buttons.regex(),
  mark: (view) => view.buttons.mark(),
  only: (view) => view.buttons.only(),
  up: (view) => view.buttons.up(),
  down: (view) => view.buttons.down(),
  back: (view) => view.buttons.back(),
  both: (view) => view.buttons.stream('both'),
  stdout: (view) => view.buttons.stream('stdout'),
  stderr: (view) => view.buttons.stream('stderr'),
};
