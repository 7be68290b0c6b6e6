import type { Selectable } from 'kysely';
import type { Told } from '../fleet/said.ts';
import type { RunCause, RunState, Schedule, ScheduleRun } from '../fleet/schedule.ts';
import { type Database, sql } from './database.ts';
import type { Tables } from './tables.ts';

/** A schedule with what only the hub needs to know of it. */
export interface StoredSchedule {
  readonly schedule: Schedule;
  readonly ownerId: string;
  /** Of what its owner may at most this. */
  readonly limit: OwnerLimit | null;
  /** Up to here every time it was due is dealt with. */
  readonly doneUntilMs: number;
}

export interface OwnerLimit {
  readonly role: 'viewer' | 'operator' | 'admin';
  readonly scope: string;
  readonly rights?: readonly string[] | undefined;
}

/** A run that is not over, with the schedule it is of. */
export interface OpenRun {
  readonly run: ScheduleRun;
  readonly scheduleId: string;
}

export interface NewRun {
  readonly scheduleId: string;
  readonly dueAtMs: number;
  readonly cause: RunCause;
  readonly state: Extract<RunState, 'beginning' | 'skipped'>;
  readonly nowMs: number;
  readonly askedBy?: string;
  readonly why?: Told;
}

/** Schedules and their runs. */
export class Schedules {
  readonly #db: Database;

  /** `db` should commit with `full` durability: a run is written down before it begins. */
  constructor(db: Database) {
    this.#db = db;
  }

  /** By name, without those that were removed. */
  all(): StoredSchedule[] {
    const rows = sql.selectFrom('schedules').selectAll().where('removed_at_ms', 'is', null);
    return this.#db.all(rows.orderBy('name')).map(toStored);
  }

  byId(id: string, which: 'there' | 'removed' = 'there'): StoredSchedule | null {
    const row = this.#db.one(
      sql
        .selectFrom('schedules')
        .selectAll()
        .where('id', '=', id)
        .where('removed_at_ms', which === 'there' ? 'is' : 'is not', null),
    );
    return row === undefined ? null : toStored(row);
  }

  add(stored: StoredSchedule, nowMs: number): void {
    const { id } = stored.schedule;
    const row = { id, ...toColumns(stored), created_at_ms: Math.round(nowMs), removed_at_ms: null };
    this.#db.run(sql.insertInto('schedules').values(row));
  }

  change(stored: StoredSchedule): void {
    this.#db.run(sql.updateTable('schedules').set(toColumns(stored)).where('id', '=', stored.schedule.id));
  }

  /** The hub pauses it itself, and says why. */
  stop(id: string, why: Told): void {
    const stopped = { enabled: 0, stopped: JSON.stringify(why) };
    this.#db.run(sql.updateTable('schedules').set(stopped).where('id', '=', id));
  }

  doneUntil(id: string, atMs: number): void {
    this.#db.run(sql.updateTable('schedules').set({ done_until_ms: atMs }).where('id', '=', id));
  }

  /** Null brings it back. */
  setRemoved(id: string, removedAtMs: number | null): void {
    const removed_at_ms = removedAtMs === null ? null : Math.round(removedAtMs);
    this.#db.run(sql.updateTable('schedules').set({ removed_at_ms }).where('id', '=', id));
  }

  /** Writes down a run, and that its time is dealt with. Null: that time has one already. */
  addRun({ scheduleId, dueAtMs, cause, state, nowMs, askedBy, why }: NewRun): ScheduleRun | null {
    return this.#db.inTransaction(() => {
      if (cause !== 'hand') this.doneUntil(scheduleId, dueAtMs);
      const atMs = Math.round(nowMs);
      const row = {
        schedule_id: scheduleId,
        due_at_ms: Math.round(dueAtMs),
        cause,
        state,
        began_at_ms: atMs,
        ended_at_ms: state === 'skipped' ? atMs : null,
        asked_by: askedBy ?? null,
        why: why === undefined ? null : JSON.stringify(why),
        action_id: null,
      };
      const added = this.#db.one(
        sql
          .insertInto('schedule_runs')
          .values(row)
          .onConflict((conflict) => conflict.doNothing())
          .returningAll(),
      );
      return added === undefined ? null : toRun(added);
    });
  }

  runBegan(id: number, actionId: string): void {
    const began = { state: 'running', action_id: actionId } as const;
    this.#db.run(sql.updateTable('schedule_runs').set(began).where('id', '=', id));
  }

  runEnded(
    id: number,
    state: Extract<RunState, 'done' | 'failed' | 'skipped'>,
    why: Told | null,
    nowMs: number,
  ): void {
    const ended = { state, why: why === null ? null : JSON.stringify(why), ended_at_ms: Math.round(nowMs) };
    this.#db.run(sql.updateTable('schedule_runs').set(ended).where('id', '=', id));
  }

  /** Those that are not over, oldest first. */
  openRuns(): OpenRun[] {
    const rows = sql.selectFrom('schedule_runs').selectAll().where('state', 'in', ['beginning', 'running']);
    return this.#db.all(rows.orderBy('id')).map((row) => ({ run: toRun(row), scheduleId: row.schedule_id }));
  }

  runById(id: number): ScheduleRun | null {
    const row = this.#db.one(sql.selectFrom('schedule_runs').selectAll().where('id', '=', id));
    return row === undefined ? null : toRun(row);
  }

  /** Newest first; `before`: those before the run of this number. */
  runsOf(scheduleId: string, limit: number, before?: number): ScheduleRun[] {
    const rows = sql.selectFrom('schedule_runs').selectAll().where('schedule_id', '=', scheduleId);
    const some = before === undefined ? rows : rows.where('id', '<', before);
    return this.#db.all(some.orderBy('id', 'desc').limit(limit)).map(toRun);
  }

  /** Forgets runs that were over before then, and schedules removed so long ago. Returns how many runs went. */
  removeBefore(runsMs: number, removedMs: number): number {
    this.#db.run(sql.deleteFrom('schedules').where('removed_at_ms', '<', removedMs));
    return this.#db.run(sql.deleteFrom('schedule_runs').where('ended_at_ms', '<', runsMs));
  }
}

