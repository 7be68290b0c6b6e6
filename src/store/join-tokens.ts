import type { OpenJoinToken } from '../fleet/open-join-token.ts';
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

  /** Returns the token, which cannot be had again, and the id by which it is listed. */
  issue(order: JoinTokenOrder, nowMs: number): { readonly id: string; readonly token: string } {
    const id = randomId('j');
    const token = newSecret('fvj');
    this.#db.run(
      sql.insertInto('join_tokens').values({
        id,
        hash: secretHash(token),
        uses_left: order.uses,
        expires_at_ms: order.expiresAtMs,
        environment: order.environment,
        tags: JSON.stringify(order.tags),
        created_by: order.by,
        created_at_ms: nowMs,
      }),
    );
    return { id, token };
  }

  /** Those that are still good, the first to expire first. */
  open(nowMs: number): OpenJoinToken[] {
    const rows = sql
      .selectFrom('join_tokens')
      .selectAll()
      .where('expires_at_ms', '>', nowMs)
      .where('uses_left', '>', 0)
      .orderBy('expires_at_ms')
      .orderBy('id');
    return this.#db.all(rows).map((row) => ({
      id: row.id,
      usesLeft: row.uses_left,
      environment: row.environment,
      tags: JSON.parse(row.tags),
      by: row.created_by,
      createdAtMs: row.created_at_ms,
      expiresAtMs: row.expires_at_ms,
    }));
  }

  /** Ends a token; hosts that joined with it stay. False when there is none of that id. */
  revoke(id: string): boolean {
    return this.#db.run(sql.deleteFrom('join_tokens').where('id', '=', id)) > 0;
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
