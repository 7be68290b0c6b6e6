import type { Selectable } from 'kysely';
import { type Database, sql } from './database.ts';
import { type GrantRow, readRights } from './grants.ts';
import type { Tables } from './tables.ts';

export interface ApiTokenRow {
  readonly id: string;
  readonly hash: string;
  readonly userId: string;
  readonly label: string;
  readonly createdAtMs: number;
  readonly expiresAtMs: number | null;
  /** What it may at most; null: all its owner may. */
  readonly limit: GrantRow | null;
  readonly usedAtMs: number | null;
}

/** Tokens of the CLI and of scripts, as hashes. */
export class ApiTokens {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  add(token: Omit<ApiTokenRow, 'usedAtMs'>): void {
    this.#db.run(
      sql.insertInto('api_tokens').values({
        id: token.id,
        hash: token.hash,
        user_id: token.userId,
        label: token.label,
        created_at_ms: token.createdAtMs,
        expires_at_ms: token.expiresAtMs,
        role: token.limit?.role ?? null,
        scope: token.limit?.scope ?? null,
        rights: token.limit?.rights === undefined ? null : JSON.stringify(token.limit.rights),
        used_at_ms: null,
      }),
    );
  }

  /** Null for an unknown and for an expired one alike. */
  byHash(hash: string, nowMs: number): ApiTokenRow | null {
    const row = this.#db.one(sql.selectFrom('api_tokens').selectAll().where('hash', '=', hash));
    if (row === undefined || (row.expires_at_ms !== null && row.expires_at_ms <= nowMs)) return null;
    return toToken(row);
  }

  byId(id: string): ApiTokenRow | null {
    const row = this.#db.one(sql.selectFrom('api_tokens').selectAll().where('id', '=', id));
    return row === undefined ? null : toToken(row);
  }

  /** Newest first; of everybody when no user is named. */
  list(userId?: string): ApiTokenRow[] {
    const all = sql.selectFrom('api_tokens').selectAll().orderBy('created_at_ms', 'desc').orderBy('id');
    return this.#db.all(userId === undefined ? all : all.where('user_id', '=', userId)).map(toToken);
  }

  touch(id: string, nowMs: number): void {
    this.#db.run(sql.updateTable('api_tokens').set({ used_at_ms: nowMs }).where('id', '=', id));
  }

  remove(id: string): void {
    this.#db.run(sql.deleteFrom('api_tokens').where('id', '=', id));
  }

  removeByHash(hash: string): void {
    this.#db.run(sql.deleteFrom('api_tokens').where('hash', '=', hash));
  }

  removeOfUser(userId: string): void {
    this.#db.run(sql.deleteFrom('api_tokens').where('user_id', '=', userId));
  }
}

function toToken(row: Selectable<Tables['api_tokens']>): ApiTokenRow {
  return {
    id: row.id,
    hash: row.hash,
    userId: row.user_id,
    label: row.label,
    createdAtMs: row.created_at_ms,
    expiresAtMs: row.expires_at_ms,
    limit: row.role === null ? null : { role: row.role, scope: row.scope ?? '*', ...readRights(row.rights) },
    usedAtMs: row.used_at_ms,
  };
}
