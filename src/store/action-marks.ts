import type { ProcessState } from '@fleetvisor/agent/protocol';
import { type Database, sql } from './database.ts';

/** That a call was about to be sent: written before it is, so that a killed hub knows what it may have done. */
export interface Sent {
  /** Which of the calls of a target: `stop`, `start`, … */
  readonly step: string;
  /** From 1; another one only when the one before is known not to have been run. */
  readonly attempt: number;
  /** The run of the agent it was for; null where the supervisor does not tell. */
  readonly runId: string | null;
  /** The process as it was before. */
  readonly seen: {
    readonly state: ProcessState;
    readonly pid: number;
    readonly tries: number | null;
  } | null;
  /** Of a whole supervisor: the pids of its children before. */
  readonly pids?: readonly number[];
}

export interface Mark {
  readonly actionId: string;
  readonly position: number;
  readonly sent: Sent;
}

const PUT_MARK = sql
  .updateTable('action_targets')
  .set({ sent: '' })
  .where('action_id', '=', '')
  .where('position', '=', 0);

/** The marks of fleet actions, beside their targets. */
export class ActionMarks {
  readonly #db: Database;

  /** `db` should commit with `full` durability. */
  constructor(db: Database) {
    this.#db = db;
  }

  /** Writes all of them in one commit. */
  put(marks: readonly Mark[], nowMs: number): void {
    this.#db.inTransaction(() => {
      this.#db.runEach(
        PUT_MARK,
        marks.map(({ actionId, position, sent }) => [JSON.stringify(sent), actionId, position]),
      );
      for (const id of new Set(marks.map(({ actionId }) => actionId)))
        this.#db.run(sql.updateTable('actions').set({ touched_at_ms: nowMs }).where('id', '=', id));
    });
  }

  /** By position; targets of which nothing was sent are not in it. */
  of(actionId: string): ReadonlyMap<number, Sent> {
    const rows = this.#db.all(
      sql
        .selectFrom('action_targets')
        .select(['position', 'sent'])
        .where('action_id', '=', actionId)
        .where('sent', 'is not', null),
    );
    return new Map(rows.map(({ position, sent }) => [position, JSON.parse(sent ?? 'null')]));
  }
}
