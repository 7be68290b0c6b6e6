import type { Kept } from './log-memory.ts';

const ROW_PX = 20;
const OVERSCAN_PX = 400;
const END_PX = 24;
/** A scroll this soon after wheel, touch, key or pointer is the reader's own. */
const BY_HAND_MS = 800;

export interface LogListPorts {
  paint(kept: Kept, before: Kept | undefined): HTMLElement;
  /** The reader moved it away from its end, or back to it. */
  moved(to: 'away' | 'end'): void;
  /** What is in sight changed. */
  seen(): void;
}

/** The windowed lines: only what is in sight is in the document. While it is not at its end, nothing moves. */
export class LogList {
  readonly #box: HTMLElement;
  readonly #ports: LogListPorts;
  readonly #inner = div('log-in');
  readonly #rows = div('log-rows');
  #lines: readonly Kept[] = [];
  #drawn = new Map<number, HTMLElement>();
  #tops: Float64Array = new Float64Array(1);
  #atEnd = true;
  #handMs = Number.NEGATIVE_INFINITY;
  #setTop = -1;
  #widestPx = 0;
  #rowPx = ROW_PX;

  constructor(box: HTMLElement, ports: LogListPorts) {
    this.#box = box;
    this.#ports = ports;
    this.#inner.append(this.#rows);
    box.replaceChildren(this.#inner);
    this.#listen();
  }

  get followsEnd(): boolean {
    return this.#atEnd;
  }

  set followsEnd(follows: boolean) {
    this.#atEnd = follows;
  }

  /** Shows these lines: at their end, or with what is in sight staying where it is. */
  show(lines: readonly Kept[]): void {
    const anchor = this.#atEnd ? null : this.#anchor();
    this.#lines = lines;
    this.#measureAll();
    if (anchor !== null) this.#goTo(anchor);
    this.#draw();
  }

  /** Everything looks different now: other marks, colours or width. */
  repaint(): void {
    const anchor = this.#atEnd ? null : this.#anchor();
    this.#drawn.clear();
    this.#rows.replaceChildren();
    this.#widestPx = 0;
    this.#inner.style.minWidth = '';
    for (const kept of this.#lines) kept.height = 0;
    this.#measureAll();
    if (anchor !== null) this.#goTo(anchor);
    this.#draw();
  }

  /** Brings a line into the upper third. */
  reveal(n: number): void {
    this.#atEnd = false;
    const at = this.#placeOf(n);
    this.#setScroll((this.#tops[at] ?? 0) - this.#box.clientHeight / 3);
    this.#draw();
    for (const row of this.#rows.querySelectorAll('.at')) row.classList.remove('at');
    this.#drawn.get(n)?.classList.add('at');
  }

  /** The first and last line in sight. */
  inSight(): readonly [Kept, Kept] | null {
    const first = this.#lines[this.#at(this.#box.scrollTop)];
    const last = this.#lines[this.#at(this.#box.scrollTop + this.#box.clientHeight - 1)];
    return first === undefined || last === undefined ? null : [first, last];
  }

  #anchor(): { readonly n: number; readonly offset: number } | null {
    const at = this.#at(this.#box.scrollTop);
    const kept = this.#lines[at];
    return kept === undefined ? null : { n: kept.n, offset: this.#box.scrollTop - (this.#tops[at] ?? 0) };
  }

  #goTo({ n, offset }: { readonly n: number; readonly offset: number }): void {
    this.#setScroll((this.#tops[this.#placeOf(n)] ?? 0) + offset);
  }

  /** Place of a line by its number, or of the first one after it. */
  #placeOf(n: number): number {
    let [low, high] = [0, this.#lines.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#lines[middle]?.n ?? 0) < n) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Place of the line at a height. */
  #at(px: number): number {
    let [low, high] = [0, this.#lines.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#tops[middle] ?? 0) <= px) low = middle;
      else high = middle - 1;
    }
    return Math.max(0, low);
  }

  #measureAll(): void {
    const wanted = this.#lines.length + 1;
    if (this.#tops.length < wanted) this.#tops = new Float64Array(Math.ceil(wanted * 1.5));
    let top = 0;
    for (let at = 0; at < this.#lines.length; at++) {
      this.#tops[at] = top;
      top += this.#lines[at]?.height || this.#rowPx;
    }
    this.#tops[this.#lines.length] = top;
    this.#inner.style.height = `${top}px`;
  }

  #draw(): void {
    // What is drawn first may be higher than was thought: then a second look is right.
    for (let look = 0; look < 3; look++) {
      if (this.#atEnd) this.#setScroll(this.#tops[this.#lines.length] ?? 0);
      const from = this.#at(Math.max(0, this.#box.scrollTop - OVERSCAN_PX));
      const to = this.#at(this.#box.scrollTop + this.#box.clientHeight + OVERSCAN_PX) + 1;
      this.#put(from, Math.min(to, this.#lines.length));
      this.#rows.style.transform = `translateY(${this.#tops[from] ?? 0}px)`;
      if (!this.#correct(from, to)) break;
    }
    this.#ports.seen();
  }

  /** Exactly these in the document; what was there already stays as it is, a selection in it too. */
  #put(from: number, to: number): void {
    const wanted = new Map<number, HTMLElement>();
    for (let at = from; at < to; at++) {
      const kept = this.#lines[at];
      if (kept === undefined) continue;
      wanted.set(kept.n, this.#drawn.get(kept.n) ?? this.#ports.paint(kept, this.#lines[at - 1]));
    }
    for (const [n, row] of this.#drawn) if (!wanted.has(n)) row.remove();
    let next: Element | null = this.#rows.firstElementChild;
    for (const row of wanted.values()) {
      if (row === next) next = next.nextElementSibling;
      else this.#rows.insertBefore(row, next);
    }
    this.#drawn = wanted;
  }

  /** Takes over the heights as drawn; true when what is in sight has to be looked at again. */
  #correct(from: number, to: number): boolean {
    let changed = false;
    for (let at = from; at < Math.min(to, this.#lines.length); at++) {
      const kept = this.#lines[at];
      const height = kept === undefined ? 0 : (this.#drawn.get(kept.n)?.offsetHeight ?? 0);
      if (kept === undefined || height === 0 || (kept.height || this.#rowPx) === height) continue;
      kept.height = height;
      changed = true;
    }
    const widest = this.#rows.scrollWidth;
    if (widest > this.#widestPx) {
      this.#widestPx = widest;
      this.#inner.style.minWidth = `${widest}px`;
    }
    if (!changed) return false;
    const anchor = this.#atEnd ? null : this.#anchor();
    this.#measureAll();
    if (anchor !== null) this.#goTo(anchor);
    return true;
  }

  #setScroll(px: number): void {
    const top = Math.max(0, Math.min(px, this.#box.scrollHeight - this.#box.clientHeight));
    if (Math.abs(top - this.#box.scrollTop) >= 1) this.#box.scrollTop = top;
    this.#setTop = this.#box.scrollTop;
  }

  #listen(): void {
    for (const moved of ['wheel', 'touchmove', 'pointerdown', 'keydown'])
      this.#box.addEventListener(moved, () => (this.#handMs = performance.now()), { passive: true });
    this.#box.addEventListener('scroll', () => this.#scrolled(), { passive: true });
    new ResizeObserver(() => this.repaint()).observe(this.#box);
  }

  #scrolled(): void {
    if (Math.abs(this.#box.scrollTop - this.#setTop) < 1) return;
    const byHand = performance.now() - this.#handMs < BY_HAND_MS;
    const left = this.#box.scrollHeight - this.#box.scrollTop - this.#box.clientHeight;
    if (this.#atEnd && byHand && left >= END_PX) {
      this.#atEnd = false;
      this.#ports.moved('away');
    } else if (!this.#atEnd && byHand && left < 2) this.#ports.moved('end');
    this.#draw();
  }
}

function div(name: string): HTMLElement {
  return Object.assign(document.createElement('div'), { className: name });
}
