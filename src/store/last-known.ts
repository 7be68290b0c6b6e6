import type { LastKnown } from '../fleet/last-known.ts';
import { type Database, sql } from './database.ts';

/** To be raised when a host's facts or a process's are other than they were: what was written before is not read then. */
const SHAPE = 1;

const PUT = sql
  .insertInto('last_known')
  .columns(['seen_at_ms', 'unreachable_since_ms', 'shape', 'told', 'host_id'])
  .expression((from) =>
    from
      .selectFrom('hosts')
      .select(({ val }) => [
        val(0).as('seen_at_ms'),
        val<number | null>(null).as('unreachable_since_ms'),
        val(0).as('shape'),
        val('').as('told'),
        'id',
      ])
      .where('id', '=', ''),
  )
  .onConflict((on) =>
    on.column('host_id').doUpdateSet((to) => ({
      seen_at_ms: to.ref('excluded.seen_at_ms'),
      unreachable_since_ms: to.ref('excluded.unreachable_since_ms'),
      shape: to.ref('excluded.shape'),
      told: to.ref('excluded.told'),
    })),
  );

/** What each host told last. */
export class LastKnownHosts {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  of(hostId: string): LastKnown | null {
    const row = this.#db.one(
      sql.selectFrom('last_known').selectAll().where('host_id', '=', hostId).where('shape', '=', SHAPE),
    );
    if (row === undefined) return null;
    const { facts, processes } = JSON.parse(row.told) as Pick<LastKnown, 'facts' | 'processes'>; // only `put` writes here
    return { seenAtMs: row.seen_at_ms, unreachableSinceMs: row.unreachable_since_ms, facts, processes };
  }

  /** All in one commit; of hosts that are gone nothing is kept. */
  put(hosts: ReadonlyMap<string, LastKnown>): void {
    const values = [...hosts].map(([hostId, { seenAtMs, unreachableSinceMs, facts, processes }]) => [
      seenAtMs,
      unreachableSinceMs,
      SHAPE,
      JSON.stringify({ facts, processes }),
      hostId,
    ]);
    this.#db.inTransaction(() => this.#db.runEach(PUT, values));
  }
}
