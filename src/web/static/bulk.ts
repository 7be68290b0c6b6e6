import type { Verb } from '../../fleet/action.ts';
import { linkTo } from '../view/links.ts';
import { MOST_SOURCES } from '../view/logs.ts';
import { selectorOf } from '../view/plan.ts';
import type { Reader } from '../view/reader.ts';
import { canDo } from '../view/row-view.ts';
import { type Member, targetOf, type World } from '../view/world.ts';
import { onDo } from './doers.ts';
import { byId } from './dom.ts';
import { draw, html } from './draw.ts';
import { openDrawer } from './drawer.ts';
import { go } from './navigation.ts';
import { picks } from './picked.ts';
import { openPlan } from './plan-sheet.ts';
import { shownTable } from './rows.ts';
import { path, redraw } from './screen.ts';
import { store } from './store.ts';

let bar: HTMLElement | null = null;

/** What is ticked and still there. */
export function tickedMembers(): Member[] {
  const world = store.world;
  return world === null ? [] : [...picks.ticked].flatMap((key) => world.byKey.get(key) ?? []);
}

export function drawBulk(_world: World, reader: Reader): void {
  bar ??= byId('menus').appendChild(Object.assign(document.createElement('div'), { id: 'bulk' }));
  const members = path() === '/processes' ? tickedMembers() : [];
  drawTickAll(members.length);
  if (members.length === 0) {
    draw(bar, '');
    return;
  }
  const able = (verb: 'start' | 'stop' | 'restart'): number =>
    members.filter((member) => canDo(member, reader)[verb] === null).length;
  const matched = shownTable().matched.length;
  draw(
    bar,
    html('partials/bulk', {
      n: members.length,
      hosts: new Set(members.map(({ host }) => host.id)).size,
      all: matched > members.length ? matched : 0,
      tailN: members.filter((member) => canDo(member, reader).tail === null).length,
      startN: able('start'),
      restartN: able('restart'),
      stopN: able('stop'),
    }),
  );
}

function drawTickAll(n: number): void {
  const all = document.getElementById('tick-all');
  if (all === null) return;
  const matched = shownTable().matched;
  const whole = n > 0 && matched.every(({ key }) => picks.ticked.has(key));
  all.className = `tick ${whole ? 'all' : n > 0 ? 'some' : 'none'}`;
  all.setAttribute('aria-checked', whole ? 'true' : n > 0 ? 'mixed' : 'false');
}

const LONGEST_SELECTOR = 3_000;

/** A plan for these processes, by their exact names. */
export function planFor(verb: Verb, members: readonly Member[]): void {
  const only = members.map(targetOf);
  const selector = selectorOf(only);
  if (only.length > 0)
    void openPlan({ verb, selector: selector.length > LONGEST_SELECTOR ? '*' : selector, only });
}

export function tailOf(members: readonly Member[]): void {
  const targets = members
    .filter(({ mark, process }) => mark !== 'stale' && (process.hasStdout || process.hasStderr))
    .map(targetOf);
  if (targets.length > 1) go(linkTo.logsOf(targets.slice(0, MOST_SOURCES)));
  else if (targets[0] !== undefined) openDrawer(targets[0]);
}

onDo('bulk', (on) => {
  const verb = (['start', 'stop', 'restart'] as const).find((one) => one === on.dataset.verb);
  if (verb !== undefined) planFor(verb, tickedMembers());
});
onDo('bulk-tail', () => tailOf(tickedMembers()));
onDo('untick', () => {
  picks.clear();
  redraw();
});
onDo('tick-all-matching', () => {
  for (const { key } of shownTable().matched) picks.ticked.add(key);
  redraw();
});
