import type { Clock } from '../clock.ts';
import type { Problem } from '../fleet/problem.ts';
import { randomId } from '../store/secret.ts';
import type { UserRow, UserSource } from '../store/users.ts';
import type { AccountStore } from './account-store.ts';
import type { Accounts } from './accounts.ts';
import { grantProblem } from './grant-problem.ts';
import { generatePassword, newPasswordProblem, type Passwords } from './passwords.ts';
import type { Grant } from './rights.ts';
import { isEverything } from './scope.ts';
import { type NewSecondFactor, SecondFactor } from './second-factor.ts';

export type Grants = readonly [Grant, ...Grant[]];

export interface NewPerson {
  readonly name: string;
  /** Left out: the hub makes one. */
  readonly password?: string | undefined;
  readonly grants: Grants;
}

/** What was done, or why it cannot be. */
export type Done<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly problems: readonly [Problem, ...Problem[]] };

const done = <T>(value: T): Done<T> => ({ ok: true, value });
const no = (where: string, says: string, hint?: string): Done<never> => ({
  ok: false,
  problems: [{ where, says, ...(hint === undefined ? {} : { hint }) }],
});

/** What is done about people: whatever ends a right counts from the next packet on. */
export class People {
  readonly #store: AccountStore;
  readonly #accounts: Accounts;
  readonly #passwords: Passwords;
  readonly #clock: Clock;
  readonly #secondFactor: SecondFactor;
  /** By user. Whoever has a stolen session alone knows none: proposing takes the password. */
  readonly #proposals = new Map<string, { readonly secret: string; readonly untilMs: number }>();

  constructor(store: AccountStore, accounts: Accounts, passwords: Passwords, clock: Clock) {
    this.#store = store;
    this.#accounts = accounts;
    this.#passwords = passwords;
    this.#clock = clock;
    this.#secondFactor = new SecondFactor(store.users, store.seal, clock);
  }

  all(): readonly UserRow[] {
    return this.#store.users.all();
  }

  byId(id: string): UserRow | null {
    return this.#store.users.byId(id);
  }

  byName(name: string): UserRow | null {
    return this.#store.users.byName(name);
  }

