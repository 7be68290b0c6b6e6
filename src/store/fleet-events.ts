import type { ProcessState } from '@fleetvisor/agent/protocol';
import type { Selectable } from 'kysely';
import type { EventKind, FleetEvent, NewFleetEvent } from '../fleet/event.ts';
import type { Reachability } from '../fleet/host.ts';
import { type Database, sql } from './database.ts';
import type { Tables } from './tables.ts';

export interface ProcessName {
  readonly hostId: string;
  readonly group: string;
  readonly process: string;
}

/** Which events, by number; `limit` at most. */
export interface EventRange {
  readonly after?: number | undefined;
  readonly before?: number | undefined;
  readonly kind?: EventKind | undefined;
  readonly limit: number;
}

/** Crashes are kept so much longer than the rest. */
const CRASHES_LONGER_MS = 76 * 24 * 3_600_000;
const MOST_EVENTS = 1_000_000;
const AT_ONCE = 2_000;
const MOST_AROUND = 5_000;

type Row = Selectable<Tables['fleet_events']>;

/** What happened in the fleet, in the order it was written. */
export class FleetEvents {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  /** All in one commit; each with the number it got. */
  add(events: readonly NewFleetEvent[]): FleetEvent[] {
    const rows = events.map(toRow);
    const [first] = rows;
    if (first === undefined) return [];
    const query = sql.insertInto('fleet_events').values(first);
    const ids = this.#db.inTransaction(() => this.#db.runEach(query, rows.map(Object.values)));
    return events.map((event, index) => ({ ...event, id: ids[index] ?? 0 }));
  }

  /** Oldest first: from `after` on; without it the last ones, or the last before `before`. */
  list({ after, before, kind, limit }: EventRange): FleetEvent[] {
    let query = sql.selectFrom('fleet_events').selectAll().limit(limit);
    if (kind !== undefined) query = query.where('kind', '=', kind);
    if (before !== undefined) query = query.where('id', '<', before);
    if (after !== undefined) return this.#db.all(query.where('id', '>', after).orderBy('id')).map(toEvent);
    return this.#db.all(query.orderBy('id', 'desc')).map(toEvent).reverse();
  }

  /** The lowest and the highest number there are; 0 and 0 when there is none. */
  bounds(): { readonly first: number; readonly last: number } {
    const first = this.#db.one(sql.selectFrom('fleet_events').select('id').orderBy('id').limit(1));
    const last = this.#db.one(sql.selectFrom('fleet_events').select('id').orderBy('id', 'desc').limit(1));
    return { first: first?.id ?? 0, last: last?.id ?? 0 };
  }

  /** The latest of one process, newest first. */
  ofProcess({ hostId, group, process }: ProcessName, which: 'all' | 'crashes', limit: number): FleetEvent[] {
    const query = sql
      .selectFrom('fleet_events')
      .selectAll()
      .where('host_id', '=', hostId)
      .where('group_name', '=', group)
      .where('process', '=', process)
      .orderBy('id', 'desc')
      .limit(limit);
    return this.#db.all(which === 'crashes' ? query.where('crashed', '=', 1) : query).map(toEvent);
  }

