import type { HostView } from '../../fleet/host.ts';
import { sourceOf } from './attention.ts';
import { bytesWithUnit, percent, roughly } from './format.ts';
import { linkTo } from './links.ts';
import { hostMark, isTrouble, type Mark, rankOf, worstOf } from './marks.ts';
import type { Reader } from './reader.ts';
import { mergedBeats, type Strip, stripOf } from './strip.ts';
import { compareNames, gathered, type Member, type World } from './world.ts';

/** Hosts × groups: whole cells are a plain number, broken ones say how much and how bad. */
export interface Matrix {
  readonly columns: readonly MatrixColumn[];
  /** Groups without a column where there is room for all of these, and where there is not. */
  readonly more: number;
  readonly moreNarrow: number;
  readonly blocks: readonly MatrixBlock[];
}

export interface MatrixColumn {
  readonly name: string;
  readonly link: string;
  /** Left out where the panel is narrow. */
  readonly last: boolean;
}

export interface MatrixBlock {
  readonly environment: string;
  readonly hosts: number;
  readonly processes: number;
  readonly rows: readonly MatrixRow[];
  /** Healthy hosts that are not drawn. */
  readonly folded: number;
  readonly link: string;
}

export interface MatrixRow {
  readonly key: string;
  readonly host: string;
  readonly link: string;
  readonly mark: Mark;
  readonly stale: boolean;
  readonly source: string;
  readonly cells: readonly { readonly last: boolean; readonly cell: MatrixCell | null }[];
  readonly cpu: string;
  /** The path of its CPU in the last hour; null where nobody measured. */
  readonly spark: string | null;
  readonly memory: string;
  readonly memoryTitle: string;
  readonly memoryShare: number | null;
  readonly strip: Strip;
}

export interface MatrixCell {
  readonly mark: Mark;
  readonly up: number;
  readonly all: number;
  readonly whole: boolean;
  readonly link: string;
}

const COLUMNS = 8;
/** So many fit where the panel is narrow: the column that counts the rest takes the place of one. */
const narrowColumns = (groups: number): number => (groups <= 5 ? 5 : 4);
const HOSTS_DRAWN = 40;

export function matrix(world: World, reader: Reader): Matrix {
  const columns = chosenColumns(world);
  const blocks = [...gathered(world.hosts, (host) => host.environment ?? '')].sort(([a], [b]) =>
    a === '' ? 1 : b === '' ? -1 : compareNames(a, b),
  );
  return {
    columns,
    more: Math.max(0, world.byGroup.size - COLUMNS),
    moreNarrow: Math.max(0, world.byGroup.size - narrowColumns(world.byGroup.size)),
    blocks: blocks.map(([environment, hosts]) => block(environment, hosts, columns, world, reader)),
  };
}

function block(
  environment: string,
  hosts: readonly HostView[],
  columns: readonly MatrixColumn[],
  world: World,
  reader: Reader,
): MatrixBlock {
  const drawn =
    hosts.length <= HOSTS_DRAWN ? hosts : hosts.filter((host) => !isWell(host, world)).slice(0, HOSTS_DRAWN);
  return {
    environment: environment || reader.say('env.none'),
    hosts: hosts.length,
    processes: hosts.reduce((sum, host) => sum + (world.byHost.get(host.id)?.length ?? 0), 0),
    rows: drawn.map((host) => row(host, columns, world, reader)),
    folded: hosts.length - drawn.length,
    link:
      environment === '' ? '/processes?by=host' : `/processes?env=${encodeURIComponent(environment)}&by=host`,
  };
}

function isWell(host: HostView, world: World): boolean {
  return (
    host.reachability.kind === 'reachable' &&
    !(world.byHost.get(host.id) ?? []).some(({ mark }) => isTrouble(mark))
  );
}

