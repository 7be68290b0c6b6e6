import { change } from './morph.ts';

/** One element of a list: `text` is its HTML, or a way to it that is only gone when it is needed. */
export interface Item {
  readonly key: string;
  text(): string;
}

interface Drawn {
  readonly element: Element;
  text: string;
}

/**
 * The elements of one list by their `data-key`, drawn one by one: what says the same is not touched, so that a window
 * that moves over a long list costs what comes into it.
 */
export class DrawnList {
  readonly #into: Element;
  readonly #drawn = new Map<string, Drawn>();

  constructor(into: Element) {
    this.#into = into;
    for (const node of [...into.childNodes]) {
      const key = node instanceof Element ? node.getAttribute('data-key') : null;
      if (node instanceof Element && key !== null) this.#drawn.set(key, { element: node, text: '' });
      else node.remove();
    }
  }

  /** `moved`: only the window did; what is drawn already says what it should. */
  draw(items: readonly Item[], why: 'changed' | 'moved'): void {
    const wanted = new Set(items.map(({ key }) => key));
    for (const [key, { element }] of this.#drawn)
      if (!wanted.has(key)) {
        element.remove();
        this.#drawn.delete(key);
      }
    this.#renew(why === 'moved' ? items.filter(({ key }) => !this.#drawn.has(key)) : items);
    let at = this.#into.firstElementChild;
    for (const { key } of items) {
      const element = this.#drawn.get(key)?.element;
      if (element === undefined) continue;
      if (element === at) at = at.nextElementSibling;
      else this.#into.insertBefore(element, at);
    }
  }

  #renew(items: readonly Item[]): void {
    const texts = items.map((item) => ({ key: item.key, text: item.text().trim() }));
    const changed = texts.filter(({ key, text }) => this.#drawn.get(key)?.text !== text);
    if (changed.length === 0) return;
    const parsed = document.createElement('template');
    parsed.innerHTML = changed.map(({ text }) => text).join('');
    const elements = [...parsed.content.children];
    changed.forEach(({ key, text }, at) => {
      const element = elements[at];
      if (element !== undefined) this.#put(key, text, element);
    });
  }

  #put(key: string, text: string, element: Element): void {
    const known = this.#drawn.get(key);
    if (known === undefined) {
      this.#drawn.set(key, { element, text });
      return;
    }
    known.text = text;
    change(known.element, element);
  }
}