  /**
   * Of one process, or of one host where group and process are empty: the last before `[fromMs, toMs)` and those
   * within it, oldest first; of very many the newest.
   */
  around({ hostId, group, process }: ProcessName, fromMs: number, toMs: number): FleetEvent[] {
    const query = sql
      .selectFrom('fleet_events')
      .selectAll()
      .where('host_id', '=', hostId)
      .where('group_name', '=', group)
      .where('process', '=', process)
      .where('kind', '=', group === '' && process === '' ? 'host' : 'process')
      .orderBy('id', 'desc');
    const within = this.#db.all(
      query.where('at_ms', '>=', fromMs).where('at_ms', '<', toMs).limit(MOST_AROUND),
    );
    const before = this.#db.all(query.where('at_ms', '<', fromMs).limit(1));
    return [...within, ...before].map(toEvent).reverse();
  }

  /** Restarts and crashes since then, oldest first. */
  notableSince(sinceMs: number): FleetEvent[] {
    return this.#db
      .all(
        sql
          .selectFrom('fleet_events')
          .selectAll()
          .where('at_ms', '>=', sinceMs)
          .where('kind', '=', 'process')
          .where((is) => is.or([is('restarted', '=', 1), is('last_lines', 'is not', null)]))
          .orderBy('id'),
      )
      .map(toEvent);
  }

  /** The state each host was last written to be in. */
  lastOfHosts(): ReadonlyMap<string, string> {
    const rows = this.#db.all(
      sql
        .selectFrom('fleet_events')
        .select(['host_id', 'state'])
        .where('id', 'in', (of) =>
          of
            .selectFrom('fleet_events')
            .select((max) => max.fn.max('id').as('id'))
            .where('kind', '=', 'host')
            .groupBy('host_id'),
        ),
    );
    return new Map(rows.map((row) => [row.host_id, row.state]));
  }

  /**
   * Forgets what is older, crashes only when they are older by far, and of a history of more than a million events the
   * oldest. Returns how many went.
   */
  removeBefore(atMs: number): number {
    let removed = 0;
    for (let some = AT_ONCE; some === AT_ONCE; removed += some) some = this.#removeSome(atMs);
    return removed;
  }

  /** A little at a time: nobody who writes waits long for it. */
  #removeSome(beforeMs: number): number {
    const { last } = this.bounds();
    return this.#db.run(
      sql.deleteFrom('fleet_events').where('id', 'in', (of) =>
        of
          .selectFrom('fleet_events')
          .select('id')
          .where((is) =>
            is.or([
              is.and([is('at_ms', '<', beforeMs), is('crashed', '=', 0)]),
              is('at_ms', '<', beforeMs - CRASHES_LONGER_MS),
              is('id', '<=', last - MOST_EVENTS),
            ]),
          )
          .limit(AT_ONCE),
      ),
    );
  }
}

/** What an event of a host leaves open; every row has the same columns, in the same order. */
const NO_PROCESS = {
  group_name: '',
  process: '',
  pid: 0,
  exit_status: null,
  exit_signal: null,
  expected: null,
  restarted: 0,
  crashed: 0,
  last_lines: null,
} as const;

function toRow(event: NewFleetEvent): Omit<Row, 'id'> {
  const common = {
    kind: event.kind,
    at_ms: Math.round(event.atMs),
    host_id: event.hostId,
    host: event.host,
    state: event.state,
    ...NO_PROCESS,
  };
  if (event.kind === 'host') return { ...common, says: event.says };
  return {
    ...common,
    group_name: event.group,
    process: event.process,
    pid: event.pid,
    exit_status: event.exitStatus,
    exit_signal: event.exitSignal,
    expected: event.expected === null ? null : Number(event.expected),
    restarted: Number(event.restarted),
    crashed: Number(event.crashed),
    last_lines: event.lastLines === null ? null : JSON.stringify(event.lastLines),
    says: event.spawnError,
  };
}

function toEvent(row: Row): FleetEvent {
  const common = { id: row.id, atMs: row.at_ms, hostId: row.host_id, host: row.host };
  // only `add` writes states
  if (row.kind === 'host')
    return { ...common, kind: 'host', state: row.state as Reachability['kind'], says: row.says };
  return {
    ...common,
    kind: 'process',
    group: row.group_name,
    process: row.process,
    state: row.state as ProcessState,
    pid: row.pid,
    exitStatus: row.exit_status,
    exitSignal: row.exit_signal,
    expected: row.expected === null ? null : row.expected === 1,
    spawnError: row.says,
    restarted: row.restarted === 1,
    crashed: row.crashed === 1,
    lastLines: row.last_lines === null ? null : JSON.parse(row.last_lines),
  };
}
