import { NAV_KEYS } from '../view/links.ts';
import { missingPage } from '../view/missing.ts';
import type { PageView } from '../view/page.ts';
import { present } from '../view/present.ts';
import type { Reader } from '../view/reader.ts';
import { listOf, viewsOf } from '../view/saved-views.ts';
import { shell, tabTitle } from '../view/shell.ts';
import { tree } from '../view/side.ts';
import type { World } from '../view/world.ts';
import { get } from './asked.ts';
import { byId } from './dom.ts';
import { draw, html } from './draw.ts';
import { mutedProblems } from './muted-problems.ts';
import { knownAction } from './old-actions.ts';
import { root, say } from './page-root.ts';
import { picks } from './picked.ts';
import { store } from './store.ts';

const zone = root.ownZone || Intl.DateTimeFormat().resolvedOptions().timeZone;

export function reader(): Reader {
  return {
    nowMs: store.nowMs,
    language: root.language,
    say,
    zone,
    ownZone: root.ownZone !== '',
    csrf: root.csrf,
    base: root.base,
    user: root.user,
    role: root.role,
    muted: mutedProblems(),
    may: (right) => root.rights.has(right),
  };
}

/** The path without the base path. */
export function path(): string {
  return location.pathname.slice(root.base.length) || '/';
}

type AfterDraw = (world: World, reader: Reader) => void;
const components: AfterDraw[] = [];

/** A component that draws its own part after each page. */
export function afterDraw(component: AfterDraw): void {
  components.push(component);
}

let wanted = false;

/** Draws the page in the next frame; calling it often costs nothing. */
export function redraw(): void {
  if (wanted) return;
  wanted = true;
  requestAnimationFrame(() => {
    wanted = false;
    const world = store.world;
    if (world !== null) drawScreen(world);
  });
}

function drawScreen(world: World): void {
  const now = reader();
  if (!isDrawnHere(path())) {
    drawAround(world, now);
    return;
  }
  const page = pageNow(world, now);
  const around = shell(world, now, page, get);
  const views = viewsOf(listOf(page), new URLSearchParams(location.search), get, now);
  document.body.dataset.nav = page.nav;
  document.title = tabTitle(page.title, around.line);
  draw(byId('top'), html('partials/top', around));
  draw(byId('line'), html('partials/fleet-line', around.line));
  draw(byId('bottom'), html('partials/bottom', around));
  const above = views === null ? '' : html('partials/views-side', { views });
  draw(byId('side'), above + html(page.side.template, page.side.model));
  draw(byId('main'), html(page.main.template, page.main.model));
  for (const component of components) component(world, now);
}

/** The hub draws forms: of their pages only what is around them follows the fleet. */
export function isDrawnHere(path: string): boolean {
  return !/^\/(?:forms|reference|api|install)(?:\/|$)/.test(path);
}

function drawAround(world: World, now: Reader): void {
  const page = pageNow(world, now);
  const around = shell(world, now, { ...page, nav: navNow() ?? page.nav }, get);
  draw(byId('top'), html('partials/top', around));
  draw(byId('line'), html('partials/fleet-line', around.line));
  for (const component of components) component(world, now);
}

const navNow = (): PageView['nav'] | undefined => NAV_KEYS.find((key) => key === document.body.dataset.nav);

function pageNow(world: World, now: Reader): PageView {
  const params = new URLSearchParams(location.search);
  const page = present(path(), world, now, { params, picked: picks, action: knownAction, get });
  return (
    page ??
    missingPage('overview', say('missing.page'), '/', now, {
      template: 'partials/tree',
      model: tree(world, now, {}),
    })
  );
}
