import { linkTo } from '../view/links.ts';
import { membersNamed } from '../view/log-sources.ts';
import { type LogState, logLink, logStateOf } from '../view/log-state.ts';
import { targetOf, type World } from '../view/world.ts';
import { LogView } from './logs/log-view.ts';
import { restate } from './navigation.ts';

const views = new Map<HTMLElement, LogView>();
/** Places of the sources on the Logs page, as its side colours them. */
let colours: ReadonlyMap<string, number> = new Map();

/** Starts the tails a page holds, and ends those whose page is gone. */
export function drawPageLogs(world: World): void {
  for (const [element, view] of views) {
    if (element.isConnected) continue;
    view.close();
    views.delete(element);
  }
  drawThePage(world);
  for (const element of document.querySelectorAll<HTMLElement>('[data-log-target]')) {
    if (views.has(element)) continue;
    const targets = (element.dataset.logTarget ?? '').split('\n').filter(Boolean);
    views.set(
      element,
      new LogView(element, {
        state: stateOf(targets),
        kind: 'panel',
        link: linkTo.logsOf(targets),
        title: targets[0] ?? '',
        colourOf: (source) => Math.max(0, targets.indexOf(source)),
      }),
    );
  }
}

/** A tail that stands in another page: what is looked for leaves out the rest. */
export function stateOf(targets: readonly string[]): LogState {
  return { targets, off: [], find: '', regex: false, only: true, stream: 'both' };
}

function drawThePage(world: World): void {
  const element = document.querySelector<HTMLElement>('[data-log-page]');
  if (element === null) return;
  const state = logStateOf(new URLSearchParams(location.search));
  const names = membersNamed(world, state.targets).map(targetOf);
  const isOther = names.join('\n') !== [...colours.keys()].join('\n');
  if (isOther) colours = new Map(names.map((name, at) => [name, at]));
  const view = views.get(element);
  if (view === undefined)
    views.set(
      element,
      new LogView(element, {
        state,
        kind: 'page',
        link: logLink(state),
        title: '',
        colourOf: (source) => colours.get(source) ?? 0,
        changed: (next) => restate(logLink(next)),
      }),
    );
  else {
    view.adopt(state);
    if (isOther) view.recolour();
    drawRates(view);
  }
}

function drawRates(view: LogView): void {
  for (const cell of document.querySelectorAll<HTMLElement>('#side [data-rate]')) {
    const rate = view.rateOf(cell.dataset.rate ?? '');
    const text = rate === null ? '' : String(rate);
    if (cell.textContent !== text) cell.textContent = text;
  }
}
