import { type Database, sql } from './database.ts';
import type { Seal } from './seal.ts';
import { ABOUT } from './sealed-columns.ts';

export interface Credentials {
  readonly username: string;
  readonly password: string;
}

/** What the hub signs in to supervisords with. Write-only to everyone but the links. */
export class CredentialStore {
  readonly #db: Database;
  readonly #seal: Seal;

  constructor(db: Database, seal: Seal) {
    this.#db = db;
    this.#seal = seal;
  }

  put(hostId: string, { username, password }: Credentials): void {
    const row = {
      host_id: hostId,
      username,
      sealed_password: this.#seal.seal(password, ABOUT.password(hostId)),
    };
    this.#db.run(
      sql
        .insertInto('credentials')
        .values(row)
        .onConflict((c) => c.column('host_id').doUpdateSet(row)),
    );
  }

  /** False when there were none. */
  remove(hostId: string): boolean {
    return this.#db.run(sql.deleteFrom('credentials').where('host_id', '=', hostId)) > 0;
  }

  /** The user name alone, to be shown; null when there are none. */
  usernameOf(hostId: string): string | null {
    const row = this.#db.one(
      sql.selectFrom('credentials').select('username').where('host_id', '=', hostId).limit(1),
    );
    return row?.username ?? null;
  }

  /** Null when there are none, or when the key file is no longer the one they were sealed with. */
  of(hostId: string): Credentials | null {
    const row = this.#db.one(sql.selectFrom('credentials').selectAll().where('host_id', '=', hostId));
    if (row === undefined) return null;
    const password = this.#seal.open(row.sealed_password, ABOUT.password(hostId));
    return password === null ? null : { username: row.username, password };
  }

  /** Hosts whose password does not open with this key file: they need a new one. */
  lost(): string[] {
    return this.#db
      .all(sql.selectFrom('credentials').selectAll())
      .filter((row) => this.#seal.open(row.sealed_password, ABOUT.password(row.host_id)) === null)
      .map((row) => row.host_id);
  }
}
