import { type Database, sql } from './database.ts';

export interface AgentKeyRow {
  /** Base64 SPKI. */
  readonly publicKey: string;
  readonly hostId: string;
  readonly joinedAtMs: number;
  readonly revokedAtMs: number | null;
}

/** The public keys agents proved when they joined. */
export class AgentKeys {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  byKey(publicKey: string): AgentKeyRow | null {
    const row = this.#db.one(sql.selectFrom('agent_keys').selectAll().where('public_key', '=', publicKey));
    if (row === undefined) return null;
    return {
      publicKey: row.public_key,
      hostId: row.host_id,
      joinedAtMs: row.joined_at_ms,
      revokedAtMs: row.revoked_at_ms,
    };
  }

  add(publicKey: string, hostId: string, nowMs: number): void {
    this.#db.run(
      sql
        .insertInto('agent_keys')
        .values({ public_key: publicKey, host_id: hostId, joined_at_ms: nowMs, revoked_at_ms: null }),
    );
  }

  revokeOfHost(hostId: string, nowMs: number): void {
    this.#db.run(sql.updateTable('agent_keys').set({ revoked_at_ms: nowMs }).where('host_id', '=', hostId));
  }
}
