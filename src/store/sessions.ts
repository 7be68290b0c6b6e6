import type { Selectable } from 'kysely';
import { type Database, sql } from './database.ts';
import type { Tables } from './tables.ts';

export interface SessionRow {
  readonly hash: string;
  readonly userId: string;
  readonly csrf: string;
  readonly createdAtMs: number;
  readonly seenAtMs: number;
  /** Where it was opened from, and what the browser called itself. */
  readonly address: string;
  readonly agent: string;
}

/** Signed-in browsers, known by the hash of what their cookie holds. */
export class Sessions {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  add(session: SessionRow): void {
    this.#db.run(
      sql.insertInto('sessions').values({
        hash: session.hash,
        user_id: session.userId,
        csrf: session.csrf,
        created_at_ms: session.createdAtMs,
        seen_at_ms: session.seenAtMs,
        address: session.address,
        agent: session.agent,
      }),
    );
  }

  byHash(hash: string): SessionRow | null {
    const row = this.#db.one(sql.selectFrom('sessions').selectAll().where('hash', '=', hash));
    return row === undefined ? null : toSession(row);
  }

  /** Latest seen first. */
  ofUser(userId: string): SessionRow[] {
    const rows = sql.selectFrom('sessions').selectAll().where('user_id', '=', userId);
    return this.#db.all(rows.orderBy('seen_at_ms', 'desc')).map(toSession);
  }

  touch(hash: string, nowMs: number): void {
    this.#db.run(sql.updateTable('sessions').set({ seen_at_ms: nowMs }).where('hash', '=', hash));
  }

  removeByHash(hash: string): void {
    this.#db.run(sql.deleteFrom('sessions').where('hash', '=', hash));
  }

  removeOfUser(userId: string): void {
    this.#db.run(sql.deleteFrom('sessions').where('user_id', '=', userId));
  }

  removeOlder(than: { readonly createdMs: number; readonly seenMs: number }): void {
    this.#db.run(
      sql
        .deleteFrom('sessions')
        .where((or) => or.or([or('created_at_ms', '<', than.createdMs), or('seen_at_ms', '<', than.seenMs)])),
    );
  }
}

function toSession(row: Selectable<Tables['sessions']>): SessionRow {
  return {
    hash: row.hash,
    userId: row.user_id,
    csrf: row.csrf,
    createdAtMs: row.created_at_ms,
    seenAtMs: row.seen_at_ms,
    address: row.address,
    agent: row.agent,
  };
}
