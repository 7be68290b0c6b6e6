import { matching } from './filter.ts';
import { countMarks, markWord } from './fleet-line.ts';
import { isTrouble, MARKS, type Mark, rankOf, worstOf } from './marks.ts';
import { type GroupBy, linkOf, type Query, type SortBy } from './query.ts';
import type { Reader } from './reader.ts';
import { compareNames, gathered, groupBefore, type Member, type World } from './world.ts';

/** The table before it is drawn: which rows there are, in which order. Cheap for 10,000. */
export type Row =
  | {
      readonly kind: 'group';
      readonly key: string;
      readonly title: string;
      /** The group it stands for; null when it stands for something else. */
      readonly group: string | null;
      readonly members: readonly Member[];
      readonly open: boolean;
      readonly by: GroupBy;
    }
  | {
      readonly kind: 'fold';
      readonly key: string;
      readonly mark: Mark;
      readonly members: readonly Member[];
      readonly open: boolean;
    }
  | { readonly kind: 'process'; readonly key: string; readonly member: Member };

export interface Table {
  readonly rows: readonly Row[];
  readonly matched: readonly Member[];
}

const GROUP_NAME: Record<Exclude<GroupBy, 'none'>, (member: Member) => string> = {
  group: ({ process }) => process.group,
  host: ({ host }) => host.name,
  program: ({ process, program }) => (process.group === program ? program : `${process.group}:${program}`),
  env: ({ host }) => host.environment ?? '',
  state: ({ mark }) => mark,
};

/** Programs that are a group of their own with one process stand under one head; no group can be called so. */
const ALONE = ':';

function groupNameIn(world: World, by: Exclude<GroupBy, 'none'>): (member: Member) => string {
  if (by !== 'group') return GROUP_NAME[by];
  return ({ process }) =>
    groupBefore(process) === '' && world.byGroup.get(process.group)?.length === 1 ? ALONE : process.group;
}

const made = new WeakMap<World, Map<string, Table>>();

/** The rows of a view. Asked again for the same world and view it gives the same table. */
export function tableOf(world: World, query: Query, reader: Reader): Table {
  const tables = made.get(world) ?? new Map<string, Table>();
  made.set(world, tables);
  const key = `${reader.language} ${linkOf(query)}`;
  const table = tables.get(key) ?? makeTable(world, query, reader);
  tables.set(key, table);
  return table;
}

function makeTable(world: World, query: Query, reader: Reader): Table {
  const matched = matching(world.members, query);
  if (query.by === 'none') return { matched, rows: inOrder(matched, query).map(processRow) };
  const by = query.by;
  const groups = [...gathered(matched, groupNameIn(world, by))].map(([name, members]) => ({
    name,
    members,
    rank: rankOf(worstOf(members.map(({ mark }) => mark))),
  }));
  groups.sort((a, b) => a.rank - b.rank || compareNames(a.name, b.name));
  const turned = new Set(query.turned);
  const rows = groups.flatMap(({ name, members }) =>
    groupRows(name, titleOf(by, name, reader), inOrder(members, query), query, turned),
  );
  return { matched, rows };
}

function titleOf(by: GroupBy, name: string, reader: Reader): string {
  const mark = by === 'state' ? MARKS.find((one) => one === name) : undefined;
  if (mark !== undefined) return markWord(mark, reader);
  if (name === ALONE) return reader.say('table.alone');
  return name === '' ? reader.say('env.none') : name;
}

const processRow = (member: Member): Row => ({ kind: 'process', key: member.key, member });

function groupRows(
  name: string,
  title: string,
  members: readonly Member[],
  query: Query,
  turned: ReadonlySet<string>,
): Row[] {
  const open = !turned.has(name);
  const group = query.by === 'group' && name !== ALONE ? name : null;
  const head: Row = { kind: 'group', key: name, title, group, members, open, by: query.by };
  if (!open) return [head];
  if (!query.fold) return [head, ...members.map(processRow)];
  return [head, ...folded(name, members, turned)];
}

/** Trouble and what moves stay as rows; stale folds to one row per host, running to one row. */
function folded(name: string, members: readonly Member[], turned: ReadonlySet<string>): Row[] {
  const loose = members.filter(({ mark }) => mark !== 'running' && mark !== 'stale');
  const stale = gathered(
    members.filter(({ mark }) => mark === 'stale'),
    ({ host }) => host.name,
  );
  const running = members.filter(({ mark }) => mark === 'running');
  return [
    ...loose.map(processRow),
    ...[...stale].flatMap(([host, held]) => fold(`${name}/stale/${host}`, 'stale', held, turned)),
    ...fold(`${name}/running`, 'running', running, turned),
  ];
}

function fold(key: string, mark: Mark, members: readonly Member[], turned: ReadonlySet<string>): Row[] {
  if (members.length < 2) return members.map(processRow);
  const open = turned.has(key);
  return [{ kind: 'fold', key, mark, members, open }, ...(open ? members.map(processRow) : [])];
}

const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
const BY_NAME = (a: Member, b: Member): number =>
  byText(a.nameKey, b.nameKey) || byText(a.hostKey, b.hostKey);
const BY_HOST = (a: Member, b: Member): number =>
  byText(a.hostKey, b.hostKey) || byText(a.nameKey, b.nameKey);

const uptimeOf = ({ process, mark }: Member): number =>
  mark === 'running' || mark === 'flapping'
    ? -(process.startedAtMs || process.sinceMs)
    : Number.NEGATIVE_INFINITY;

const exitSignalOf = ({ process }: Member): string => process.exitSignal ?? '';

/** Never ended or unknown, then by code, then what a signal ended. */
function exitRank({ process }: Member): number {
  if (process.exitSignal !== null) return Number.MAX_SAFE_INTEGER;
  if (process.exitStatus === null) return -1;
  return process.exitStatus < 0 ? Number.MAX_SAFE_INTEGER : process.exitStatus;
}

const ORDERS: Record<SortBy, (a: Member, b: Member) => number> = {
  state: (a, b) => rankOf(a.mark) - rankOf(b.mark) || BY_HOST(a, b),
  name: BY_NAME,
  host: BY_HOST,
  uptime: (a, b) => uptimeOf(a) - uptimeOf(b) || BY_HOST(a, b),
  restarts: (a, b) => a.process.restarts - b.process.restarts || BY_HOST(a, b),
  exit: (a, b) => exitRank(a) - exitRank(b) || byText(exitSignalOf(a), exitSignalOf(b)) || BY_HOST(a, b),
  cpu: (a, b) => (a.process.cpuPercent ?? -1) - (b.process.cpuPercent ?? -1) || BY_HOST(a, b),
  memory: (a, b) => (a.process.memoryBytes ?? -1) - (b.process.memoryBytes ?? -1) || BY_HOST(a, b),
};

export function inOrder(
  members: readonly Member[],
  { sort, descending }: Pick<Query, 'sort' | 'descending'>,
): Member[] {
  const order = ORDERS[sort];
  return [...members].sort(descending ? (a, b) => order(b, a) : order);
}

/** Every process a row stands for. */
export function membersOf(row: Row): readonly Member[] {
  return row.kind === 'process' ? [row.member] : row.members;
}

/** Counts by state, worst first, as a group row shows them. */
export function summary(
  members: readonly Member[],
): { mark: Mark; n: number; solid: boolean; quiet: boolean }[] {
  return [...countMarks(members.map(({ mark }) => [mark]))]
    .sort(([a], [b]) => rankOf(a) - rankOf(b))
    .map(([mark, n]) => ({ mark, n, solid: mark === 'fatal', quiet: !isTrouble(mark) }));
}
