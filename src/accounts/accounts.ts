import { timingSafeEqual } from 'node:crypto';
import type { Clock } from '../clock.ts';
import type { Problem } from '../fleet/problem.ts';
import { newSecret, randomId, secretHash } from '../store/secret.ts';
import { isNotWritten } from '../store/store-problem.ts';
import type { UserRow, UserSource } from '../store/users.ts';
import { type AccountStore, personFrom } from './account-store.ts';
import type { DirectoryDoor, DoorAnswer } from './directory-door.ts';
import { type KnownBrowser, knownBrowserCookie, readKnownBrowser } from './known-browser.ts';
import { generatePassword, type Passwords, passwordProblem } from './passwords.ts';
import type { Grant, Person, Role } from './rights.ts';
import { SecondFactor } from './second-factor.ts';
import { SignInThrottle } from './throttle.ts';

export interface SessionLimits {
  readonly idleMs: number;
  readonly longestMs: number;
  /** Of people who are vouched for: how long that counts after it was last said, for sessions and for tokens. */
  readonly vouchedSessionsMs: number;
  readonly vouchedTokensMs: number;
  /** Failures in 15 minutes of one account at one address. */
  readonly failedSignIns: number;
}

/** What a request or a socket brings along to prove who it is from. */
export interface Proof {
  readonly kind: 'cookie' | 'bearer';
  readonly value: string;
}

/** A person as a request or a socket proved to be one. */
export type Visitor =
  | { readonly by: 'session'; readonly person: Person; readonly csrf: string }
  | { readonly by: 'token'; readonly person: Person; readonly tokenId: string };

export type SignInResult =
  | { readonly kind: 'signed-in'; readonly person: Person; readonly cookie: string; readonly csrf: string }
  | { readonly kind: 'wrong' }
  /** The password is right; a code of the second factor must come along. */
  | { readonly kind: 'code-needed' }
  /** The password cannot be anyone's: longer than bcrypt reads. */
  | { readonly kind: 'unusable'; readonly problem: Problem }
  | { readonly kind: 'throttled'; readonly waitMs: number }
  /** The directory that would know cannot be asked. */
  | { readonly kind: 'unavailable'; readonly says: string }
  /** The password is right, but its owner may not come in. */
  | Extract<DoorAnswer, { kind: 'no-role' | 'taken' | 'bad-name' }>;

/** What comes along with a password. */
export interface SignInExtras {
  /** What the browser calls itself. */
  readonly agent?: string;
  /** Of the second factor: six digits, or a recovery code. */
  readonly code?: string | undefined;
  readonly browser?: KnownBrowser | null;
}

const TOUCH_EVERY_MS = 60_000;

/** People, how they prove who they are, and for how long that counts. Every look-up asks the database. */
export class Accounts {
  readonly #store: AccountStore;
  readonly #passwords: Passwords;
  readonly #throttle: SignInThrottle;
  readonly #clock: Clock;
  readonly #limits: SessionLimits;
  readonly #secondFactor: SecondFactor;
  readonly #listeners = new Set<() => void>();
  /** By which people may sign in at this hub. */
  readonly doors = new Set<UserSource>(['local']);
  #directory: DirectoryDoor | null = null;
  #epoch = 0;

  constructor(store: AccountStore, passwords: Passwords, clock: Clock, limits: SessionLimits) {
    this.#store = store;
    this.#passwords = passwords;
    this.#throttle = new SignInThrottle(store.signInFailures, clock, limits.failedSignIns);
    this.#clock = clock;
    this.#limits = limits;
    this.#secondFactor = new SecondFactor(store.users, store.seal, clock);
  }

  /** Passwords of people who are not local are checked by this from now on. */
  askDirectory(door: DirectoryDoor): void {
    this.#directory = door;
    this.doors.add('ldap');
  }

  /** Another text whenever anything about people may have changed, in this process or another. */
  version(): string {
    return `${this.#store.dataVersion()}.${this.#epoch}`;
  }

  /** To be called after every change about people: whoever holds something open looks again, at once. */
  changed(): void {
    this.#epoch++;
    for (const listener of [...this.#listeners]) listener();
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** On a hub without people: makes the user `admin` and returns its password, which is not kept. Else null. */
  async ensureFirstAdmin(): Promise<{ user: string; password: string } | null> {
    this.#passwords.warm();
    if (!this.#store.users.isEmpty()) return null;
    const password = generatePassword();
    await this.addUser('admin', password, 'admin');
    return { user: 'admin', password };
  }

  async addUser(name: string, password: string, role: Role): Promise<string> {
    const passwordHash = await this.#passwords.hash(password);
    const id = randomId('u');
    this.#store.users.add({
      id,
      name,
      passwordHash,
      grants: [{ role, scope: '*' }],
      disabled: false,
      createdAtMs: this.#clock.wallMs(),
    });
    this.changed();
    return id;
  }

  /** Gives the user a new generated password and signs them out everywhere. Null: no such user. */
  async resetPassword(name: string): Promise<string | null> {
    const user = this.#store.users.byName(name);
    if (user === null) return null;
    const password = generatePassword();
    const hash = await this.#passwords.hash(password);
    this.#store.inTransaction(() => {
      this.#store.users.setPasswordHash(user.id, hash);
      this.#store.sessions.removeOfUser(user.id);
      this.#store.apiTokens.removeOfUser(user.id);
    });
    this.changed();
    return password;
  }

