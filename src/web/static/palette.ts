import { type Found, find } from '../view/find.ts';
import { onDo } from './doers.ts';
import { html } from './draw.ts';
import { go } from './navigation.ts';
import { openPlan } from './plan-sheet.ts';
import { reader } from './screen.ts';
import { closeSheet, openSheet, redrawSheet } from './sheet.ts';
import { store } from './store.ts';
import { switchTheme } from './theme.ts';

let dialog: HTMLDialogElement | null = null;
let text = '';
let at = 0;
let offered: Found[] = [];

/** Find or run: everything by name, from anywhere. */
export function openPalette(): void {
  [text, at] = ['', 0];
  dialog = openSheet('palette', drawn());
  dialog.querySelector('input')?.focus();
}

function drawn(): string {
  const world = store.world;
  offered = world === null ? [] : find(text, world, reader());
  at = Math.max(0, Math.min(at, offered.length - 1));
  return html('partials/palette', { text, at, found: offered.map((one, n) => ({ ...one, on: n === at })) });
}

function redraw(): void {
  if (dialog === null) return;
  redrawSheet(dialog, drawn());
  dialog.querySelector('.found.on')?.scrollIntoView({ block: 'nearest' });
}

function take(one: Found | undefined): void {
  if (one === undefined) return;
  closeSheet();
  if (one.run === null) go(one.link);
  else if ('theme' in one.run) switchTheme();
  else void openPlan(one.run);
}

document.addEventListener('input', (event) => {
  if (!(event.target instanceof HTMLInputElement) || event.target.id !== 'palette-input') return;
  [text, at] = [event.target.value, 0];
  redraw();
});

document.addEventListener('keydown', (event) => {
  if (!(event.target instanceof HTMLInputElement) || event.target.id !== 'palette-input') return;
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step !== undefined) {
    event.preventDefault();
    at = (at + step + offered.length) % Math.max(1, offered.length);
    redraw();
  }
  if (event.key === 'Enter') {
    event.preventDefault(); // else it would press whatever has the focus next
    take(offered[at]);
  }
});

onDo('find', openPalette);
onDo('found', (on) => take(offered[Number(on.dataset.at)]));
