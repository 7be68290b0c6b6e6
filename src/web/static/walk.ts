import { closest } from './dom.ts';

/** What lists hold one below the other, on pages whose table is not the table of processes. */
const STOPS = [
  '.problem .p-name > a:first-child',
  '.row.process .c-name a',
  '.line:not(.head) .l-name a',
  '.alert .a-subject > a:first-child',
]
  .map((stop) => `#main ${stop}`)
  .join(', ');

/** Takes the focus to the next of them, or the one before: `Enter` opens it, and its row shows what it offers. */
export function walk(step: 1 | -1): void {
  const stops = [...document.querySelectorAll<HTMLElement>(STOPS)].filter((stop) => stop.checkVisibility());
  const row = closest(document.activeElement, '[data-key]');
  const from = stops.findIndex((stop) => row?.contains(stop));
  stops[from < 0 && step < 0 ? stops.length - 1 : from + step]?.focus();
}

/** The key of the row or problem that holds the focus. */
export function walkedKey(): string | null {
  return closest(document.activeElement, '.row.process, .problem')?.dataset.key ?? null;
}
