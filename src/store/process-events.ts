import type { ProcessState } from '@fleetvisor/agent/protocol';
import { type Database, sql } from './database.ts';

/** A change of state worth remembering. */
export interface ProcessEvent {
  readonly hostId: string;
  readonly group: string;
  readonly process: string;
  readonly atMs: number;
  readonly state: ProcessState;
  readonly pid: number;
  readonly exitStatus: number | null;
  readonly exitSignal: string | null;
  readonly expected: boolean | null;
  /** It was started again though nobody asked. */
  readonly restarted: boolean;
  /** Last words of a crash. */
  readonly lastLines: readonly string[] | null;
}

export type RememberedEvent = Pick<
  ProcessEvent,
  'hostId' | 'group' | 'process' | 'atMs' | 'restarted' | 'lastLines'
>;

export class ProcessEvents {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  /** All in one commit. */
  add(events: readonly ProcessEvent[]): void {
    this.#db.inTransaction(() => {
      for (const event of events) this.#db.run(sql.insertInto('process_events').values(toRow(event)));
    });
  }

  /** Restarts and crashes with last words since then, oldest first. */
  notableSince(sinceMs: number): RememberedEvent[] {
    return this.#db
      .all(
        sql
          .selectFrom('process_events')
          .select(['host_id', 'group_name', 'process', 'at_ms', 'restarted', 'last_lines'])
          .where('at_ms', '>=', sinceMs)
          .where((is) => is.or([is('restarted', '=', 1), is('last_lines', 'is not', null)]))
          .orderBy('at_ms'),
      )
      .map((row) => ({
        hostId: row.host_id,
        group: row.group_name,
        process: row.process,
        atMs: row.at_ms,
        restarted: row.restarted === 1,
        lastLines: row.last_lines === null ? null : JSON.parse(row.last_lines),
      }));
  }

  removeBefore(atMs: number): void {
    this.#db.run(sql.deleteFrom('process_events').where('at_ms', '<', atMs));
  }
}

function toRow(event: ProcessEvent) {
  return {
    host_id: event.hostId,
    group_name: event.group,
    process: event.process,
    at_ms: Math.round(event.atMs),
    state: event.state,
    pid: event.pid,
    exit_status: event.exitStatus,
    exit_signal: event.exitSignal,
    expected: event.expected === null ? null : event.expected ? 1 : 0,
    restarted: event.restarted ? 1 : 0,
    last_lines: event.lastLines === null ? null : JSON.stringify(event.lastLines),
  };
}
