import { chips, facets } from './filter.ts';
import type { PageMaker } from './page.ts';
import { GROUP_BYS, isFiltered, linkOf, type Query, queryOf, type SortBy, sorted } from './query.ts';
import type { Reader } from './reader.ts';
import { rowView } from './row-view.ts';
import { viewsOf } from './saved-views.ts';
import { tableOf } from './table.ts';
import { offsetsOf, ROW_HEIGHTS, windowAt } from './window.ts';

/** What the server draws of the table: enough for the tallest usual screen. */
const FIRST_ROWS_PX = 1500;

export const processesPage: PageMaker = (world, reader, { params, picked, get }) => {
  const query = queryOf(params);
  const table = tableOf(world, query, reader);
  const offsets = offsetsOf(table.rows, ({ kind }) => ROW_HEIGHTS.wide[kind]);
  const first = Math.min(Math.max(0, Number(params.get('row')) || 0), table.rows.length);
  const shown = windowAt(offsets, offsets[first] ?? 0, FIRST_ROWS_PX, 0);
  return {
    nav: 'processes',
    title: reader.say('nav.processes'),
    found: true,
    side: {
      template: 'partials/facets',
      model: {
        facets: facets(world, query, reader),
        clear: isFiltered(query)
          ? linkOf({ ...query, text: '', state: [], env: [], group: [], host: [], source: [] })
          : null,
      },
    },
    main: {
      template: 'pages/processes',
      model: {
        ...tableHead(query, reader),
        viewName: viewsOf('processes', params, get, reader)?.find(({ current }) => current)?.name ?? '',
        text: query.text,
        chips: chips(query, reader),
        matched: table.matched.length,
        total: world.members.length,
        filtered: isFiltered(query),
        empty: table.matched.length === 0,
        noHosts: world.hosts.length === 0,
        clear: linkOf({ ...query, text: '', state: [], env: [], group: [], host: [], source: [] }),
        rows: table.rows.slice(shown.from, shown.to).map((row) => rowView(row, reader, picked)),
        rowCount: table.rows.length + 1,
        later: shown.to < table.rows.length ? rowLink(params, shown.to) : null,
        sooner: shown.from > 0 ? rowLink(params, 0) : null,
      },
    },
  };
};

/** Where the rows go on, for browsers that do not draw more of them by themselves. */
function rowLink(params: URLSearchParams, row: number): string {
  const next = new URLSearchParams(params);
  if (row === 0) next.delete('row');
  else next.set('row', String(row));
  return `/processes?${next}`;
}

const COLUMNS: readonly (readonly [sort: SortBy, number: boolean])[] = [
  ['state', false],
  ['name', false],
  ['host', false],
  ['uptime', true],
  ['restarts', true],
  ['exit', true],
  ['cpu', true],
  ['memory', true],
];

function tableHead(query: Query, reader: Reader): unknown & object {
  return {
    columns: COLUMNS.map(([sort, number]) => ({
      sort,
      number,
      label: reader.say(`column.${sort}`),
      link: linkOf(sorted(query, sort)),
      aria: query.sort !== sort ? 'none' : query.descending ? 'descending' : 'ascending',
      on: query.sort === sort,
      down: query.descending,
    })),
    groupings: GROUP_BYS.map((by) => ({
      by,
      label: reader.say(`by.${by}`),
      on: query.by === by,
      link: linkOf({ ...query, by, turned: [] }),
    })),
    by: reader.say(`by.${query.by}`),
    fold: query.fold,
    foldable: query.by !== 'none',
    foldLink: linkOf({ ...query, fold: !query.fold }),
  };
}