  /** Opens a session: the cookie's value is new at every sign-in. */
  async signIn(
    name: string,
    password: string,
    address: string,
    extras: SignInExtras = {},
  ): Promise<SignInResult> {
    const checked = await this.#check(name, password, address, extras);
    if (checked.kind !== 'right') return checked;
    return this.openSession(checked.person, address, extras.agent ?? '');
  }

  /** A session for somebody who proved who they are. */
  openSession(person: Person, address: string, agent: string): Extract<SignInResult, { kind: 'signed-in' }> {
    const cookie = newSecret('fvs');
    const csrf = newSecret('fvs');
    const nowMs = this.#clock.wallMs();
    this.#store.sessions.removeOlder({
      createdMs: nowMs - this.#limits.longestMs,
      seenMs: nowMs - this.#limits.idleMs,
    });
    this.#store.sessions.add({
      hash: secretHash(cookie),
      userId: person.userId,
      csrf,
      createdAtMs: nowMs,
      seenAtMs: nowMs,
      address,
      agent: agent.slice(0, 200),
    });
    this.#store.users.touch(person.userId, nowMs);
    return { kind: 'signed-in', person, cookie, csrf };
  }

  /** Proves a password without opening a session, as for a new token. */
  async prove(
    name: string,
    password: string,
    address: string,
    extras: SignInExtras = {},
  ): Promise<Person | Exclude<SignInResult, { kind: 'signed-in' }>> {
    const checked = await this.#check(name, password, address, extras);
    return checked.kind === 'right' ? checked.person : checked;
  }

  /** `Set-Cookie` by which the browser is known from now on. */
  knownBrowserCookie({ userId }: Person, over: 'https' | 'http'): string {
    return knownBrowserCookie(userId, this.#store.seal, over);
  }

  /** The browser a `Cookie` header comes from, when somebody signed in with it before. */
  browserIn(header: string | undefined, over: 'https' | 'http'): KnownBrowser | null {
    return readKnownBrowser(header, this.#store.seal, over);
  }

  /** Ends what this proof shows: the session, or the token. */
  signOut({ kind, value }: Proof): void {
    const ended = kind === 'cookie' ? this.#store.sessions : this.#store.apiTokens;
    ended.removeByHash(secretHash(value));
    this.changed();
  }

  /** Who this proves to be, now: asked again for every request, event, and every few seconds of a stream. */
  visitor(proof: Proof | null): Visitor | null {
    if (proof === null) return null;
    return proof.kind === 'cookie' ? this.bySession(proof.value) : this.byToken(proof.value);
  }

  /** Whether this person has a password that can be asked for. */
  hasPassword(userId: string): boolean {
    return this.#store.users.byId(userId)?.source !== 'oidc';
  }

  /** Milliseconds since the sign-in behind a cookie; null for anything else. */
  signedInForMs(proof: Proof): number | null {
    if (proof.kind !== 'cookie') return null;
    const session = this.#store.sessions.byHash(secretHash(proof.value));
    return session === null ? null : this.#clock.wallMs() - session.createdAtMs;
  }

  /** Who is called so now; null for nobody, and for one who is disabled. */
  personNamed(name: string): Person | null {
    const user = this.#store.users.byName(name);
    return user === null ? null : this.#personOf(user.id);
  }

  /** Who something belongs to that acts by itself; null also for one nobody vouched for as lately as a token takes. */
  owner(userId: string): Person | null {
    return this.#personOf(userId, this.#limits.vouchedTokensMs);
  }

  /**
   * Says that the person did something: the session's idle time begins again. Where that cannot be written, on a full
   * disk or in a locked database, it goes on from before: looking at the fleet does not end with the disk.
   */
  touch(proof: Proof | null): void {
    if (proof === null) return;
    try {
      this.#touch(proof, this.#clock.wallMs());
    } catch (error) {
      if (!isNotWritten(error)) throw error;
    }
  }

  #touch(proof: Proof, nowMs: number): void {
    if (proof.kind === 'bearer') {
      const token = this.#store.apiTokens.byHash(secretHash(proof.value), nowMs);
      if (token !== null && nowMs - (token.usedAtMs ?? 0) > TOUCH_EVERY_MS) {
        this.#store.apiTokens.touch(token.id, nowMs);
        this.#store.users.touch(token.userId, nowMs);
      }
      return;
    }
    const session = this.#store.sessions.byHash(secretHash(proof.value));
    if (session !== null && nowMs - session.seenAtMs > TOUCH_EVERY_MS) {
      this.#store.sessions.touch(session.hash, nowMs);
      this.#store.users.touch(session.userId, nowMs);
    }
  }

  bySession(cookie: string): Extract<Visitor, { by: 'session' }> | null {
    const nowMs = this.#clock.wallMs();
    const session = this.#store.sessions.byHash(secretHash(cookie));
    if (session === null) return null;
    if (
      nowMs - session.createdAtMs > this.#limits.longestMs ||
      nowMs - session.seenAtMs > this.#limits.idleMs
    )
      return null;
    const person = this.#personOf(session.userId, this.#limits.vouchedSessionsMs);
    return person === null ? null : { by: 'session', person, csrf: session.csrf };
  }

  byToken(token: string): Extract<Visitor, { by: 'token' }> | null {
    const row = this.#store.apiTokens.byHash(secretHash(token), this.#clock.wallMs());
    const person = row === null ? null : this.#personOf(row.userId, this.#limits.vouchedTokensMs);
    if (row === null || person === null) return null;
    return { by: 'token', person: { ...person, limit: row.limit }, tokenId: row.id };
  }

  /** The token is returned this once; its hash is what is kept. */
  newToken(
    userId: string,
    label: string,
    ttlMs: number | null,
    limit: Grant | null = null,
  ): { id: string; token: string; expiresAtMs: number | null } {
    const nowMs = this.#clock.wallMs();
    const token = newSecret('fvt');
    const row = { id: randomId('t'), expiresAtMs: ttlMs === null ? null : nowMs + ttlMs };
    this.#store.apiTokens.add({ ...row, hash: secretHash(token), userId, label, createdAtMs: nowMs, limit });
    return { ...row, token };
  }

  async #check(
    name: string,
    password: string,
    address: string,
    { code, browser }: SignInExtras,
  ): Promise<{ kind: 'right'; person: Person } | Exclude<SignInResult, { kind: 'signed-in' }>> {
    const user = this.#store.users.byName(name);
    const isOwn = user !== null && browser?.userId === user.id;
    const tried = { account: name, address, browser: isOwn ? browser.id : null };
    const waitMs = this.#throttle.waitMs(tried, this.#isSignedInFrom(user, address) ? 'known' : 'anywhere');
    if (waitMs > 0) return { kind: 'throttled', waitMs };
    if (!this.#passwords.hasRoom()) return { kind: 'throttled', waitMs: 5_000 };
    const problem = this.#isDirectorys(user) ? null : passwordProblem(password);
    if (problem?.says.startsWith('is longer')) return { kind: 'unusable', problem };
    this.#throttle.failed(tried); // counted first, so that many tries at once count too
    const proven = await this.#proven(name, password, user);
    if (proven.kind === 'unavailable') this.#throttle.takeBack(tried); // nobody has looked at it
    if (proven.kind !== 'welcome') return proven.kind === 'disabled' ? { kind: 'wrong' } : proven;
    const { person } = proven;
    const hasFactor = this.#store.users.byId(person.userId)?.secondFactor != null;
    if (hasFactor && code === undefined) return { kind: 'code-needed' };
    if (code !== undefined && !this.#secondFactor.takes(person.userId, code)) return { kind: 'wrong' };
    this.#throttle.succeeded(tried);
    return { kind: 'right', person };
  }

  /**
   * A local account is never asked for elsewhere, so that a directory that hangs keeps nobody of them out; for all
   * others both are asked at once, so that the time tells nothing about who is local.
   */
  async #proven(name: string, password: string, user: UserRow | null): Promise<DoorAnswer> {
    const door = this.#isDirectorys(user) ? this.#directory : null;
    const [right, answer] = await Promise.all([
      this.#passwords.matches(password, user?.disabled ? null : user?.passwordHash || null),
      door?.check(name, password),
    ]);
    if (answer !== undefined) return answer;
    const person = right && user !== null ? this.#personOf(user.id) : null;
    return person === null ? { kind: 'wrong' } : { kind: 'welcome', person };
  }

  #isSignedInFrom(user: UserRow | null, address: string): boolean {
    return (
      user !== null && this.#store.sessions.ofUser(user.id).some((session) => session.address === address)
    );
  }

  #isDirectorys(user: UserRow | null): boolean {
    return this.#directory !== null && (user === null || (user.source === 'ldap' && !user.disabled));
  }

  /** `vouchedMs`: how long ago a provider or directory may have spoken for them. */
  #personOf(userId: string, vouchedMs = Number.POSITIVE_INFINITY): Person | null {
    const user = this.#store.users.byId(userId);
    if (user === null || user.disabled) return null;
    const isStale = user.vouchedAtMs !== null && this.#clock.wallMs() - user.vouchedAtMs > vouchedMs;
    return isStale ? null : personFrom(user);
  }
}

/** Compares in constant time, whatever the lengths. */
export function sameSecret(left: string, right: string): boolean {
  return timingSafeEqual(Buffer.from(secretHash(left)), Buffer.from(secretHash(right)));
}
