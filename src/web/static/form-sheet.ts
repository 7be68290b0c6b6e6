import type { ConflictRow } from '../view/conflict.ts';
import { faultsShown } from '../view/problem-words.ts';
import { type Answer, isConflict, problemWords } from './api.ts';
import { onDo } from './doers.ts';
import { announce, closest } from './dom.ts';
import { html } from './draw.ts';
import { root } from './page-root.ts';
import { openSheet, redrawSheet } from './sheet.ts';

type Words = { readonly cause: string; readonly mend: string };

/** A sheet that asks for something, sends it, and says what went wrong where it was typed. */
export interface FormSheet<T> {
  readonly template: string;
  readonly kind?: 'sheet' | 'narrow';
  /** What the template gets besides `problem` and `sending`. */
  model(): object;
  /** Words: something is wrong already here, nothing is sent. */
  send(given: FormData): Promise<Answer<T>> | Words;
  /** Fields of the template that say themselves what is wrong with them. */
  readonly ownFaults?: ReadonlySet<string>;
  /** After somebody else changed it: what, as rows, and how to go on by each of the two ways. */
  conflict?(given: FormData): Promise<Clash | null>;
  /** What comes after; the sheet closes then. */
  done(value: T): void;
  /** Hears of every change in the form. */
  changed?(form: HTMLFormElement, sheet: OpenForm): void;
}

/** What somebody else changed, and what becomes of the form then. */
export interface Clash {
  readonly rows: readonly ConflictRow[];
  /** The next sending counts on what there is now. */
  keepMine(): void;
  /** The form shows what there is now. */
  takeTheirs(): void;
}

export interface OpenForm {
  readonly dialog: HTMLDialogElement;
  redraw(): void;
  close(): void;
}

export function openForm<T>(wish: FormSheet<T>): OpenForm {
  let problem: Words | null = null;
  let sending = false;
  let clash: Clash | null = null;
  let faults: Readonly<Record<string, string>> = {};
  const text = (): string =>
    html(wish.template, { ...wish.model(), problem, faults, sending, conflict: clash });
  const dialog = openSheet(wish.kind ?? 'narrow', text());
  const sheet: OpenForm = {
    dialog,
    redraw: () => redrawSheet(dialog, text()),
    close: () => dialog.close(),
  };
  dialog.addEventListener('submit', async (event) => {
    event.preventDefault();
    if (sending || !(event.target instanceof HTMLFormElement)) return;
    const sent = wish.send(new FormData(event.target));
    if ('cause' in sent) {
      problem = sent;
      return sheet.redraw();
    }
    sending = true;
    sheet.redraw();
    const answer = await sent;
    sending = false;
    ({ problem, faults } = answer.ok
      ? { problem: null, faults: {} }
      : faultsShown(answer.problem, wish.ownFaults ?? new Set(), root.language));
    if (!answer.ok) {
      const given = new FormData(event.target);
      clash = isConflict(answer.problem) ? ((await wish.conflict?.(given)) ?? null) : null;
      return sheet.redraw();
    }
    sheet.close();
    wish.done(answer.value);
  });
  dialog.addEventListener('click', ({ target }) => {
    const wanted = closest(target, '[data-do=keep-mine], [data-do=take-theirs]')?.dataset.do;
    const known = clash;
    if (wanted === undefined || known === null) return;
    [clash, problem] = [null, null];
    if (wanted === 'take-theirs') known.takeTheirs();
    else known.keepMine();
    sheet.redraw();
    // What was picked or ticked goes back to what the form says now.
    if (wanted === 'take-theirs') dialog.querySelector('form')?.reset();
    if (wanted === 'keep-mine') dialog.querySelector('form')?.requestSubmit();
  });
  for (const kind of ['input', 'change'] as const)
    dialog.addEventListener(kind, ({ target }) => {
      const form = target instanceof Element ? target.closest('form') : null;
      if (form !== null) wish.changed?.(form, sheet);
    });
  (
    dialog.querySelector<HTMLElement>('[autofocus]') ?? dialog.querySelector<HTMLElement>('input, select')
  )?.focus();
  return sheet;
}

/** A text field as it was typed, without spaces around it. */
export const field = (given: FormData, name: string): string => String(given.get(name) ?? '').trim();

/** Something is done by one click; what went wrong is said where everybody hears it. */
export async function doNow<T>(
  asked: Promise<Answer<T>>,
  then: (value: T, etag: string | null) => void,
): Promise<void> {
  const answer = await asked;
  if (answer.ok) then(answer.value, answer.etag);
  else announce(Object.values(problemWords(answer.problem)).join(' '));
}

/** A sheet that shows a secret this once. */
export function showOnce(model: {
  readonly title: string;
  readonly text: string;
  readonly secret: string;
  readonly icon: string;
}): void {
  openSheet('narrow', html('partials/once-sheet', model));
}

onDo('submit-sheet', (on) => {
  const form = on.closest('dialog')?.querySelector('form');
  if (form instanceof HTMLFormElement) form.requestSubmit();
});
