import { byId, closest } from './dom.ts';
import { root } from './page-root.ts';
import { picks } from './picked.ts';
import { isDrawnHere, path, redraw } from './screen.ts';

/** Goes to a page of the console (address without the base path) without a reload. */
export function go(link: string): void {
  const before = path();
  keepScroll();
  history.pushState(null, '', `${root.base}${link}`);
  arrived(before);
}

/** What scrolls on a page, by id. */
const SCROLLERS = ['main', 'rows'] as const;

/** Where this page is scrolled to, with its entry in the browser's history. */
function keepScroll(): void {
  const scroll = SCROLLERS.map((id) => document.getElementById(id)?.scrollTop ?? 0);
  history.replaceState({ scroll }, '');
}

/** Back where one was, once the page stands. */
function bringScroll(state: unknown): void {
  const scroll: unknown = Object.assign({ scroll: null }, state).scroll;
  if (!Array.isArray(scroll)) return;
  requestAnimationFrame(() =>
    requestAnimationFrame(() =>
      SCROLLERS.forEach((id, at) => {
        const element = document.getElementById(id);
        if (element !== null) element.scrollTop = Number(scroll[at]);
      }),
    ),
  );
}

/** The same view, told more exactly: no new entry in the browser's history. */
export function restate(link: string): void {
  history.replaceState(history.state, '', `${root.base}${link}`);
  redraw();
}

function arrived(before: string): void {
  if (!isDrawnHere(path()) || !isDrawnHere(before)) {
    location.reload();
    return;
  }
  if (path() !== before) {
    byId('main').scrollTop = 0;
    picks.clear();
    picks.current = null;
    if (document.documentElement.dataset.side === 'open') delete document.documentElement.dataset.side;
  }
  redraw();
}

/** Links within the console draw the next page from what this browser already has. */
export function followLinks(): void {
  document.addEventListener('click', (event) => {
    const link = closest(event.target, 'a[href]');
    if (!(link instanceof HTMLAnchorElement) || event.defaultPrevented || event.button !== 0) return;
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey || link.target !== '') return;
    if (
      link.origin !== location.origin ||
      !link.pathname.startsWith(`${root.base}/`) ||
      link.hasAttribute('download')
    )
      return;
    if (link.getAttribute('href')?.startsWith('#')) return;
    const here = path();
    const there = link.pathname.slice(root.base.length);
    // From or to a page the hub draws, the browser loads it.
    if (!isDrawnHere(here) || !isDrawnHere(there)) return;
    event.preventDefault();
    go(`${there}${link.search}`);
  });
  let before = path();
  addEventListener('popstate', ({ state }) => {
    arrived(before);
    bringScroll(state);
    before = path();
  });
}
