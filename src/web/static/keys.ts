import type { MessageKey } from '../messages/en.ts';
import { linkTo } from '../view/links.ts';
import { isTrouble } from '../view/marks.ts';
import { type Member, targetOf } from '../view/world.ts';
import { planFor, tailOf, tickedMembers } from './bulk.ts';
import { onDo } from './doers.ts';
import { byId, closest, isTyping } from './dom.ts';
import { html } from './draw.ts';
import { closeDrawer, drawerIsOpen } from './drawer.ts';
import { keysAreOn, switchKeys } from './key-switch.ts';
import { closeMenu } from './menu.ts';
import { go } from './navigation.ts';
import { root, say } from './page-root.ts';
import { openPalette } from './palette.ts';
import { picks } from './picked.ts';
import { keyOfRow, reveal, shownTable } from './rows.ts';
import { path, redraw } from './screen.ts';
import { closeSheet, openSheet, sheetIsOpen } from './sheet.ts';
import { foldSide } from './side.ts';
import { store } from './store.ts';
import { fold, tick, tickAll } from './table-doing.ts';
import { walk, walkedKey } from './walk.ts';

const PAGES: Readonly<Record<string, string>> = {
  o: '/',
  p: '/processes',
  g: '/groups',
  h: '/hosts',
  l: '/logs',
  a: '/actions',
  c: '/schedules',
  e: '/alerts',
  s: '/settings/you',
};
const SHEET: readonly (readonly [keys: readonly string[], label: MessageKey])[] = [
  [['/'], 'keys.filter'],
  [['Ctrl K'], 'keys.find'],
  [['?'], 'keys.sheet'],
  [['j', 'k'], 'keys.move'],
  [['Enter'], 'keys.open'],
  [['x'], 'keys.tick'],
  [['Shift x'], 'keys.range'],
  [['a'], 'keys.all'],
  [['s', 'r', 'S'], 'keys.verbs'],
  [['t'], 'keys.tail'],
  [['m'], 'keys.more'],
  [['e'], 'keys.fold'],
  [['n', 'p'], 'keys.trouble'],
  [['f', 'Space'], 'keys.follow'],
  [['v'], 'keys.views'],
  [['['], 'keys.side'],
  [['Esc'], 'keys.back'],
  [['g o', 'g p', 'g g', 'g h', 'g l', 'g a', 'g c', 'g e', 'g s'], 'keys.pages'],
];

/** Pages that a saved view may open first. */
const NAV: Readonly<Record<string, string>> = { p: 'processes', l: 'logs' };

let afterG = false;

function openKeySheet(): void {
  openSheet(
    'narrow',
    html('partials/keys-sheet', {
      keys: SHEET.map(([keys, label]) => ({ keys, label: say(label) })),
      on: keysAreOn(),
    }),
  );
}

/** The processes a verb key is meant for: the ticked ones, else the row in hand, else the page's own. */
function meant(): Member[] {
  const ticked = path() === '/processes' ? tickedMembers() : [];
  if (ticked.length > 0) return ticked;
  const world = store.world;
  const current = shownTable().rows.find((row) => keyOfRow(row) === picks.current);
  if (path() === '/processes')
    return current === undefined ? [] : current.kind === 'process' ? [current.member] : [...current.members];
  const walked = walkedKey();
  if (walked !== null) return [world?.byKey.get(walked) ?? []].flat();
  const target = /^\/processes\/([^/]+)\/(.+)$/.exec(path());
  if (target === null || world === null) return [];
  const name = `${decodeURIComponent(target[1] ?? '')}/${decodeURIComponent(target[2] ?? '')}`;
  return world.members.filter((member) => targetOf(member) === name);
}

function move(step: number, wanted: (at: number) => boolean = () => true): void {
  const { rows } = shownTable();
  const from = rows.findIndex((row) => keyOfRow(row) === picks.current);
  for (let at = from + step; at >= 0 && at < rows.length; at += step) {
    const row = rows[at];
    if (row === undefined || !wanted(at)) continue;
    picks.current = keyOfRow(row);
    reveal(picks.current);
    redraw();
    hear();
    return;
  }
}

const step = (by: 1 | -1): void => (path() === '/processes' ? move(by) : walk(by));

