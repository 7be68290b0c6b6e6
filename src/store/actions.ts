import type { Selectable } from 'kysely';
import type {
  Action,
  ActionHead,
  ActionTarget,
  Approval,
  Outcome,
  Progress,
  TargetStep,
} from '../fleet/action.ts';
import { isVerb } from '../fleet/action.ts';
import type { Pace } from '../fleet/pace.ts';
import { type Database, sql } from './database.ts';
import type { Tables } from './tables.ts';

/** What makes a request the same when it comes again: a key of its sender's, and what it asks for. */
export interface OnceKey {
  readonly key: string;
  readonly requestHash: string;
}

const TARGETS_AT_ONCE = 500;

const PUT_OUTCOME = sql
  .updateTable('action_targets')
  .set({ outcome: '', steps: null })
  .where('action_id', '=', '')
  .where('position', '=', 0);

/** Fleet actions as rows: written before anything is sent, so that a killed hub knows what it had begun. */
export class Actions {
  readonly #db: Database;

  /** `db` should commit with `full` durability. */
  constructor(db: Database) {
    this.#db = db;
  }

  /** Throws when the same person has used the key before. */
  add(action: Action, once: OnceKey | null = null): void {
    this.#db.inTransaction(() => {
      this.#db.run(
        sql.insertInto('actions').values({
          id: action.id,
          verb: action.verb,
          selector: action.selector,
          by: action.by,
          started_at_ms: action.startedAtMs,
          finished_at_ms: action.finishedAtMs,
          cancelled_by: action.cancelledBy,
          signal: action.signal ?? null,
          pace: jsonOrNull(action.pace),
          progress: jsonOrNull(action.progress),
          touched_at_ms: action.startedAtMs,
          idempotency_key: once?.key ?? null,
          request_hash: once?.requestHash ?? null,
          approval: jsonOrNull(action.approval),
          schedule: action.schedule ?? null,
        }),
      );
      const rows = action.targets.map((target, position) => targetRow(action.id, position, target));
      const [first] = rows;
      if (first !== undefined)
        this.#db.runEach(sql.insertInto('action_targets').values(first), rows.map(Object.values));
    });
  }

  /** Writes these outcomes, how far the action is, and its end when it has one, in one commit. */
  update(action: Action, positions: readonly number[], nowMs: number): void {
    this.#db.inTransaction(() => {
      this.#db.run(
        sql
          .updateTable('actions')
          .set({
            finished_at_ms: action.finishedAtMs,
            cancelled_by: action.cancelledBy,
            progress: jsonOrNull(action.progress),
            approval: jsonOrNull(action.approval),
            touched_at_ms: nowMs,
          })
          .where('id', '=', action.id),
      );
      const outcomes = positions.map((position) => [
        JSON.stringify(action.targets[position]?.outcome),
        jsonOrNull(action.targets[position]?.steps),
        action.id,
        position,
      ]);
      this.#db.runEach(PUT_OUTCOME, outcomes);
    });
  }

  /** Forgets finished actions, with their targets. Returns how many went. */
  removeFinishedBefore(atMs: number): number {
    return this.#db.run(sql.deleteFrom('actions').where('finished_at_ms', '<', atMs));
  }

  byId(id: string): Action | null {
    const head = this.head(id);
    return head === null ? null : this.#whole(head);
  }

  head(id: string): ActionHead | null {
    const row = this.#db.one(sql.selectFrom('actions').selectAll().where('id', '=', id));
    return row === undefined ? null : toHead(row);
  }

  targetCount(id: string): number {
    const count = sql
      .selectFrom('action_targets')
      .select(({ fn }) => fn.countAll<number>().as('count'))
      .where('action_id', '=', id);
    return this.#db.one(count)?.count ?? 0;
  }

  /** The targets of an action in their order, read some at a time: what happens between is seen. */
  *targets(id: string): Generator<ActionTarget> {
    for (let after = -1; ; ) {
      const rows = this.#db.all(
        sql
          .selectFrom('action_targets')
          .selectAll()
          .where('action_id', '=', id)
          .where('position', '>', after)
          .orderBy('position')
          .limit(TARGETS_AT_ONCE),
      );
      for (const row of rows) yield toTarget(row);
      if (rows.length < TARGETS_AT_ONCE) return;
      after = rows.at(-1)?.position ?? after;
    }
  }

  /** Those begun before one, newest first; null: the newest of all. */
  heads(than: Pick<Action, 'id' | 'startedAtMs'> | null, count: number): ActionHead[] {
    const newest = sql
      .selectFrom('actions')
      .selectAll()
      .orderBy('started_at_ms', 'desc')
      .orderBy('id')
      .limit(count);
    if (than === null) return this.#db.all(newest).map(toHead);
    const { id, startedAtMs } = than;
    const older = newest.where((row) =>
      row.or([
        row('started_at_ms', '<', startedAtMs),
        row.and([row('started_at_ms', '=', startedAtMs), row('id', '>', id)]),
      ]),
    );
    return this.#db.all(older).map(toHead);
  }

  /** Those a hub left running when it ended, oldest first, and when anything was last written about each. */
  unfinished(): { readonly action: Action; readonly touchedAtMs: number }[] {
    const rows = this.#db.all(
      sql
        .selectFrom('actions')
        .selectAll()
        .where('finished_at_ms', 'is', null)
        .orderBy('started_at_ms')
        .orderBy('id'),
    );
    return rows.map((row) => ({
      action: this.#whole(toHead(row)),
      touchedAtMs: row.touched_at_ms ?? row.started_at_ms,
    }));
  }

  /** What a person began with this key, and the hash of what was asked for. */
  byKey(by: string, key: string): { readonly action: Action; readonly requestHash: string } | null {
    const row = this.#db.one(
      sql.selectFrom('actions').selectAll().where('by', '=', by).where('idempotency_key', '=', key),
    );
    return row === undefined
      ? null
      : { action: this.#whole(toHead(row)), requestHash: row.request_hash ?? '' };
  }

  #whole(head: ActionHead): Action {
    return { ...head, targets: [...this.targets(head.id)] };
  }
}

