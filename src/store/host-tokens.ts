import { type Database, sql } from './database.ts';
import { newSecret, secretHash } from './secret.ts';

/** With what the push listener of a stock supervisord proves its host: one each, kept as a hash only. */
export class HostTokens {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  /** Returns the token, which cannot be had again; the one before it is worth nothing from now on. */
  issue(hostId: string, nowMs: number): string {
    const token = newSecret('fvh');
    const row = { hash: secretHash(token), created_at_ms: nowMs };
    this.#db.run(
      sql
        .insertInto('host_tokens')
        .values({ host_id: hostId, ...row })
        .onConflict((c) => c.column('host_id').doUpdateSet(row)),
    );
    return token;
  }

  /** The id of the host whose token this is. */
  hostOf(token: string): string | null {
    const row = this.#db.one(
      sql.selectFrom('host_tokens').select('host_id').where('hash', '=', secretHash(token)),
    );
    return row?.host_id ?? null;
  }
}
