import { closest } from './dom.ts';

/** What a click on `data-do="…"` does. */
export type Doer = (on: HTMLElement, event: Event) => void;
const doers = new Map<string, Doer>();

export function onDo(name: string, doer: Doer): void {
  doers.set(name, doer);
}

export function listenForDoing(): void {
  document.addEventListener('click', (event) => {
    const on = closest(event.target, '[data-do]');
    const doer = doers.get(on?.dataset.do ?? '');
    if (on === null || doer === undefined) return;
    event.preventDefault();
    doer(on, event);
  });
}
