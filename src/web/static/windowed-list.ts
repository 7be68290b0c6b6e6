import { windowAt } from '../view/window.ts';
import { DrawnList, type Item } from './draw-list.ts';

/** What stands in a list, of which only what is in sight is asked for. */
export interface Listed {
  /** Where each begins, and the height of them all. */
  readonly offsets: Float64Array;
  items(from: number, to: number): readonly Item[];
  /** Drawn whole: all are in the document, and may be of any height. */
  readonly whole?: boolean;
}

/** Draws of a long list what is in sight: the rest is room above and below. */
export class WindowedList {
  readonly into: HTMLElement;
  readonly #scroller: HTMLElement;
  readonly #drawn: DrawnList;
  readonly #onDrawn: (from: number) => void;
  #listed: Listed = { offsets: new Float64Array(1), items: () => [] };

  /** `onDrawn` hears which is the first in the document, after each drawing. */
  constructor(scroller: HTMLElement, into: HTMLElement, onDrawn: (from: number) => void) {
    this.#scroller = scroller;
    this.into = into;
    this.#drawn = new DrawnList(into);
    this.#onDrawn = onDrawn;
    const move = (): void => {
      if (into.isConnected) this.#draw('moved');
      else scroller.removeEventListener('scroll', move);
    };
    scroller.addEventListener('scroll', move, { passive: true });
    new ResizeObserver(() => into.isConnected && this.#draw('changed')).observe(scroller);
  }

  show(listed: Listed): void {
    this.#listed = listed;
    this.#draw('changed');
  }

  #draw(why: 'changed' | 'moved'): void {
    const { offsets, items, whole = false } = this.#listed;
    if (whole && why === 'moved') return;
    const shown = whole
      ? { from: 0, to: offsets.length - 1, beforePx: 0, afterPx: 0 }
      : windowAt(offsets, this.#scrolledPx(), this.#scroller.clientHeight);
    this.into.style.paddingTop = `${shown.beforePx}px`;
    this.into.style.paddingBottom = `${shown.afterPx}px`;
    this.#drawn.draw(items(shown.from, shown.to), why);
    this.#onDrawn(shown.from);
  }

  #scrolledPx(): number {
    const above = this.#scroller.getBoundingClientRect().top - this.into.getBoundingClientRect().top;
    return Math.max(0, above);
  }
}
