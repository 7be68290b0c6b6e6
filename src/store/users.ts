import type { Selectable } from 'kysely';
import { type Database, sql } from './database.ts';
import { type GrantRow, readGrants } from './grants.ts';
import type { Tables } from './tables.ts';

export type UserRole = Tables['users']['role'];

/** A person as kept; the hash never leaves accounts. */
export interface UserRow {
  readonly id: string;
  readonly name: string;
  readonly passwordHash: string;
  /** The first is the one in `role` and `scope`. */
  readonly grants: readonly [GrantRow, ...GrantRow[]];
  readonly disabled: boolean;
  readonly createdAtMs: number;
  readonly secondFactor: SecondFactorRow | null;
}

export interface SecondFactorRow {
  readonly sealedSecret: string;
  /** The 30 s step of the last code that was taken: none is good twice. */
  readonly lastStep: number;
  readonly recoveryHashes: readonly string[];
}

export class Users {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  isEmpty(): boolean {
    return this.#db.one(sql.selectFrom('users').select('id').limit(1)) === undefined;
  }

  /** By name. */
  all(): UserRow[] {
    return this.#db.all(sql.selectFrom('users').selectAll().orderBy('name')).map(toUser);
  }

  byId(id: string): UserRow | null {
    return maybeUser(this.#db.one(sql.selectFrom('users').selectAll().where('id', '=', id)));
  }

  /** Names differ by more than case. */
  byName(name: string): UserRow | null {
    return maybeUser(this.#db.one(sql.selectFrom('users').selectAll().where('name', '=', name)));
  }

  add(user: Omit<UserRow, 'secondFactor'>): void {
    this.#db.run(
      sql.insertInto('users').values({
        id: user.id,
        name: user.name,
        password_hash: user.passwordHash,
        ...grantColumns(user.grants),
        disabled: user.disabled ? 1 : 0,
        created_at_ms: user.createdAtMs,
        totp_secret: null,
        totp_last_step: 0,
        recovery_hashes: '[]',
      }),
    );
  }

  setPasswordHash(id: string, hash: string): void {
    this.#set(id, { password_hash: hash });
  }

  /** One role on everything, and nothing besides. */
  setRole(id: string, role: UserRole): void {
    this.setGrants(id, [{ role, scope: '*' }]);
  }

  setGrants(id: string, grants: UserRow['grants']): void {
    this.#set(id, grantColumns(grants));
  }

  setDisabled(id: string, to: 'disabled' | 'enabled'): void {
    this.#set(id, { disabled: to === 'disabled' ? 1 : 0 });
  }

  setSecondFactor(id: string, factor: SecondFactorRow | null): void {
    this.#set(id, {
      totp_secret: factor?.sealedSecret ?? null,
      totp_last_step: factor?.lastStep ?? 0,
      recovery_hashes: JSON.stringify(factor?.recoveryHashes ?? []),
    });
  }

  #set(id: string, columns: Partial<Selectable<Tables['users']>>): void {
    this.#db.run(sql.updateTable('users').set(columns).where('id', '=', id));
  }
}

/** The first grant may narrow its role too: then it is kept whole among the others, behind one that says nothing. */
function grantColumns([first, ...more]: UserRow['grants']) {
  if (first.rights !== undefined)
    return { role: 'viewer' as const, scope: '', more_grants: JSON.stringify([first, ...more]) };
  return { role: first.role, scope: first.scope, more_grants: JSON.stringify(more) };
}

function maybeUser(row: Selectable<Tables['users']> | undefined): UserRow | null {
  return row === undefined ? null : toUser(row);
}

function toUser(row: Selectable<Tables['users']>): UserRow {
  const more = readGrants(row.more_grants);
  const [head, ...tail] = more;
  return {
    id: row.id,
    name: row.name,
    passwordHash: row.password_hash,
    grants:
      row.scope === '' && head !== undefined
        ? [head, ...tail]
        : [{ role: row.role, scope: row.scope }, ...more],
    disabled: row.disabled !== 0,
    createdAtMs: row.created_at_ms,
    secondFactor:
      row.totp_secret === null
        ? null
        : {
            sealedSecret: row.totp_secret,
            lastStep: row.totp_last_step,
            recoveryHashes: hashes(row.recovery_hashes),
          },
  };
}

function hashes(text: string): string[] {
  const value: unknown = JSON.parse(text);
  return Array.isArray(value) ? value.map(String) : [];
}
