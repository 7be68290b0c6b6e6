import type { Mark } from '../view/marks.ts';
import { queryOf } from '../view/query.ts';
import type { Reader } from '../view/reader.ts';
import { type RowView, rowView } from '../view/row-view.ts';
import { membersOf, type Row, type Table, tableOf } from '../view/table.ts';
import { type Heights, offsetsOf, ROW_HEIGHTS } from '../view/window.ts';
import type { World } from '../view/world.ts';
import { onDo } from './doers.ts';
import { html } from './draw.ts';
import type { Item } from './draw-list.ts';
import { say } from './page-root.ts';
import { picks } from './picked.ts';
import { path, reader, redraw } from './screen.ts';
import { store } from './store.ts';
import { WindowedList } from './windowed-list.ts';

const phone = matchMedia('(max-width: 699px)');
const HOLD_MS = 4_000;

/** The windowed table: only what is in sight is in the document, whatever the fleet's size. */
let table: Table = { rows: [], matched: [] };
let offsets: Float64Array = new Float64Array(1);
let drawnFor = '';
let pointerAtMs = Number.NEGATIVE_INFINITY;

export function shownTable(): Table {
  return table;
}

export function keyOfRow(row: Row): string {
  return row.kind === 'process' ? row.key : `${row.kind} ${row.key}`;
}

function heights(): Heights {
  return phone.matches ? ROW_HEIGHTS.phone : ROW_HEIGHTS.wide;
}

/** Draws the rows in sight for the world as it is now. */
export function drawRows(world: World, now: Reader): void {
  const body = document.getElementById('rows');
  if (body === null || path() !== '/processes') return;
  const fresh = tableOf(world, queryOf(new URLSearchParams(location.search)), now);
  const sameView = drawnFor === location.search;
  table = sameView && performance.now() - pointerAtMs < HOLD_MS ? held(table, fresh, world) : fresh;
  tellMoved(movedIn(table, fresh));
  if (!sameView) marksDrawn.clear();
  drawnFor = location.search;
  const px = heights();
  offsets = offsetsOf(table.rows, ({ kind }) => px[kind]);
  const { rows } = table;
  listIn(body).show({ offsets, items: (from, to) => rows.slice(from, to).map(itemOf) });
}

/** The same order with new values, while the pointer is among the rows: nothing moves away from under it. */
function held(before: Table, fresh: Table, world: World): Table {
  const rows = before.rows.flatMap((row): Row[] => {
    if (row.kind !== 'process') {
      const same = fresh.rows.find((one) => one.kind === row.kind && one.key === row.key);
      return same === undefined ? [] : [same];
    }
    const member = world.byKey.get(row.key);
    return member === undefined ? [] : [{ ...row, member }];
  });
  return { rows, matched: fresh.matched };
}

/** How many processes would stand elsewhere, were the order not held. */
function movedIn(shown: Table, fresh: Table): number {
  if (shown === fresh) return 0;
  return fresh.rows.filter((row, at) => {
    const now = shown.rows[at];
    return row.kind === 'process' && (now === undefined || keyOfRow(now) !== row.key);
  }).length;
}

function tellMoved(n: number): void {
  const note = document.getElementById('moved');
  if (note === null) return;
  note.hidden = n === 0;
  note.textContent = n === 0 ? '' : say('table.moved', { n });
}

onDo('settle-rows', () => {
  pointerAtMs = Number.NEGATIVE_INFINITY;
  redraw();
});

const FLASH_MS = 600;
const marksDrawn = new Map<string, Mark>();

/** A row whose state changed under the eye of the reader is washed once. */
function flashChanged(into: HTMLElement, rows: readonly RowView[]): void {
  for (const row of rows) {
    if (!('process' in row)) continue;
    const before = marksDrawn.get(row.key);
    marksDrawn.set(row.key, row.mark);
    if (before === undefined || before === row.mark) continue;
    const element = into.querySelector(`[data-key="${CSS.escape(row.key)}"]`);
    element?.classList.add('flash');
    setTimeout(() => element?.classList.remove('flash'), FLASH_MS);
  }
}

const lists = new WeakMap<HTMLElement, WindowedList>();
let rendered: RowView[] = [];

function listIn(body: HTMLElement): WindowedList {
  const known = lists.get(body);
  if (known !== undefined) return known;
  body.addEventListener('pointermove', () => (pointerAtMs = performance.now()), { passive: true });
  body.addEventListener('pointerleave', () => (pointerAtMs = Number.NEGATIVE_INFINITY), { passive: true });
  const into = document.createElement('div');
  into.className = 'rows-in';
  into.append(...body.childNodes);
  body.append(into);
  const list = new WindowedList(body, into, (from) => {
    tellPlaces(into, from);
    flashChanged(into, rendered);
    rendered = [];
  });
  lists.set(body, list);
  return list;
}

function itemOf(row: Row): Item {
  return {
    key: keyOfRow(row),
    text() {
      const view = rowView(row, reader(), picks);
      rendered.push(view);
      return html('partials/row', view);
    },
  };
}

/** Numbers the rows in sight within the whole table, and names the current one to whoever hears the page. */
function tellPlaces(into: HTMLElement, from: number): void {
  let current = '';
  [...into.children].forEach((row, at) => {
    // the head of the table is its first row
    row.setAttribute('aria-rowindex', String(from + at + 2));
    const key = row.getAttribute('data-key') ?? '';
    if (key === picks.current) current = row.id = idOf(key);
    else if (row.id !== '') row.removeAttribute('id');
  });
  const grid = into.closest('[role="grid"]');
  if (current === '') grid?.removeAttribute('aria-activedescendant');
  else grid?.setAttribute('aria-activedescendant', current);
}

/** An id has no spaces: two keys never give the same. */
const idOf = (key: string): string =>
  `row-${key.replace(/[^A-Za-z0-9-]/g, (sign) => `_${sign.charCodeAt(0)}_`)}`;

/** Brings a row into sight without moving more than it must. */
export function reveal(key: string): void {
  const body = document.getElementById('rows');
  const at = table.rows.findIndex((row) => keyOfRow(row) === key);
  if (body === null || at < 0) return;
  const [top, bottom] = [offsets[at] ?? 0, offsets[at + 1] ?? 0];
  if (top < body.scrollTop) body.scrollTop = top;
  else if (bottom > body.scrollTop + body.clientHeight - 64) body.scrollTop = bottom - body.clientHeight + 64;
}

export function keysOfRow(rowKey: string): string[] {
  const row = table.rows.find((one) => keyOfRow(one) === rowKey);
  return row === undefined ? [] : membersOf(row).map(({ key }) => key);
}

phone.addEventListener('change', () => {
  const world = store.world;
  if (world !== null) drawRows(world, reader());
});