type Row = Selectable<Tables['schedules']>;

function toColumns({
  schedule,
  ownerId,
  limit,
  doneUntilMs,
}: StoredSchedule): Omit<Row, 'id' | 'created_at_ms' | 'removed_at_ms'> {
  return {
    name: schedule.name,
    cron: schedule.cron,
    time_zone: schedule.timeZone,
    action: JSON.stringify(schedule.action),
    confirmed: JSON.stringify(schedule.confirmed),
    enabled: schedule.enabled ? 1 : 0,
    stopped: schedule.stopped === null ? null : JSON.stringify(schedule.stopped),
    missed: schedule.missed,
    missed_minutes: schedule.missedMinutes,
    owner_id: ownerId,
    owner: schedule.owner,
    owner_limit: limit === null ? null : JSON.stringify(limit),
    done_until_ms: Math.round(doneUntilMs),
  };
}

function toStored(row: Row): StoredSchedule {
  return {
    schedule: {
      id: row.id,
      name: row.name,
      cron: row.cron,
      timeZone: row.time_zone,
      action: JSON.parse(row.action),
      confirmed: JSON.parse(row.confirmed),
      enabled: row.enabled !== 0,
      stopped: JSON.parse(row.stopped ?? 'null'),
      missed: row.missed,
      missedMinutes: row.missed_minutes,
      owner: row.owner,
    },
    ownerId: row.owner_id,
    limit: JSON.parse(row.owner_limit ?? 'null'),
    doneUntilMs: row.done_until_ms,
  };
}

function toRun(row: Selectable<Tables['schedule_runs']>): ScheduleRun {
  return {
    id: row.id,
    dueAtMs: row.due_at_ms,
    cause: row.cause,
    state: row.state,
    beganAtMs: row.began_at_ms,
    endedAtMs: row.ended_at_ms,
    askedBy: row.asked_by,
    why: JSON.parse(row.why ?? 'null'),
    actionId: row.action_id,
  };
}
