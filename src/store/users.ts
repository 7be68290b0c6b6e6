import type { Selectable } from 'kysely';
import { type Database, sql } from './database.ts';
import { type GrantRow, readGrants } from './grants.ts';
import type { Tables } from './tables.ts';

export type UserRole = Tables['users']['role'];
/** By which door somebody comes in: a password kept here, single sign-on, a directory. */
export type UserSource = Tables['users']['source'];

/** A person as kept; the hash never leaves accounts. */
export interface UserRow {
  readonly id: string;
  readonly name: string;
  /** Empty: they have no password here. */
  readonly passwordHash: string;
  /** None: their groups give nothing any more. */
  readonly grants: readonly GrantRow[];
  readonly disabled: boolean;
  readonly createdAtMs: number;
  readonly secondFactor: SecondFactorRow | null;
  readonly source: UserSource;
  /** Who they are at their provider or directory; null: local, or not seen from there yet. */
  readonly subject: string | null;
  /** As last told. */
  readonly groups: readonly string[];
  /** When they were last vouched for; null: local, or not yet. */
  readonly vouchedAtMs: number | null;
  readonly seenAtMs: number | null;
}

/** What a provider or a directory tells of somebody. */
export type VouchedRow = Pick<UserRow, 'groups' | 'grants'> & {
  readonly subject: string;
  readonly atMs: number;
};

export interface SecondFactorRow {
  readonly sealedSecret: string;
  /** The 30 s step of the last code that was taken: none is good twice. */
  readonly lastStep: number;
  readonly recoveryHashes: readonly string[];
}

type NewUserRow = Omit<
  UserRow,
  'secondFactor' | 'source' | 'subject' | 'groups' | 'vouchedAtMs' | 'seenAtMs'
> &
  Partial<Pick<UserRow, 'source' | 'subject'>>;

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

  bySubject(source: UserSource, subject: string): UserRow | null {
    const rows = sql.selectFrom('users').selectAll().where('source', '=', source);
    return maybeUser(this.#db.one(rows.where('subject', '=', subject)));
  }

  /** Left out: a local account. */
  add(user: NewUserRow): void {
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
        source: user.source ?? 'local',
        subject: user.subject ?? null,
        groups: '[]',
        vouched_at_ms: null,
        seen_at_ms: null,
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

  setVouched(id: string, { subject, groups, grants, atMs }: VouchedRow): void {
    const told = { subject, groups: JSON.stringify(groups), vouched_at_ms: atMs };
    this.#set(id, { ...told, ...grantColumns(grants) });
  }

  /** Lets somebody in by another door from now on; who they are there is seen at the next sign-in. */
  setSource(id: string, source: UserSource): void {
    this.#set(id, { source, subject: null, groups: '[]', vouched_at_ms: null, password_hash: '' });
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

  touch(id: string, nowMs: number): void {
    this.#set(id, { seen_at_ms: nowMs });
  }

  #set(id: string, columns: Partial<Selectable<Tables['users']>>): void {
    this.#db.run(sql.updateTable('users').set(columns).where('id', '=', id));
  }
}

/** Where the first grant narrows its role, or there is none, all are in the list, behind a scope that is empty. */
function grantColumns([first, ...more]: UserRow['grants']) {
  if (first === undefined) return { role: 'viewer' as const, scope: '', more_grants: '[]' };
  if (first.rights !== undefined)
    return { role: 'viewer' as const, scope: '', more_grants: JSON.stringify([first, ...more]) };
  return { role: first.role, scope: first.scope, more_grants: JSON.stringify(more) };
}

function maybeUser(row: Selectable<Tables['users']> | undefined): UserRow | null {
  return row === undefined ? null : toUser(row);
}

function toUser(row: Selectable<Tables['users']>): UserRow {
  const more = readGrants(row.more_grants);
  return {
    id: row.id,
    name: row.name,
    passwordHash: row.password_hash,
    grants: row.scope === '' ? more : [{ role: row.role, scope: row.scope }, ...more],
    source: row.source,
    subject: row.subject,
    groups: listIn(row.groups),
    vouchedAtMs: row.vouched_at_ms,
    disabled: row.disabled !== 0,
    createdAtMs: row.created_at_ms,
    secondFactor:
      row.totp_secret === null
        ? null
        : {
            sealedSecret: row.totp_secret,
            lastStep: row.totp_last_step,
            recoveryHashes: listIn(row.recovery_hashes),
          },
    seenAtMs: row.seen_at_ms,
  };
}

function listIn(text: string): string[] {
  const value: unknown = JSON.parse(text);
  return Array.isArray(value) ? value.map(String) : [];
}
