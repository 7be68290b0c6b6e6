import { type Database, sql } from './database.ts';

export interface UplinkCursor {
  readonly epoch: string;
  readonly seq: number;
}

/** How far the hub has each agent's numbered events. */
export class UplinkCursors {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  of(hostId: string): UplinkCursor | null {
    return (
      this.#db.one(sql.selectFrom('uplink_cursors').select(['epoch', 'seq']).where('host_id', '=', hostId)) ??
      null
    );
  }

  put(hostId: string, cursor: UplinkCursor): void {
    this.#db.run(
      sql
        .insertInto('uplink_cursors')
        .values({ host_id: hostId, ...cursor })
        .onConflict((c) => c.column('host_id').doUpdateSet(cursor)),
    );
  }
}
