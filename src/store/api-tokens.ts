import { type Database, sql } from './database.ts';

export interface ApiTokenRow {
  readonly id: string;
  readonly hash: string;
  readonly userId: string;
  readonly label: string;
  readonly createdAtMs: number;
  readonly expiresAtMs: number | null;
}

/** Tokens of the CLI and of scripts, as hashes. */
export class ApiTokens {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  add(token: ApiTokenRow): void {
    this.#db.run(
      sql.insertInto('api_tokens').values({
        id: token.id,
        hash: token.hash,
        user_id: token.userId,
        label: token.label,
        created_at_ms: token.createdAtMs,
        expires_at_ms: token.expiresAtMs,
      }),
    );
  }

  /** Null for an unknown and for an expired one alike. */
  byHash(hash: string, nowMs: number): ApiTokenRow | null {
    const row = this.#db.one(sql.selectFrom('api_tokens').selectAll().where('hash', '=', hash));
    if (row === undefined || (row.expires_at_ms !== null && row.expires_at_ms <= nowMs)) return null;
    return {
      id: row.id,
      hash: row.hash,
      userId: row.user_id,
      label: row.label,
      createdAtMs: row.created_at_ms,
      expiresAtMs: row.expires_at_ms,
    };
  }

  removeOfUser(userId: string): void {
    this.#db.run(sql.deleteFrom('api_tokens').where('user_id', '=', userId));
  }
}