/** Where the focus is nowhere else, the table takes it: it is what tells of its current row. */
function hear(): void {
  const { activeElement } = document;
  if (activeElement === document.body || activeElement?.id === 'main')
    byId('processes').focus({ preventScroll: true });
}

const troubled = (at: number): boolean => {
  const row = shownTable().rows[at];
  return row?.kind === 'process' && isTrouble(row.member.mark);
};

const withCurrent = (does: (key: string) => void): void => {
  if (picks.current !== null) does(picks.current);
};

function openCurrent(): void {
  const row = shownTable().rows.find((one) => keyOfRow(one) === picks.current);
  if (row?.kind === 'process') go(linkTo.process(row.member));
  else withCurrent(fold);
}

const moreOfCurrent = (): void =>
  document.querySelector<HTMLElement>('.row:is(.current, :focus-within) [data-do="row-more"]')?.click();

/** While the table has the focus, as in any list: also where letters are switched off. */
const GRID_KEYS: Readonly<Record<string, () => void>> = {
  ArrowDown: () => move(1),
  ArrowUp: () => move(-1),
  Enter: openCurrent,
  ' ': () => withCurrent((key) => tick(key, false)),
  ContextMenu: moreOfCurrent,
  'Shift F10': moreOfCurrent,
};

function pressInGrid(event: KeyboardEvent): boolean {
  if (!(event.target instanceof HTMLElement) || event.target.id !== 'processes') return false;
  const key = event.shiftKey && event.key === 'F10' ? 'Shift F10' : event.key;
  const act = Object.hasOwn(GRID_KEYS, key) ? GRID_KEYS[key] : undefined;
  act?.();
  return act !== undefined;
}

const KEYS: Readonly<Record<string, () => void>> = {
  '/': () =>
    (document.querySelector<HTMLElement>('#filter, #target-filter, [data-log-find]') ?? byId('main')).focus(),
  '?': openKeySheet,
  j: () => step(1),
  k: () => step(-1),
  n: () => move(1, troubled),
  p: () => move(-1, troubled),
  Enter: openCurrent,
  x: () => withCurrent((key) => tick(key, false)),
  X: () => withCurrent((key) => tick(key, true)),
  a: () => path() === '/processes' && tickAll(),
  s: () => planFor('start', meant()),
  r: () => planFor('restart', meant()),
  S: () => planFor('stop', meant()),
  t: () => tailOf(meant()),
  e: () => withCurrent(fold),
  f: () => document.querySelector<HTMLElement>('[data-log="follow"]')?.click(),
  ' ': () => document.querySelector<HTMLElement>('[data-log="pause"]')?.click(),
  '[': foldSide,
  v: () => document.querySelector<HTMLElement>('[data-do="views"]')?.click(),
  m: moreOfCurrent,
};

function back(): void {
  if (closeMenu() || sheetIsOpen()) return;
  if (drawerIsOpen()) {
    closeDrawer();
    return;
  }
  if (picks.ticked.size > 0) picks.clear();
  else picks.current = null;
  redraw();
}

document.addEventListener('keydown', (event) => {
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'k') {
    event.preventDefault();
    return sheetIsOpen() ? void closeSheet() : openPalette();
  }
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (event.key === 'Escape') {
    if (isTyping(event.target) && event.target instanceof HTMLElement && !sheetIsOpen())
      return event.target.blur();
    return back();
  }
  if (isTyping(event.target) || sheetIsOpen()) return;
  if (pressInGrid(event)) return event.preventDefault();
  if (!keysAreOn()) return;
  if ((event.key === 'Enter' || event.key === ' ') && closest(event.target, 'a, button, summary') !== null)
    return;
  if (press(event.key)) event.preventDefault();
});

function press(key: string): boolean {
  if (afterG) {
    afterG = false;
    const page = PAGES[key];
    if (page === undefined) return false;
    go(
      document
        .querySelector(`.nav [data-key="${NAV[key]}"]`)
        ?.getAttribute('href')
        ?.slice(root.base.length) ?? page,
    );
    return true;
  }
  if (key === 'g') {
    afterG = true;
    setTimeout(() => (afterG = false), 1_500);
    return true;
  }
  const act = Object.hasOwn(KEYS, key) ? KEYS[key] : undefined;
  act?.();
  return act !== undefined;
}

onDo('keys', openKeySheet);
onDo('keys-switch', () => {
  switchKeys();
  if (sheetIsOpen()) openKeySheet();
});