/** All when they fit; else those on several hosts, of these the troubled and the largest; largest first. */
function chosenColumns(world: World): MatrixColumn[] {
  const ranked = [...world.byGroup].map(([name, members]) => ({
    name,
    rank: rankOf(worstOf(members.map(({ mark }) => mark))),
    size: members.length,
    spans: Math.min(2, new Set(members.map(({ host }) => host.id)).size),
  }));
  ranked.sort(
    (a, b) => b.spans - a.spans || a.rank - b.rank || b.size - a.size || compareNames(a.name, b.name),
  );
  return ranked
    .slice(0, COLUMNS)
    .map((group, at) => ({
      ...group,
      link: linkTo.group(group.name),
      last: at >= narrowColumns(ranked.length),
    }))
    .sort((a, b) => b.size - a.size || compareNames(a.name, b.name));
}

function row(host: HostView, columns: readonly MatrixColumn[], world: World, reader: Reader): MatrixRow {
  const members = world.byHost.get(host.id) ?? [];
  const stale = host.reachability.kind === 'unreachable';
  const measured = members.filter(({ process }) => process.cpuPercent !== null && process.fresh);
  return {
    key: host.id,
    host: host.name,
    link: linkTo.host(host),
    mark: hostMark(host),
    stale,
    source: stale ? lastAnswer(host, reader) : sourceOf(host, reader),
    cells: columns.map(({ name, last }) => ({
      last,
      cell: cell(
        host,
        members.filter(({ process }) => process.group === name),
        name,
      ),
    })),
    cpu:
      measured.length === 0
        ? '–'
        : percent(measured.reduce((sum, { process }) => sum + (process.cpuPercent ?? 0), 0)),
    ...memoryOf(
      measured.map(({ process }) => process.memoryBytes ?? 0),
      host,
      reader,
    ),
    spark: stale ? null : sparkOf(host.usage?.cpu),
    strip: stripOf(mergedBeats(members.map(({ process }) => process)), stale),
  };
}

interface MemoryCell {
  readonly memory: string;
  readonly memoryTitle: string;
  /** Percent of what the host has, for the bar; null where nobody tells. */
  readonly memoryShare: number | null;
}

/** As a share of what the host has, where that is told; in bytes where it is not. */
function memoryOf(measured: readonly number[], host: HostView, { say }: Reader): MemoryCell {
  if (measured.length === 0) return { memory: '–', memoryTitle: '', memoryShare: null };
  const bytes = measured.reduce((sum, one) => sum + one, 0);
  const all = host.facts?.machine?.memoryBytes ?? 0;
  if (all === 0) return { memory: bytesWithUnit(bytes), memoryTitle: '', memoryShare: null };
  const share = Math.min(100, (bytes / all) * 100);
  return {
    memory: share < 1 ? '<1%' : `${Math.round(share)}%`,
    memoryTitle: say('overview.memoryOf', { used: bytesWithUnit(bytes), all: bytesWithUnit(all) }),
    memoryShare: Math.round(share),
  };
}

const SPARK = { width: 60, height: 16, leastPercent: 10 };

/** A line of the last hour; a gap where nothing was measured. */
function sparkOf(values: readonly (number | null)[] | undefined): string | null {
  if (values === undefined || values.every((value) => value === null)) return null;
  const most = Math.max(SPARK.leastPercent, ...values.map((value) => value ?? 0));
  const step = SPARK.width / Math.max(1, values.length - 1);
  let joined = false;
  return values
    .map((value, at) => {
      if (value === null) {
        joined = false;
        return '';
      }
      const y = SPARK.height - 1 - ((SPARK.height - 2) * value) / most;
      const point = `${joined ? 'L' : 'M'}${(at * step).toFixed(1)} ${y.toFixed(1)}`;
      joined = true;
      return point;
    })
    .join('');
}

function lastAnswer({ lastSeenMs }: HostView, reader: Reader): string {
  if (lastSeenMs === null) return reader.say('host.neverAnswered');
  return reader.say('time.ago', { time: roughly(reader.nowMs - lastSeenMs, reader) });
}

function cell(host: HostView, members: readonly Member[], group: string): MatrixCell | null {
  if (members.length === 0) return null;
  const up = members.filter(({ process }) => process.state === 'RUNNING').length;
  const mark = worstOf(members.map((member) => member.mark));
  return {
    mark,
    up,
    all: members.length,
    whole: mark === 'running' || mark === 'stale',
    link: `/processes?host=${encodeURIComponent(host.name)}&group=${encodeURIComponent(group)}&fold=0`,
  };
}
