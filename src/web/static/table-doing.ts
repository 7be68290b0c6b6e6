import { linkOf, queryOf, turned, withTypedFacets } from '../view/query.ts';
import { onDo } from './doers.ts';
import { announce, byId, closest, copy } from './dom.ts';
import { restate } from './navigation.ts';
import { say } from './page-root.ts';
import { picks } from './picked.ts';
import { keyOfRow, keysOfRow, shownTable } from './rows.ts';
import { redraw } from './screen.ts';

const query = () => queryOf(new URLSearchParams(location.search));

onDo('tick', (on, event) => {
  const key = closest(on, '.row')?.dataset.key;
  if (key !== undefined) tick(key, event instanceof MouseEvent && event.shiftKey);
});

/** Ticks a row; with `range`, everything from the last ticked row to this one. */
export function tick(rowKey: string, range: boolean): void {
  const keys = range && picks.anchor !== null ? between(picks.anchor, rowKey) : null;
  if (keys !== null) for (const key of keys) picks.ticked.add(key);
  else picks.toggle(keysOfRow(rowKey));
  picks.anchor = rowKey;
  redraw();
}

function between(a: string, b: string): string[] | null {
  const rows = shownTable().rows;
  const [from, to] = [
    rows.findIndex((row) => keyOfRow(row) === a),
    rows.findIndex((row) => keyOfRow(row) === b),
  ].sort((x, y) => x - y);
  if (from === undefined || to === undefined || from < 0) return null;
  return rows.slice(from, to + 1).flatMap((row) => (row.kind === 'group' ? [] : keysOfRow(keyOfRow(row))));
}

export function tickAll(): void {
  picks.toggle(shownTable().matched.map(({ key }) => key));
  redraw();
}
onDo('tick-all', tickAll);

onDo('fold', (on) => {
  const key = closest(on, '.row')?.dataset.key;
  if (key !== undefined) fold(key);
});

export function fold(rowKey: string): void {
  const key = rowKey.replace(/^(group|fold) /, '');
  if (key !== rowKey) restate(linkOf(turned(query(), key)));
}

onDo('copy-link', async () => {
  if (await copy(location.href)) announce(say('do.copied'));
});

document.addEventListener('input', (event) => {
  const { target } = event;
  if (!(target instanceof HTMLInputElement) || target.dataset.on !== 'filter') return;
  const whole = target.value.endsWith(' ')
    ? withTypedFacets(query(), target.value)
    : { ...query(), text: target.value };
  if (whole.text !== target.value && whole.text !== target.value.trimEnd()) target.value = whole.text;
  restate(linkOf({ ...whole, text: whole.text.trim() }));
});

document.addEventListener('keydown', (event) => {
  const { target } = event;
  if (!(target instanceof HTMLInputElement) || target.dataset.on !== 'filter') return;
  if (event.key === 'Enter') {
    const next = withTypedFacets(query(), target.value);
    target.value = next.text;
    restate(linkOf(next));
  }
  if (event.key === 'Backspace' && target.value === '') removeLastChip();
});

function removeLastChip(): void {
  const chips = byId('main').querySelectorAll<HTMLAnchorElement>('.filter .chip');
  chips[chips.length - 1]?.click();
}
