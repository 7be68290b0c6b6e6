import type { Selectable } from 'kysely';
import { type Database, sql } from './database.ts';
import type { Tables } from './tables.ts';

export type UserRole = Tables['users']['role'];

/** A person as kept; the hash never leaves accounts. */
export interface UserRow {
  readonly id: string;
  readonly name: string;
  readonly passwordHash: string;
  readonly role: UserRole;
  readonly disabled: boolean;
  readonly createdAtMs: number;
}

export class Users {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  isEmpty(): boolean {
    return this.#db.one(sql.selectFrom('users').select('id').limit(1)) === undefined;
  }

  byId(id: string): UserRow | null {
    return maybeUser(this.#db.one(sql.selectFrom('users').selectAll().where('id', '=', id)));
  }

  /** Names differ by more than case. */
  byName(name: string): UserRow | null {
    return maybeUser(this.#db.one(sql.selectFrom('users').selectAll().where('name', '=', name)));
  }

  add(user: UserRow): void {
    this.#db.run(
      sql.insertInto('users').values({
        id: user.id,
        name: user.name,
        password_hash: user.passwordHash,
        role: user.role,
        disabled: user.disabled ? 1 : 0,
        created_at_ms: user.createdAtMs,
      }),
    );
  }

  setPasswordHash(id: string, hash: string): void {
    this.#db.run(sql.updateTable('users').set({ password_hash: hash }).where('id', '=', id));
  }

  setRole(id: string, role: UserRole): void {
    this.#db.run(sql.updateTable('users').set({ role }).where('id', '=', id));
  }

  setDisabled(id: string, to: 'disabled' | 'enabled'): void {
    this.#db.run(
      sql
        .updateTable('users')
        .set({ disabled: to === 'disabled' ? 1 : 0 })
        .where('id', '=', id),
    );
  }
}

function maybeUser(row: Selectable<Tables['users']> | undefined): UserRow | null {
  if (row === undefined) return null;
  return {
    id: row.id,
    name: row.name,
    passwordHash: row.password_hash,
    role: row.role,
    disabled: row.disabled !== 0,
    createdAtMs: row.created_at_ms,
  };
}
