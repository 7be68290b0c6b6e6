import { type Database, sql } from './database.ts';

export interface AgentKeyRow {
  /** Base64 SPKI. */
  readonly publicKey: string;
  readonly hostId: string;
  readonly joinedAtMs: number;
  readonly revokedAtMs: number | null;
  /** The key of the hub that it pins, as far as is known. */
  readonly hubKey: string | null;
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
      hubKey: row.hub_key,
    };
  }

  add(publicKey: string, hostId: string, nowMs: number): void {
    this.#db.run(
      sql.insertInto('agent_keys').values({
        public_key: publicKey,
        host_id: hostId,
        joined_at_ms: nowMs,
        revoked_at_ms: null,
        hub_key: null,
      }),
    );
  }

  pins(publicKey: string, hubKey: string): void {
    this.#db.run(sql.updateTable('agent_keys').set({ hub_key: hubKey }).where('public_key', '=', publicKey));
  }

  /** Names of the hosts whose agent is not known to pin this key of the hub. */
  notPinning(hubKey: string): string[] {
    const rows = this.#db.all(
      sql
        .selectFrom('agent_keys')
        .innerJoin('hosts', 'hosts.id', 'agent_keys.host_id')
        .select('hosts.name')
        .where('revoked_at_ms', 'is', null)
        .where('removed_at_ms', 'is', null)
        .where((row) => row.or([row('hub_key', 'is', null), row('hub_key', '!=', hubKey)]))
        .orderBy('hosts.name'),
    );
    return rows.map(({ name }) => name);
  }

  /** Whether a host had keys, and none of them counts any more. */
  isRevoked(hostId: string): boolean {
    const keys = sql.selectFrom('agent_keys').select('revoked_at_ms').where('host_id', '=', hostId);
    const rows = this.#db.all(keys);
    return rows.length > 0 && rows.every((row) => row.revoked_at_ms !== null);
  }

  revokeOfHost(hostId: string, nowMs: number): void {
    this.#db.run(sql.updateTable('agent_keys').set({ revoked_at_ms: nowMs }).where('host_id', '=', hostId));
  }
}
