import { sql as raw } from 'kysely';
import type { Usage, UsagePoint } from '../fleet/metrics.ts';
import { type Database, sql } from './database.ts';

/** Whose numbers: of a process, or of a whole host where group and process are empty. */
export interface MetricOwner {
  readonly hostId: string;
  readonly group: string;
  readonly process: string;
}

export type MetricGrain = 'minute' | 'hour';

export interface MetricRow extends UsagePoint {
  readonly owner: MetricOwner;
  readonly grain: MetricGrain;
  /** How many measurements it is made of. */
  readonly samples: number;
}

const GRAINS = {
  minute: { table: 'metric_minutes', ms: 60_000 },
  hour: { table: 'metric_hours', ms: 3_600_000 },
} as const;

/** However many processes there are, of each grain at most so many rows are kept: about 200 MB each. */
const MOST_ROWS = 3_000_000;
const AT_ONCE = 2_000;
const ownerKey = ({ hostId, group, process }: MetricOwner): string => `${hostId}/${group}:${process}`;

/** CPU and memory of the past, by minute and by hour. */
export class Metrics {
  readonly #db: Database;
  readonly #ids = new Map<string, number>();

  constructor(db: Database) {
    this.#db = db;
  }

  /** All in one commit. Rows of one while, as of before and after a restart of the hub, become one. */
  put(rows: readonly MetricRow[]): void {
    try {
      this.#db.inTransaction(() => {
        for (const row of rows) this.#put(row);
      });
    } catch (error) {
      this.#ids.clear(); // numbers given out in a commit that failed are not there
      throw error;
    }
  }

  /** Points whose while began in `[fromMs, toMs)`. */
  points(owner: MetricOwner, grain: MetricGrain, fromMs: number, toMs: number): UsagePoint[] {
    const id = this.#knownId(owner);
    const { table, ms } = GRAINS[grain];
    const oldest = this.#db.one(sql.selectFrom(table).select('at').orderBy('at').limit(1))?.at;
    const from = Math.max(Math.ceil(fromMs / ms), oldest ?? 0);
    const to = Math.ceil(toMs / ms) - 1;
    if (id === null || oldest === undefined || to < from) return [];
    // One step through the index for every while: the table is in the order of time, not of series.
    const query = raw<Row>`with recursive whiles(at) as (
        select cast(${from} as integer) union all select at + 1 from whiles where at < ${to}
      )
      select m.* from whiles cross join ${raw.table(table)} m on m.at = whiles.at and m.series = ${id}`;
    return this.#db.allOf(query).map((row) => pointOf(row, ms));
  }

  /** Forgets what is older, and the oldest of too many. A little at a time: nobody who writes waits long. */
  removeBefore(minutesMs: number, hoursMs: number): void {
    this.#remove('minute', minutesMs);
    this.#remove('hour', hoursMs);
  }

  #put({ owner, grain, atMs, samples, cpu, cpuMost, memory, memoryMost }: MetricRow): void {
    const { table, ms } = GRAINS[grain];
    const at = Math.floor(atMs / ms);
    this.#db.runOf(raw`
      insert into ${raw.table(table)} (at, series, samples, cpu, cpu_most, memory, memory_most)
      values (${at}, ${this.#idOf(owner)}, ${samples}, ${cpu}, ${cpuMost}, ${Math.round(memory)}, ${Math.round(memoryMost)})
      on conflict (at, series) do update set
        cpu = (cpu * samples + excluded.cpu * excluded.samples) / (samples + excluded.samples),
        memory = cast(round((memory * 1.0 * samples + excluded.memory * 1.0 * excluded.samples) / (samples + excluded.samples)) as integer),
        cpu_most = max(cpu_most, excluded.cpu_most),
        memory_most = max(memory_most, excluded.memory_most),
        samples = samples + excluded.samples`);
  }

  #remove(grain: MetricGrain, beforeMs: number): void {
    const { table, ms } = GRAINS[grain];
    const before = Math.max(Math.floor(beforeMs / ms), this.#oldestKept(grain));
    const some = raw`delete from ${raw.table(table)} where (at, series) in
      (select at, series from ${raw.table(table)} where at < ${before} limit ${AT_ONCE})`;
    while (this.#db.runOf(some) === AT_ONCE) {
      // a little more
    }
  }

  #oldestKept(grain: MetricGrain): number {
    const { table } = GRAINS[grain];
    const row = this.#db.one(
      sql
        .selectFrom(table)
        .select('at')
        .orderBy('at', 'desc')
        .orderBy('series', 'desc')
        .offset(MOST_ROWS)
        .limit(1),
    );
    return row === undefined ? 0 : row.at + 1;
  }

  #idOf(owner: MetricOwner): number {
    const known = this.#knownId(owner);
    if (known !== null) return known;
    const { hostId: host_id, group: group_name, process } = owner;
    const row = this.#db.one(
      sql.insertInto('metric_series').values({ host_id, group_name, process }).returning('id'),
    );
    if (row === undefined) throw new Error('a series was written without a number');
    this.#ids.set(ownerKey(owner), row.id);
    return row.id;
  }

  #knownId(owner: MetricOwner): number | null {
    const key = ownerKey(owner);
    const known = this.#ids.get(key);
    if (known !== undefined) return known;
    const row = this.#db.one(
      sql
        .selectFrom('metric_series')
        .select('id')
        .where('host_id', '=', owner.hostId)
        .where('group_name', '=', owner.group)
        .where('process', '=', owner.process),
    );
    if (row === undefined) return null;
    this.#ids.set(key, row.id);
    return row.id;
  }
}

interface Row {
  readonly at: number;
  readonly cpu: number;
  readonly cpu_most: number;
  readonly memory: number;
  readonly memory_most: number;
}

function pointOf(row: Row, ms: number): UsagePoint {
  const usage: Usage = {
    cpu: row.cpu,
    cpuMost: row.cpu_most,
    memory: row.memory,
    memoryMost: row.memory_most,
  };
  return { atMs: row.at * ms, ...usage };
}
