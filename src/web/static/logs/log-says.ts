import { type LogState, STREAMS } from '../../view/log-state.ts';
import { say } from '../page-root.ts';
import { newerWords } from './log-line.ts';

/** The words and buttons round the lines of a log: drawn only where they change. */
export class LogSays {
  readonly #element: HTMLElement;

  constructor(element: HTMLElement) {
    this.#element = element;
  }

  part(selector: string): HTMLElement {
    const found = this.#element.querySelector<HTMLElement>(selector);
    if (found === null) throw new Error(`the log has no ${selector}`);
    return found;
  }

  /** Newer lines that are held back; `matching` null: nothing is looked for. */
  held(newer: number, matching: number | null): void {
    const box = this.part('.log-held');
    box.hidden = newer === 0;
    const words = box.querySelector<HTMLElement>('b');
    if (words !== null) write(words, newerWords(newer, matching));
  }

  /** `at`: the place of the current one among them, from 1; 0: none is. Null: nothing is looked for. */
  matches(found: { readonly n: number; readonly at: number } | null): void {
    write(this.part('.log-matches'), found === null ? '' : hitWords(found));
    this.#element.classList.toggle('finding', found !== null);
  }

  problem(text: string): void {
    const box = this.part('.log-problem');
    box.hidden = text === '';
    box.textContent = text;
    this.#element.querySelector('[data-log-find]')?.setAttribute('aria-invalid', String(text !== ''));
  }

  /** Null: it is not empty, or not known to be. */
  empty(text: string | null): void {
    const box = this.part('.log-empty');
    box.hidden = text === null;
    if (text !== null) write(box, text);
  }

  status(text: string, now: 'on' | 'paused' | 'off'): void {
    const line = this.part('.log-status');
    line.classList.toggle('on', now === 'on');
    line.classList.toggle('paused', now === 'paused');
    write(line, text);
  }

  buttons({ regex, only, stream, find }: LogState, isHeld: boolean): void {
    const button = this.part('[data-log="pause"]');
    const icon = isHeld ? 'arrow-bar-to-down' : 'player-pause';
    button.innerHTML = `<svg class="icon" aria-hidden="true"><use href="#i-${icon}"/></svg>`;
    button.append(
      Object.assign(document.createElement('span'), {
        textContent: say(isHeld ? 'log.follow' : 'log.pause'),
      }),
    );
    this.press('regex', regex);
    this.press('mark', !only);
    this.press('only', only);
    for (const one of STREAMS) this.press(one, one === stream);
    const field = this.#element.querySelector<HTMLInputElement>('[data-log-find]');
    if (field !== null && field !== document.activeElement && field.value !== find) field.value = find;
  }

  press(what: string, on: boolean): void {
    this.#element.querySelector(`[data-log="${what}"]`)?.setAttribute('aria-pressed', String(on));
  }
}

function hitWords({ n, at }: { readonly n: number; readonly at: number }): string {
  return at > 0 ? say('log.hitOf', { n: at, all: n }) : say('log.hits', { n });
}

function write(element: HTMLElement, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}
