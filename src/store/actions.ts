import type { Selectable } from 'kysely';
import type { Action, ActionTarget, Outcome } from '../fleet/action.ts';
import { isVerb } from '../fleet/action.ts';
import { type Database, sql } from './database.ts';
import type { Tables } from './tables.ts';

/** Fleet actions as rows: written before anything is sent, so that a killed hub knows what it had begun. */
export class Actions {
  readonly #db: Database;

  /** `db` should commit with `full` durability. */
  constructor(db: Database) {
    this.#db = db;
  }

  add(action: Action): void {
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
        }),
      );
      action.targets.forEach((target, position) => {
        this.#db.run(sql.insertInto('action_targets').values(targetRow(action.id, position, target)));
      });
    });
  }

  /** Writes these outcomes, and the action's own end when it has one, in one commit. */
  update(action: Action, positions: readonly number[]): void {
    this.#db.inTransaction(() => {
      this.#db.run(
        sql
          .updateTable('actions')
          .set({ finished_at_ms: action.finishedAtMs, cancelled_by: action.cancelledBy })
          .where('id', '=', action.id),
      );
      for (const position of positions) this.#putOutcome(action, position);
    });
  }

  byId(id: string): Action | null {
    const row = this.#db.one(sql.selectFrom('actions').selectAll().where('id', '=', id));
    return row === undefined ? null : this.#toAction(row);
  }

  /** Newest first. */
  latest(count: number): Action[] {
    const rows = this.#db.all(
      sql.selectFrom('actions').selectAll().orderBy('started_at_ms', 'desc').orderBy('id').limit(count),
    );
    return rows.map((row) => this.#toAction(row));
  }

  /** Those a hub left running when it ended. */
  unfinished(): Action[] {
    const rows = this.#db.all(sql.selectFrom('actions').selectAll().where('finished_at_ms', 'is', null));
    return rows.map((row) => this.#toAction(row));
  }

  #putOutcome(action: Action, position: number): void {
    const target = action.targets[position];
    if (target === undefined) return;
    this.#db.run(
      sql
        .updateTable('action_targets')
        .set({ outcome: JSON.stringify(target.outcome) })
        .where('action_id', '=', action.id)
        .where('position', '=', position),
    );
  }

  #toAction(row: Selectable<Tables['actions']>): Action {
    const targets = this.#db.all(
      sql.selectFrom('action_targets').selectAll().where('action_id', '=', row.id).orderBy('position'),
    );
    if (!isVerb(row.verb)) throw new Error(`action ${row.id} has the unknown verb ${row.verb}`);
    return {
      id: row.id,
      verb: row.verb,
      selector: row.selector,
      by: row.by,
      startedAtMs: row.started_at_ms,
      finishedAtMs: row.finished_at_ms,
      cancelledBy: row.cancelled_by,
      targets: targets.map(toTarget),
    };
  }
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
  };
}

function toTarget(row: Selectable<Tables['action_targets']>): ActionTarget {
  const outcome: Outcome = JSON.parse(row.outcome);
  return { hostId: row.host_id, host: row.host, group: row.group_name, process: row.process, outcome };
}
