import { timesOf } from '../view/action-times.ts';
import { rowOf } from '../view/actions.ts';
import type { Reader } from '../view/reader.ts';
import {
  MANY,
  TARGET_HEIGHTS,
  targetHeight,
  targetLink,
  targetList,
  targetQuery,
} from '../view/target-list.ts';
import { offsetsOf } from '../view/window.ts';
import type { World } from '../view/world.ts';
import { byId } from './dom.ts';
import { html } from './draw.ts';
import { restate } from './navigation.ts';
import { knownAction } from './old-actions.ts';
import { path, reader } from './screen.ts';
import { store } from './store.ts';
import { WindowedList } from './windowed-list.ts';

const phone = matchMedia('(max-width: 699px)');
let list: WindowedList | null = null;

/** Draws the targets of the action on the page, as many of them as are in sight. */
export function drawTargets(world: World, now: Reader): void {
  const into = document.getElementById('targets');
  const action = into === null ? null : actionOf(world, into.dataset.of ?? '');
  if (into === null || action === null) return;
  const { rows } = targetList(action, targetQuery(new URLSearchParams(location.search)));
  const times = timesOf(action, now);
  const heights = TARGET_HEIGHTS[phone.matches ? 'phone' : 'wide'];
  if (list?.into !== into) list = new WindowedList(byId('main'), into, (from) => number(into, from));
  list.show({
    offsets: offsetsOf(rows, (row) => targetHeight(row, heights)),
    whole: rows.length <= MANY,
    items: (from, to) =>
      rows.slice(from, to).map((row) => ({
        key: row.key,
        text: () => html('partials/action-row', rowOf(row, action, times, now)),
      })),
  });
}

const actionOf = (world: World, id: string) =>
  world.fleet.actions.find((one) => one.id === id) ?? knownAction(id);

/** The head of the table is its first row. */
function number(into: HTMLElement, from: number): void {
  [...into.children].forEach((row, at) => {
    row.setAttribute('aria-rowindex', String(from + at + 2));
  });
}

phone.addEventListener('change', () => {
  const { world } = store;
  if (world !== null) drawTargets(world, reader());
});

const isFilter = (target: EventTarget | null): target is HTMLInputElement =>
  target instanceof HTMLInputElement && target.id === 'target-filter';

document.addEventListener('input', ({ target }) => {
  if (!isFilter(target)) return;
  const query = targetQuery(new URLSearchParams(location.search));
  restate(targetLink(path(), { ...query, text: target.value.trim() }));
});

document.addEventListener('submit', (event) => {
  const form = event.target;
  if (form instanceof HTMLFormElement && form.classList.contains('targets-filter')) event.preventDefault();
});