function toHead(row: Selectable<Tables['actions']>): ActionHead {
  const pace: Pace | null = JSON.parse(row.pace ?? 'null');
  const progress: Progress | null = JSON.parse(row.progress ?? 'null');
  const approval: Approval | null = JSON.parse(row.approval ?? 'null');
  if (!isVerb(row.verb)) throw new Error(`action ${row.id} has the unknown verb ${row.verb}`);
  return {
    id: row.id,
    verb: row.verb,
    selector: row.selector,
    by: row.by,
    startedAtMs: row.started_at_ms,
    finishedAtMs: row.finished_at_ms,
    cancelledBy: row.cancelled_by,
    ...(row.signal === null ? {} : { signal: row.signal }),
    ...(pace === null ? {} : { pace }),
    ...(progress === null ? {} : { progress }),
    ...(approval === null ? {} : { approval }),
    ...(row.schedule === null ? {} : { schedule: row.schedule }),
  };
}

function targetRow(
  actionId: string,
  position: number,
  target: ActionTarget,
): Selectable<Tables['action_targets']> {
  return {
    action_id: actionId,
    position,
    host_id: target.hostId,
    host: target.host,
    group_name: target.group,
    process: target.process,
    outcome: JSON.stringify(target.outcome),
    batch: target.batch ?? null,
    sent: null,
    steps: jsonOrNull(target.steps),
  };
}

function jsonOrNull(value: unknown): string | null {
  return value === undefined ? null : JSON.stringify(value);
}

function toTarget(row: Selectable<Tables['action_targets']>): ActionTarget {
  const outcome: Outcome = JSON.parse(row.outcome);
  const { host_id: hostId, host, group_name: group, process, batch } = row;
  const steps: readonly TargetStep[] | null = JSON.parse(row.steps ?? 'null');
  return {
    hostId,
    host,
    group,
    process,
    outcome,
    ...(batch === null ? {} : { batch }),
    ...(steps === null ? {} : { steps }),
  };
}
