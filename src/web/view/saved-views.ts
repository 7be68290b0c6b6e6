import type { SavedView } from '../../api/contract.ts';
import { type Get, mapLoaded, type Read } from './loaded.ts';
import type { PageView } from './page.ts';
import { linkOf, queryOf } from './query.ts';
import type { Reader } from './reader.ts';

export const viewsRead: Read<readonly SavedView[]> = { path: '/views' };

type ListPage = SavedView['page'];

/** A saved view as side and menu offer it. */
export interface ViewEntry {
  readonly id: string;
  readonly name: string;
  readonly link: string;
  readonly current: boolean;
  readonly own: boolean;
  readonly shared: boolean;
  readonly opensFirst: boolean;
  readonly says: string;
}

/** Which list a page is; null: none that has views. */
export function listOf({ nav, main }: PageView): ListPage | null {
  if (main.template !== `pages/${nav}`) return null;
  return nav === 'processes' || nav === 'logs' ? nav : null;
}

/** The saved views of a list; null for a page that has none. */
export function viewsOf(
  list: ListPage | null,
  params: URLSearchParams,
  get: Get,
  reader: Reader,
): readonly ViewEntry[] | null {
  return list === null ? null : entriesIn(known(get), list, params, reader);
}

/** Of these views those of one list. */
export function entriesIn(
  views: readonly SavedView[],
  list: ListPage,
  params: URLSearchParams,
  reader: Reader,
): readonly ViewEntry[] {
  const here = queryOfPage(list, params);
  return views.filter(({ page }) => page === list).map((view) => entryOf(view, here, reader));
}

function entryOf(view: SavedView, here: string, { say }: Reader): ViewEntry {
  const { id, name, own, shared, opensFirst, owner } = view;
  const words = [
    shared ? (own ? say('views.sharedByYou') : say('views.sharedBy', { by: owner })) : '',
    opensFirst ? say('views.opensFirst') : '',
  ];
  return {
    id,
    name,
    link: linkOfView(view),
    current: queryOfPage(view.page, new URLSearchParams(view.query)) === here,
    own,
    shared,
    opensFirst,
    says: [name, ...words.filter(Boolean)].join(' · '),
  };
}

export const linkOfView = ({ page, query }: Pick<SavedView, 'page' | 'query'>): string =>
  `/${page}${query === '' ? '' : `?${query}`}`;

/** The address of a list, told always in the same way and without what is only unfolded. */
export function queryOfPage(page: ListPage, params: URLSearchParams): string {
  if (page === 'processes') return linkOf({ ...queryOf(params), turned: [] }).replace(/^[^?]*\??/, '');
  const sorted = new URLSearchParams(params);
  sorted.sort();
  return sorted.toString();
}

/** What the link to a page opens: the view that opens first, else the page as it is. */
export function firstLink(page: ListPage, get: Get): string {
  const first = known(get).find((view) => view.page === page && view.opensFirst);
  return first === undefined ? `/${page}` : linkOfView(first);
}

const known = (get: Get): readonly SavedView[] => mapLoaded(get(viewsRead), (views) => views, []);
