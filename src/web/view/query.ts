import { MARKS, type Mark } from './marks.ts';

/** One view of the process table, as its link says it. */
export interface Query {
  readonly text: string;
  readonly state: readonly Mark[];
  readonly env: readonly string[];
  readonly group: readonly string[];
  readonly host: readonly string[];
  readonly source: readonly string[];
  readonly by: GroupBy;
  readonly fold: boolean;
  readonly sort: SortBy;
  readonly descending: boolean;
  /** Groups and folds that were turned over by hand: `web`, `web/running`. */
  readonly turned: readonly string[];
}

export const GROUP_BYS = ['group', 'host', 'program', 'env', 'state', 'none'] as const;
export type GroupBy = (typeof GROUP_BYS)[number];
export const SORT_BYS = ['state', 'name', 'host', 'uptime', 'restarts', 'exit', 'cpu', 'memory'] as const;
export type SortBy = (typeof SORT_BYS)[number];
export const FACETS = ['state', 'env', 'group', 'host', 'source'] as const;
export type Facet = (typeof FACETS)[number];

export const PLAIN: Query = {
  text: '',
  state: [],
  env: [],
  group: [],
  host: [],
  source: [],
  by: 'group',
  fold: true,
  sort: 'state',
  descending: false,
  turned: [],
};

/** Reads a link; what it does not know it leaves at its default. */
export function queryOf(params: URLSearchParams): Query {
  const sort = params.get('sort') ?? '';
  const column = sort.replace(/^-/, '');
  return {
    text: params.get('text') ?? '',
    state: params.getAll('state').filter(isMark),
    env: params.getAll('env'),
    group: params.getAll('group'),
    host: params.getAll('host'),
    source: params.getAll('source'),
    by: oneOf(GROUP_BYS, params.get('by')) ?? PLAIN.by,
    fold: params.get('fold') !== '0',
    sort: oneOf(SORT_BYS, column) ?? PLAIN.sort,
    descending: sort.startsWith('-'),
    turned: params.getAll('turned'),
  };
}

function isMark(text: string): text is Mark {
  return (MARKS as readonly string[]).includes(text);
}

function oneOf<T extends string>(all: readonly T[], text: string | null): T | undefined {
  return all.find((one) => one === text);
}

/** The shortest link to this view: `/processes?env=prod&state=fatal`. */
export function linkOf(query: Query): string {
  const params = new URLSearchParams();
  if (query.text !== '') params.set('text', query.text);
  for (const facet of FACETS) for (const value of query[facet]) params.append(facet, value);
  if (query.by !== PLAIN.by) params.set('by', query.by);
  if (!query.fold) params.set('fold', '0');
  if (query.sort !== PLAIN.sort || query.descending)
    params.set('sort', `${query.descending ? '-' : ''}${query.sort}`);
  for (const key of query.turned) params.append('turned', key);
  const text = params.toString();
  return text === '' ? '/processes' : `/processes?${text}`;
}

/** With one facet value ticked, or unticked if it was. */
export function toggled(query: Query, facet: Facet, value: string): Query {
  const now: readonly string[] = query[facet];
  const next = now.includes(value) ? now.filter((one) => one !== value) : [...now, value];
  return { ...query, [facet]: next };
}

export function turned(query: Query, key: string): Query {
  return {
    ...query,
    turned: query.turned.includes(key) ? query.turned.filter((one) => one !== key) : [...query.turned, key],
  };
}

/** Sorted by a column; a second time turns it round. Numbers begin with the largest. */
export function sorted(query: Query, sort: SortBy): Query {
  if (query.sort === sort) return { ...query, descending: !query.descending };
  return { ...query, sort, descending: LARGEST_FIRST.has(sort) };
}

const LARGEST_FIRST: ReadonlySet<SortBy> = new Set(['uptime', 'restarts', 'exit', 'cpu', 'memory']);

export function isFiltered(query: Query): boolean {
  return query.text !== '' || FACETS.some((facet) => query[facet].length > 0);
}

/** `env=prod` typed into the text field becomes a facet; what is left stays text. */
export function withTypedFacets(query: Query, text: string): Query {
  let next: Query = query;
  const left = text
    .split(/\s+/)
    .filter((word) => {
      const [, facet, value] = /^(state|env|group|host|source)[=:](.+)$/.exec(word) ?? [];
      const known = FACETS.find((one) => one === facet);
      if (known === undefined || value === undefined) return true;
      const meant = known === 'state' ? value.toLowerCase() : value;
      if (known === 'state' && !isMark(meant)) return true;
      if (!(next[known] as readonly string[]).includes(meant)) next = toggled(next, known, meant);
      return false;
    })
    .join(' ');
  return { ...next, text: left };
}
