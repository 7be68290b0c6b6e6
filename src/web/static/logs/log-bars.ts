import { hourMinute } from '../../view/format.ts';
import { say } from '../page-root.ts';
import { reader } from '../screen.ts';
import type { Kept } from './log-memory.ts';
import { BARS, type Bar, LogVolume } from './log-volume.ts';

const WIDTH = 960;
const HEIGHT = 36;
const STEP = WIDTH / BARS;

/** How much was written when, matches in gold, with the part in sight marked; a click goes there. */
export class LogBars {
  readonly volume = new LogVolume();
  readonly #svg: SVGSVGElement;
  readonly #axis: HTMLElement;
  readonly #lacks: HTMLElement;
  readonly #sight: SVGRectElement;
  readonly #all: SVGRectElement[];
  readonly #gold: SVGRectElement[];
  #selection = '';
  #hasPast = false;
  #bars: readonly Bar[] = [];
  #seen: readonly [Kept, Kept] | null = null;

  constructor(element: HTMLElement, goTo: (atMs: number) => void) {
    const make = <Tag extends 'svg' | 'rect'>(tag: Tag) =>
      document.createElementNS('http://www.w3.org/2000/svg', tag);
    this.#svg = make('svg');
    this.#svg.setAttribute('viewBox', `0 0 ${WIDTH} ${HEIGHT}`);
    this.#svg.setAttribute('preserveAspectRatio', 'none');
    this.#svg.setAttribute('role', 'img');
    this.#svg.setAttribute('aria-label', say('log.volume', { n: 0, matches: 0 }));
    this.#sight = make('rect');
    this.#sight.setAttribute('class', 'v-sight');
    this.#sight.setAttribute('height', String(HEIGHT));
    const rects = (name: string): SVGRectElement[] =>
      Array.from({ length: BARS }, (_, at) => {
        const rect = make('rect');
        rect.setAttribute('class', name);
        rect.setAttribute('x', String(at * STEP + 1));
        rect.setAttribute('width', String(STEP - 2));
        return rect;
      });
    this.#all = rects('v-all');
    this.#gold = rects('v-hit');
    this.#svg.append(this.#sight, ...this.#all, ...this.#gold);
    this.#axis = Object.assign(document.createElement('div'), { className: 'axis' });
    this.#lacks = Object.assign(document.createElement('p'), { className: 'volume-lacks' });
    element.replaceChildren(this.#svg, this.#axis, this.#lacks);
    this.#svg.addEventListener('click', (event) => {
      const { left, width } = this.#svg.getBoundingClientRect();
      const bar = this.#bars[Math.floor(((event.clientX - left) / width) * BARS)];
      if (bar !== undefined) goTo(bar.fromMs);
    });
  }

  draw(nowMs: number): void {
    this.#bars = this.volume.bars(nowMs);
    const peak = Math.max(1, ...this.#bars.map(({ lines }) => lines));
    this.#bars.forEach(({ lines, matches }, at) => {
      place(this.#all[at], lines === 0 ? 0 : Math.max(2, (lines / peak) * HEIGHT));
      place(this.#gold[at], matches === 0 ? 0 : Math.max(3, (matches / peak) * HEIGHT));
    });
    const lines = this.#bars.reduce((sum, bar) => sum + bar.lines, 0);
    const matches = this.#bars.reduce((sum, bar) => sum + bar.matches, 0);
    this.#svg.setAttribute('aria-label', say('log.volume', { n: lines, matches }));
    this.#drawAxis();
    this.#drawSight();
  }

  /** The bars are those of this selection. Asked for it again, as with a filter, its past stands there already. */
  of(selection: string): void {
    this.#hasPast = selection === this.#selection;
    this.#selection = selection;
    if (this.#hasPast) this.volume.clearMatches();
    else this.volume.clear();
  }

  /** A line at its time; one of the past only once. */
  place(atMs: number, matches: boolean, cameMs: number): void {
    if (this.#hasPast && atMs < cameMs) {
      if (matches) this.volume.addMatch(atMs);
    } else this.volume.add(atMs, 1, matches ? 1 : 0);
  }

  /** So many lines from before the page was open stand nowhere: they do not say when they were written. */
  lacks(n: number): void {
    const text = n === 0 ? '' : say('log.untimed', { n });
    if (this.#lacks.textContent !== text) this.#lacks.textContent = text;
  }

  /** The first and last line in sight. */
  see(seen: readonly [Kept, Kept] | null): void {
    this.#seen = seen;
    this.#drawSight();
  }

  #drawAxis(): void {
    const now = reader();
    const times = [0, 1 / 3, 2 / 3].map((share) => this.#bars[Math.floor(share * BARS)]?.fromMs ?? 0);
    const words = [...times.map((ms) => hourMinute(ms, now)), say('live.now')];
    if (this.#axis.textContent === words.join('')) return;
    this.#axis.replaceChildren(
      ...words.map((text) => Object.assign(document.createElement('span'), { textContent: text })),
    );
  }

  #drawSight(): void {
    const first = this.#bars[0]?.fromMs;
    const step = (this.#bars[1]?.fromMs ?? 0) - (first ?? 0);
    if (this.#seen === null || first === undefined || step <= 0) return;
    const x = (ms: number): number => Math.max(0, Math.min(WIDTH, ((ms - first) / step) * STEP));
    const ends = [x(placeOf(this.#seen[0])), x(placeOf(this.#seen[1]))];
    const [from, to] = [Math.min(...ends), Math.max(...ends)];
    this.#sight.setAttribute('x', String(Math.min(from, WIDTH - STEP)));
    this.#sight.setAttribute('width', String(Math.max(STEP, to - from + 2)));
  }
}

function place(rect: SVGRectElement | undefined, height: number): void {
  rect?.setAttribute('y', (HEIGHT - height).toFixed(1));
  rect?.setAttribute('height', height.toFixed(1));
}

const placeOf = ({ barMs, line }: Kept): number => barMs ?? line.atMs;
