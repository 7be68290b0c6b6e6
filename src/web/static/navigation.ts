import { byId, closest } from './dom.ts';
import { root } from './page-root.ts';
import { picks } from './picked.ts';
import { path, redraw } from './screen.ts';

/** Goes to a page of the console (address without the base path) without a reload. */
export function go(link: string): void {
  const before = path();
  history.pushState(null, '', `${root.base}${link}`);
  arrived(before);
}

/** The same view, told more exactly: no new entry in the browser's history. */
export function restate(link: string): void {
  history.replaceState(null, '', `${root.base}${link}`);
  redraw();
}

function arrived(before: string): void {
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
    event.preventDefault();
    go(`${link.pathname.slice(root.base.length)}${link.search}`);
  });
  let before = path();
  addEventListener('popstate', () => {
    arrived(before);
    before = path();
  });
}
