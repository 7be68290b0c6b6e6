import type { Selectable } from 'kysely';
import type { Acknowledgement, Alert, AlertCause, Ending } from '../fleet/alert.ts';
import { type Database, sql } from './database.ts';
import type { Tables } from './tables.ts';

type Row = Selectable<Tables['alerts']>;

/** What is written of an alert when it opens. */
export type NewAlert = Omit<Alert, 'id' | 'closedAtMs' | 'ending' | 'acknowledged'>;

/** Which alerts, newest first; `limit` at most. */
export interface AlertRange {
  readonly state: 'open' | 'closed';
  readonly before?: number | undefined;
  readonly limit: number;
}

const AT_ONCE = 2_000;
const MOST_CLOSED = 100_000;

/** What rules found wrong, open and closed. */
export class Alerts {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  list({ state, before, limit }: AlertRange): Alert[] {
    let query = sql.selectFrom('alerts').selectAll().orderBy('id', 'desc').limit(limit);
    query = query.where('closed_at_ms', state === 'open' ? 'is' : 'is not', null);
    return this.#db.all(before === undefined ? query : query.where('id', '<', before)).map(toAlert);
  }

  /** All that are open, oldest first. */
  open(): Alert[] {
    const query = sql.selectFrom('alerts').selectAll().where('closed_at_ms', 'is', null);
    return this.#db.all(query.orderBy('id')).map(toAlert);
  }

  byId(id: number): Alert | null {
    const row = this.#db.one(sql.selectFrom('alerts').selectAll().where('id', '=', id));
    return row === undefined ? null : toAlert(row);
  }

  /** Returns it with its number. */
  add(alert: NewAlert): Alert {
    const row = { ...toColumns(alert), closed_at_ms: null, ending: null };
    const query = sql.insertInto('alerts').values(row).returningAll();
    const added = this.#db.one(query);
    if (added === undefined) throw new Error('an alert was written without a row');
    return toAlert(added);
  }

  /** Found wrong anew. */
  again({ id, count, lastAtMs }: Pick<Alert, 'id' | 'count' | 'lastAtMs'>, cause: AlertCause): void {
    const row = { count, last_at_ms: Math.round(lastAtMs), ...causeColumns(cause) };
    this.#db.run(sql.updateTable('alerts').set(row).where('id', '=', id));
  }

  close(id: number, ending: Ending, atMs: number): void {
    const row = { closed_at_ms: Math.round(atMs), ending };
    this.#db.run(sql.updateTable('alerts').set(row).where('id', '=', id).where('closed_at_ms', 'is', null));
  }

  /** Null takes the acknowledgement back. */
  acknowledge(id: number, by: Acknowledgement | null): void {
    const row = {
      acked_by: by?.by ?? null,
      acked_at_ms: by === null ? null : Math.round(by.atMs),
      ack_note: by?.note ?? null,
    };
    this.#db.run(sql.updateTable('alerts').set(row).where('id', '=', id));
  }

  /** Whose opening or closing is in no queue yet, oldest first, openings before closings. */
  untold(): { readonly id: number; readonly ruleId: string; readonly reason: 'opened' | 'closed' }[] {
    const ids = sql.selectFrom('alerts').select(['id', 'rule_id']).orderBy('id');
    const opened = this.#db.all(ids.where('told_open', '=', 0));
    const closed = this.#db.all(ids.where('told_closed', '=', 0).where('closed_at_ms', 'is not', null));
    const told = (reason: 'opened' | 'closed') => (row: (typeof opened)[number]) => ({
      id: row.id,
      ruleId: row.rule_id,
      reason,
    });
    return [...opened.map(told('opened')), ...closed.map(told('closed'))];
  }

  /** The messages about these are in the queues. */
  markTold(ids: readonly number[], reason: 'opened' | 'closed' | 'repeated', atMs: number): void {
    const done = reason === 'opened' ? { told_open: 1 } : reason === 'closed' ? { told_closed: 1 } : {};
    const query = sql
      .updateTable('alerts')
      .set({ ...done, told_at_ms: Math.round(atMs) })
      .where('id', '=', 0);
    const fixed = query.compile().parameters.slice(0, -1);
    this.#db.runEach(
      query,
      ids.map((id) => [...fixed, id]),
    );
  }

  /** When it was last told of; null: not yet. */
  toldAtMs(id: number): number | null {
    return (
      this.#db.one(sql.selectFrom('alerts').select('told_at_ms').where('id', '=', id))?.told_at_ms ?? null
    );
  }

  /** Forgets those that closed before, and of very many the oldest. Returns how many went. */
  removeClosedBefore(atMs: number): number {
    const beyond = this.#db.one(
      sql
        .selectFrom('alerts')
        .select('closed_at_ms')
        .where('closed_at_ms', 'is not', null)
        .orderBy('closed_at_ms', 'desc')
        .offset(MOST_CLOSED)
        .limit(1),
    );
    return this.#removeBefore(Math.max(atMs, beyond?.closed_at_ms ?? 0));
  }

  #removeBefore(atMs: number): number {
    let removed = 0;
    for (let some = AT_ONCE; some === AT_ONCE; removed += some) some = this.#removeSome(atMs);
    return removed;
  }

  #removeSome(atMs: number): number {
    return this.#db.run(
      sql
        .deleteFrom('alerts')
        .where('id', 'in', (of) =>
          of.selectFrom('alerts').select('id').where('closed_at_ms', '<', Math.round(atMs)).limit(AT_ONCE),
        ),
    );
  }
}

const causeColumns = ({ says, said, lastLine }: AlertCause) => ({
  says,
  said: said === undefined ? null : JSON.stringify(said),
  last_line: lastLine,
});

const toColumns = (alert: NewAlert) => ({
  rule_id: alert.ruleId,
  rule: alert.rule,
  kind: alert.kind,
  severity: alert.severity,
  host_id: alert.hostId,
  host: alert.host,
  group_name: alert.group,
  process: alert.process,
  opened_at_ms: Math.round(alert.openedAtMs),
  last_at_ms: Math.round(alert.lastAtMs),
  count: alert.count,
  ...causeColumns(alert),
});

function toAlert(row: Row): Alert {
  return {
    id: row.id,
    ruleId: row.rule_id,
    rule: row.rule,
    kind: row.kind,
    severity: row.severity,
    hostId: row.host_id,
    host: row.host,
    group: row.group_name,
    process: row.process,
    openedAtMs: row.opened_at_ms,
    lastAtMs: row.last_at_ms,
    closedAtMs: row.closed_at_ms,
    ending: row.ending,
    count: row.count,
    says: row.says,
    ...(row.said === null ? {} : { said: JSON.parse(row.said) }),
    lastLine: row.last_line,
    acknowledged:
      row.acked_by === null
        ? null
        : { by: row.acked_by, atMs: row.acked_at_ms ?? 0, note: row.ack_note ?? '' },
  };
}
