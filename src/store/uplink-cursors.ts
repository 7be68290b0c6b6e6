import { type Database, sql } from './database.ts';

export interface UplinkCursor {
  readonly epoch: string;
  readonly seq: number;
}

const PUT = sql
  .insertInto('uplink_cursors')
  .columns(['epoch', 'seq', 'host_id'])
  .expression((from) =>
    from
      .selectFrom('hosts')
      .select(({ val }) => [val('').as('epoch'), val(0).as('seq'), 'id'])
      .where('id', '=', ''),
  )
  .onConflict((on) =>
    on
      .column('host_id')
      .doUpdateSet((to) => ({ epoch: to.ref('excluded.epoch'), seq: to.ref('excluded.seq') })),
  );

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

  /** All in one commit; of hosts that are gone nothing is kept. */
  put(cursors: ReadonlyMap<string, UplinkCursor>): void {
    const values = [...cursors].map(([hostId, { epoch, seq }]) => [epoch, seq, hostId]);
    this.#db.inTransaction(() => this.#db.runEach(PUT, values));
  }
}
