import { type Database, sql } from './database.ts';
import { newSecret, randomId, secretHash } from './secret.ts';

export interface JoinTokenOrder {
  readonly uses: number;
  readonly expiresAtMs: number;
  readonly environment: string | null;
  readonly tags: readonly string[];
  readonly by: string;
}

/** What the redeemer of a token gets: where the new host belongs. */
export interface JoinGrant {
  readonly environment: string | null;
  readonly tags: readonly string[];
}

export type Redeemed =
  | { readonly ok: true; readonly grant: JoinGrant }
  | { readonly ok: false; readonly reason: 'invalid' | 'expired' | 'used' };

/** Tokens by which agents join: counted, expiring, and kept as hashes only. */
export class JoinTokens {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  /** Returns the token; it cannot be had again. */
  issue(order: JoinTokenOrder, nowMs: number): string {
    const token = newSecret('fvj');
    this.#db.run(
      sql.insertInto('join_tokens').values({
        id: randomId('j'),
        hash: secretHash(token),
        uses_left: order.uses,
        expires_at_ms: order.expiresAtMs,
        environment: order.environment,
        tags: JSON.stringify(order.tags),
        created_by: order.by,
        created_at_ms: nowMs,
      }),
    );
    return token;
  }

  /** Uses the token up by one. Call it inside the transaction that adds the host. */
  redeem(token: string, nowMs: number): Redeemed {
    const hash = secretHash(token);
    const row = this.#db.one(sql.selectFrom('join_tokens').selectAll().where('hash', '=', hash));
    if (row === undefined) return { ok: false, reason: 'invalid' };
    if (row.expires_at_ms <= nowMs) return { ok: false, reason: 'expired' };
    if (row.uses_left <= 0) return { ok: false, reason: 'used' };
    this.#db.run(
      sql
        .updateTable('join_tokens')
        .set({ uses_left: row.uses_left - 1 })
        .where('hash', '=', hash),
    );
    return { ok: true, grant: { environment: row.environment, tags: JSON.parse(row.tags) } };
  }

  /** Forgets tokens that expired before then; until that they are told apart from unknown ones. */
  removeExpiredBefore(atMs: number): number {
    return this.#db.run(sql.deleteFrom('join_tokens').where('expires_at_ms', '<', atMs));
  }
}
