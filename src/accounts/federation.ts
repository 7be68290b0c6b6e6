import type { Clock } from '../clock.ts';
import { randomId } from '../store/secret.ts';
import type { UserRow, UserSource } from '../store/users.ts';
import { type AccountStore, personFrom } from './account-store.ts';
import type { GroupRoles } from './group-roles.ts';
import { isPersonName } from './person-name.ts';
import type { Grant, Person } from './rights.ts';

/** Somebody whom a provider or a directory vouches for. */
export interface Vouched {
  readonly source: Exclude<UserSource, 'local'>;
  /** Who it is there, whatever they are called: never given to somebody else. */
  readonly subject: string;
  readonly name: string;
  readonly groups: readonly string[];
}

export type Welcome =
  | { readonly kind: 'welcome'; readonly person: Person }
  /** None of their groups gives anything here. */
  | { readonly kind: 'no-role'; readonly groups: readonly string[] }
  /** Their name belongs to another account, which is not taken over. */
  | { readonly kind: 'taken'; readonly name: string }
  | { readonly kind: 'disabled' }
  | { readonly kind: 'bad-name'; readonly name: string };

/** What somebody may by other groups than before. */
export interface Regranted {
  readonly name: string;
  readonly before: UserRow['grants'];
  readonly after: UserRow['grants'];
}

/** Told whenever who may what has changed. */
interface Changed {
  changed(): void;
}

/** Of the groups that were told, so many are kept. */
const MOST_KEPT = 500;

/**
 * Makes people of those who are vouched for: an account at the first sign-in, what their groups give anew at each.
 * An account belongs to a subject, never to a name: one of the same name that is there already stays its owner's,
 * unless an administrator opened it to this source.
 */
export class Federation {
  readonly #store: AccountStore;
  readonly #accounts: Changed;
  readonly #roles: GroupRoles;
  readonly #clock: Clock;

  constructor(store: AccountStore, accounts: Changed, roles: GroupRoles, clock: Clock) {
    this.#store = store;
    this.#accounts = accounts;
    this.#roles = roles;
    this.#clock = clock;
  }

  welcome(vouched: Vouched): Welcome {
    const { source, subject, groups } = vouched;
    const grants = this.#grantsOf(source, groups);
    const known = this.#store.users.bySubject(source, subject);
    const found = known ?? this.#unclaimed(vouched);
    if (found === 'taken') return { kind: 'taken', name: vouched.name };
    if (found?.disabled) return { kind: 'disabled' };
    if (found === null && grants.length === 0) return { kind: 'no-role', groups };
    if (found === null && !isPersonName(vouched.name)) return { kind: 'bad-name', name: vouched.name };
    const id = found?.id ?? this.#make(vouched, grants);
    this.#refresh(id, vouched, grants);
    const user = this.#store.users.byId(id);
    if (user === null || grants.length === 0) return { kind: 'no-role', groups };
    return { kind: 'welcome', person: personFrom(user) };
  }

  /**
   * What a provider or directory says of somebody who is known already; null: that they are gone. Returns what they may
   * differently now, null for nothing.
   */
  heardAgain(user: UserRow, told: Pick<Vouched, 'groups'> | null): Regranted | null {
    if (user.source === 'local' || user.subject === null) return null;
    const groups = told?.groups ?? [];
    const grants = this.#grantsOf(user.source, groups);
    this.#refresh(user.id, { subject: user.subject, groups }, grants);
    return regranted(user, grants);
  }

  /** What the groups that were told last give by the file of roles as it is now. */
  rolesAgain(user: UserRow): Regranted | null {
    if (user.source === 'local' || user.subject === null || user.vouchedAtMs === null) return null;
    const change = regranted(user, this.#grantsOf(user.source, user.groups));
    if (change === null) return null;
    const vouched = { subject: user.subject, groups: user.groups };
    this.#refresh(user.id, vouched, change.after, user.vouchedAtMs);
    return change;
  }

  #grantsOf(source: Vouched['source'], groups: readonly string[]): readonly Grant[] {
    return this.#roles.grantsOf(groups, source === 'oidc' ? 'exact' : 'any case');
  }

  /** The account of this name when it waits for its first sign-in from this source; null: the name is free. */
  #unclaimed({ source, name }: Vouched): UserRow | 'taken' | null {
    const user = this.#store.users.byName(name);
    if (user === null) return null;
    return user.source === source && user.subject === null ? user : 'taken';
  }

  #make({ source, subject, name }: Vouched, grants: UserRow['grants']): string {
    const id = randomId('u');
    const createdAtMs = this.#clock.wallMs();
    const identity = { id, name, source, subject };
    this.#store.users.add({ ...identity, passwordHash: '', grants, disabled: false, createdAtMs });
    return id;
  }

  /** Who has nothing left here is signed out everywhere. */
  #refresh(
    id: string,
    { subject, groups }: Pick<Vouched, 'subject' | 'groups'>,
    grants: UserRow['grants'],
    atMs = this.#clock.wallMs(),
  ): void {
    this.#store.inTransaction(() => {
      this.#store.users.setVouched(id, { subject, groups: groups.slice(0, MOST_KEPT), grants, atMs });
      if (grants.length > 0) return;
      this.#store.sessions.removeOfUser(id);
      this.#store.apiTokens.removeOfUser(id);
    });
    this.#accounts.changed();
  }
}

function regranted(user: UserRow, after: UserRow['grants']): Regranted | null {
  const { name, grants: before } = user;
  return JSON.stringify(before) === JSON.stringify(after) ? null : { name, before, after };
}