  /** Returns the password too when the hub made it. */
  async add({ name, password, grants }: NewPerson): Promise<Done<{ id: string; password: string | null }>> {
    if (this.#store.users.byName(name) !== null) return no('name', `"${name}" is taken`);
    const problem =
      grantProblem(grants) ?? (password === undefined ? null : await newPasswordProblem(password, name));
    if (problem !== null) return { ok: false, problems: [problem] };
    const made = password ?? generatePassword();
    const passwordHash = await this.#passwords.hash(made);
    if (this.#store.users.byName(name) !== null) return no('name', `"${name}" is taken`);
    const id = randomId('u');
    const createdAtMs = this.#clock.wallMs();
    this.#store.users.add({ id, name, passwordHash, grants, disabled: false, createdAtMs });
    this.#accounts.changed();
    return done({ id, password: password === undefined ? made : null });
  }

  setGrants(id: string, grants: Grants): Done<void> {
    if (this.#sourceOf(id) !== 'local') return no('grants', ...FROM_GROUPS);
    const problem = grantProblem(grants);
    if (problem !== null) return { ok: false, problems: [problem] };
    if (!grants.some(isOverall) && this.#isLastAdmin(id)) return lastAdmin('grants');
    this.#store.users.setGrants(id, grants);
    this.#accounts.changed();
    return done(undefined);
  }

  /** Disabling also ends every session and token. */
  setDisabled(id: string, to: 'disabled' | 'enabled'): Done<void> {
    if (to === 'disabled' && this.#isLastAdmin(id)) return lastAdmin('disabled');
    this.#store.inTransaction(() => {
      this.#store.users.setDisabled(id, to);
      if (to === 'disabled') this.#signOutEverywhere(id);
    });
    this.#accounts.changed();
    return done(undefined);
  }

  /**
   * Lets somebody in by another door from now on, and by that alone: the password, every session and every token end.
   * Through a provider or a directory the first who comes with this name and a role is taken for them.
   */
  setSource(id: string, to: UserSource): Done<void> {
    if (this.#sourceOf(id) === to) return done(undefined);
    if (!this.#accounts.doors.has(to))
      return no('signsInBy', `this hub has no ${to}`, 'Configure it first: docs/signing-in.md says how.');
    if (to !== 'local' && this.#isLastAdmin(id)) return lastAdmin('signsInBy');
    this.#store.inTransaction(() => {
      this.#store.users.setSource(id, to);
      this.#store.users.setSecondFactor(id, null);
      this.#signOutEverywhere(id);
    });
    this.#accounts.changed();
    return done(undefined);
  }

  /** A new password by the hub, in place of whatever there was. */
  async resetPassword(user: UserRow): Promise<Done<string>> {
    if (user.source !== 'local') return no('password', ...NO_PASSWORD);
    const password = await this.#accounts.resetPassword(user.name);
    return password === null ? no('id', 'is nobody (any more)') : done(password);
  }

  /** The person's own change: sessions end, this one too; tokens stay. */
  async changePassword(id: string, password: string): Promise<Done<void>> {
    if (this.#sourceOf(id) !== 'local') return no('password', ...NO_PASSWORD);
    const problem = await newPasswordProblem(password, this.#store.users.byId(id)?.name ?? '');
    if (problem !== null) return { ok: false, problems: [problem] };
    const hash = await this.#passwords.hash(password);
    this.#store.inTransaction(() => {
      this.#store.users.setPasswordHash(id, hash);
      this.#store.sessions.removeOfUser(id);
    });
    this.#accounts.changed();
    return done(undefined);
  }

  /** A secret to be confirmed within a quarter of an hour: no other is taken for this person. */
  proposeSecondFactor(id: string, name: string): NewSecondFactor {
    const proposal = this.#secondFactor.propose(name);
    this.#proposals.set(id, { secret: proposal.secret, untilMs: this.#clock.wallMs() + PROPOSAL_MS });
    return proposal;
  }

  confirmSecondFactor(id: string, secret: string, code: string): Done<readonly string[]> {
    const proposed = this.#proposals.get(id);
    if (proposed?.secret !== secret || proposed.untilMs < this.#clock.wallMs())
      return no(
        'secret',
        'was not proposed to you by this hub, or too long ago',
        'Begin again with the password.',
      );
    const codes = this.#secondFactor.confirm(id, secret, code);
    if (codes === null) return no('code', 'does not fit', 'Look whether the clock of the device is right.');
    this.#proposals.delete(id);
    this.#accounts.changed();
    return done(codes);
  }

  dropSecondFactor(id: string): void {
    this.#secondFactor.drop(id);
    this.#accounts.changed();
  }

  /** Ends the session whose hash begins with this id; false: this person has none. */
  endSession(userId: string, sessionId: string): boolean {
    const found = this.sessions(userId).find((session) => session.hash.startsWith(sessionId));
    if (found === undefined || sessionId.length !== SESSION_ID_LENGTH) return false;
    this.#store.sessions.removeByHash(found.hash);
    this.#accounts.changed();
    return true;
  }

  sessions(userId: string) {
    return this.#store.sessions.ofUser(userId);
  }

  tokens(userId?: string) {
    return this.#store.apiTokens.list(userId);
  }

  token(id: string) {
    return this.#store.apiTokens.byId(id);
  }

  endToken(id: string): void {
    this.#store.apiTokens.remove(id);
    this.#accounts.changed();
  }

  #sourceOf(id: string): UserSource {
    return this.#store.users.byId(id)?.source ?? 'local';
  }

  #signOutEverywhere(id: string): void {
    this.#store.sessions.removeOfUser(id);
    this.#store.apiTokens.removeOfUser(id);
  }

  #isLastAdmin(id: string): boolean {
    const admins = this.#store.users.all().filter((user) => !user.disabled && user.grants.some(isOverall));
    return admins.length === 1 && admins[0]?.id === id;
  }
}

const PROPOSAL_MS = 15 * 60_000;

/** Of a session's hash as much as it is called by. */
export const SESSION_ID_LENGTH = 16;

const FROM_GROUPS = [
  'come from the groups of this person at every sign-in',
  'Change the file of --group-roles, or first let them sign in with a password kept here.',
] as const;
const NO_PASSWORD = [
  'is not kept here: this person signs in by another door',
  'Change it there, or first let them sign in with a password kept here.',
] as const;

const isOverall = ({ role, scope, rights }: Grant): boolean =>
  role === 'admin' && isEverything(scope) && (rights === undefined || rights.includes('manage-people'));

const lastAdmin = (where: string): Done<never> =>
  no(where, 'would leave nobody who may administer people', 'Make somebody else an administrator first.');
