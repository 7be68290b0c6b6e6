import type { Call } from './route.ts';

/** How pages are told, for the routes that have them. */
export const PAGES = 'A `link` header with `rel="next"` names the next page while there is one.';

export interface PageWish<T> {
  readonly limit?: number | undefined;
  /** The id of the last of the page before. */
  readonly after?: string | undefined;
  idOf(one: T): string;
}

/** Answers with all of a list when no page is asked for, else with the page. */
export function sendPage<T>(call: Call, all: readonly T[], wish: PageWish<T>): void {
  const isWhole = wish.limit === undefined && wish.after === undefined;
  call.res.json(isWhole ? all : pageOf(call, all, wish));
}

/** In the order of their ids those after the last page; tells of the next one. */
export function pageOf<T>(call: Call, all: readonly T[], { limit, after, idOf }: PageWish<T>): T[] {
  const sorted = all
    .map((one) => ({ one, id: idOf(one) }))
    .filter(({ id }) => after === undefined || id > after)
    .sort((a, b) => (a.id < b.id ? -1 : 1));
  const page = sorted.slice(0, limit ?? sorted.length);
  const last = page.at(-1);
  if (last !== undefined && page.length < sorted.length) linkNext(call, last.id);
  return page.map(({ one }) => one);
}

/** Names the page that follows the one that ends with this id. */
export function linkNext({ req, res }: Call, after: string): void {
  const query = new URLSearchParams(req.originalUrl.split('?')[1]);
  query.set('after', after);
  res.set('link', `<${req.originalUrl.split('?')[0]}?${query}>; rel="next"`);
}
