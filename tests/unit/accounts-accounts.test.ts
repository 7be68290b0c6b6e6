import { join } from 'node:path';
import { expect, type TestContext, test } from 'vitest';
import { Accounts } from '../../src/accounts/accounts.ts';
import { isOwnOrigin } from '../../src/accounts/origin.ts';
import { Passwords, passwordProblem } from '../../src/accounts/passwords.ts';
import { mayI, type Right, type Role } from '../../src/accounts/rights.ts';
import { readSessionCookie, sessionCookie } from '../../src/accounts/session-cookie.ts';
import { openStore } from '../../src/store/store.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { tempDir } from '../support/supervisors.ts';

const HOUR_MS = 3_600_000;

async function people(t: TestContext) {
  const clock = new FakeClock();
  const store = openStore({
    dataFolder: tempDir(t),
    migrations: join(import.meta.dirname, '../../migrations'),
    nowMs: clock.wallMs(),
  });
  t.onTestFinished(() => store.close());
  const limits = {
    idleMs: 12 * HOUR_MS,
    longestMs: 7 * 24 * HOUR_MS,
    vouchedSessionsMs: 8 * HOUR_MS,
    vouchedTokensMs: 30 * 24 * HOUR_MS,
    failedSignIns: 5,
  };
  const make = () => new Accounts(store, new Passwords(4), clock, limits);
  const accounts = make();
  const first = await accounts.ensureFirstAdmin();
  if (first === null) throw new Error('no first admin');
  return { accounts, clock, store, first, make };
}

async function signedIn(accounts: Accounts, password: string) {
  const result = await accounts.signIn('admin', password, '10.0.0.9');
  if (result.kind !== 'signed-in') throw new Error(result.kind);
  return result;
}

test('abuse 2: the first admin is made once, and only the hash of its password is kept', async (t) => {
  const { accounts, store, first } = await people(t);
  expect(first.password).toMatch(/^([a-z2-9]{5}-){3}[a-z2-9]{5}$/);
  expect(await accounts.ensureFirstAdmin()).toBeNull();
  const row = store.users.byName('admin');
  expect(row?.passwordHash).toMatch(/^\$2b\$/);
  expect(JSON.stringify(row)).not.toContain(first.password);
});

test('abuse 9: every sign-in gets a new session; a cookie somebody brought along is none', async (t) => {
  const { accounts, first } = await people(t);
  const one = await signedIn(accounts, first.password);
  const two = await signedIn(accounts, first.password);
  expect(one.cookie).not.toBe(two.cookie);
  expect(accounts.bySession(one.cookie)?.person.name).toBe('admin');
  expect(accounts.bySession('fvs_planted')).toBeNull();
  accounts.signOut({ kind: 'cookie', value: one.cookie });
  expect(accounts.bySession(one.cookie)).toBeNull();
  expect(accounts.bySession(two.cookie)).not.toBeNull();
});

test('a session ends after 12 silent hours, and after 7 days in any case', async (t) => {
  const { accounts, clock, first } = await people(t);
  const silent = await signedIn(accounts, first.password);
  clock.stepWall(12 * HOUR_MS);
  expect(accounts.bySession(silent.cookie)).not.toBeNull();
  clock.stepWall(1);
  expect(accounts.bySession(silent.cookie)).toBeNull();
  const busy = await signedIn(accounts, first.password);
  for (let hours = 0; hours < 7 * 24; hours += 6) {
    expect(accounts.visitor({ kind: 'cookie', value: busy.cookie })).not.toBeNull();
    accounts.touch({ kind: 'cookie', value: busy.cookie });
    clock.stepWall(6 * HOUR_MS);
  }
  clock.stepWall(1);
  expect(accounts.bySession(busy.cookie)).toBeNull();
});

test('a user who is disabled or gets another role is so at the next look', async (t) => {
  const { accounts, store, first } = await people(t);
  const { cookie, person } = await signedIn(accounts, first.password);
  store.users.setRole(person.userId, 'viewer');
  expect(accounts.bySession(cookie)?.person.role).toBe('viewer');
  store.users.setDisabled(person.userId, 'disabled');
  expect(accounts.bySession(cookie)).toBeNull();
  expect((await accounts.signIn('admin', first.password, '10.0.0.9')).kind).toBe('wrong');
});

test('a new password ends every session and token', async (t) => {
  const { accounts, first } = await people(t);
  const { cookie, person } = await signedIn(accounts, first.password);
  const { token } = accounts.newToken(person.userId, 'script', null);
  expect(accounts.byToken(token)?.person.name).toBe('admin');
  const password = await accounts.resetPassword('admin');
  expect(accounts.bySession(cookie)).toBeNull();
  expect(accounts.byToken(token)).toBeNull();
  expect((await accounts.signIn('admin', password ?? '', '10.0.0.9')).kind).toBe('signed-in');
});

test('a token works until it expires', async (t) => {
  const { accounts, clock, store } = await people(t);
  const { token } = accounts.newToken(store.users.byName('admin')?.id ?? '', 'x', 1_000);
  clock.stepWall(999);
  expect(accounts.byToken(token)).not.toBeNull();
  clock.stepWall(1);
  expect(accounts.byToken(token)).toBeNull();
});

test('abuse 15: five wrong passwords close an account to that address for 15 minutes, over a restart, and to nobody else', async (t) => {
  const { accounts, clock, first, make } = await people(t);
  for (let i = 0; i < 5; i++)
    expect((await accounts.signIn('admin', 'wrong-password', '10.6.6.6')).kind).toBe('wrong');
  expect(await make().signIn('admin', first.password, '10.6.6.6')).toEqual({
    kind: 'throttled',
    waitMs: 15 * 60_000,
  });
  expect((await accounts.signIn('admin', first.password, '10.0.0.9')).kind).toBe('signed-in');
  clock.stepWall(15 * 60_000);
  expect((await accounts.signIn('admin', first.password, '10.6.6.6')).kind).toBe('signed-in');
});

test('abuse 15: one address may not try many accounts', async (t) => {
  const { accounts } = await people(t);
  const results: string[] = [];
  for (let i = 0; i < 31; i++)
    results.push((await accounts.signIn(`user${i}`, 'wrong-password', '10.6.6.6')).kind);
  expect(results.slice(0, 30).every((kind) => kind === 'wrong')).toBe(true);
  expect(results[30]).toBe('throttled');
});

test('abuse 15: a flood from an address keeps out no browser its owner has signed in with, which has its own five tries', async (t) => {
  const { accounts, first } = await people(t);
  const admin = accounts.personNamed('admin');
  if (admin === null) throw new Error('no admin');
  const header = accounts.knownBrowserCookie(admin, 'https').split(';')[0];
  const browser = accounts.browserIn(`a=b; ${header}`, 'https');
  expect(browser?.userId).toBe(admin.userId);
  for (let i = 0; i < 31; i++)
    await accounts.signIn(i < 5 ? 'admin' : `user${i}`, 'wrong-password', '10.6.6.6');
  const attempt = (name: string, password: string, more = {}) =>
    accounts.signIn(name, password, '10.6.6.6', { browser, ...more });
  expect((await attempt('admin', first.password, { browser: null })).kind).toBe('throttled');
  expect((await attempt('admin', first.password)).kind).toBe('signed-in');
  expect((await attempt('user7', 'wrong-password')).kind).toBe('throttled'); // known for one account alone
  for (let i = 0; i < 5; i++) expect((await attempt('admin', 'wrong-password')).kind).toBe('wrong');
  expect((await attempt('admin', first.password)).kind).toBe('throttled');
  for (const forged of [header?.slice(0, -9), '__Host-fleetvisor-known=djE6', header?.replace('__Host-', '')])
    expect(accounts.browserIn(forged, 'https')?.id).not.toBe(browser?.id);
});

test('a password longer than bcrypt reads is refused with the reason, by bytes', async (t) => {
  const { accounts, first } = await people(t);
  expect(await accounts.signIn('admin', 'x'.repeat(73), '10.0.0.9')).toMatchObject({
    kind: 'unusable',
    problem: { says: 'is longer than 72 bytes' },
  });
  expect(passwordProblem('é'.repeat(37))?.says).toBe('is longer than 72 bytes');
  expect(passwordProblem('é'.repeat(36))).toBeNull();
  expect(passwordProblem('short')?.says).toBe('is shorter than 10 characters');
  expect(passwordProblem(first.password)).toBeNull();
});

test('the gate: what each role may, and nobody nothing', () => {
  const rights: readonly Right[] = ['see-fleet', 'read-logs', 'act', 'manage-hosts', 'manage-own-tokens'];
  const may = (role: Role | null) =>
    rights.filter((right) =>
      mayI(role === null ? null : { userId: 'u', name: 'x', role, grants: [{ role, scope: '*' }] }, right),
    );
  expect(may(null)).toEqual([]);
  expect(may('viewer')).toEqual(['see-fleet', 'read-logs', 'manage-own-tokens']);
  expect(may('operator')).toEqual(['see-fleet', 'read-logs', 'act', 'manage-own-tokens']);
  expect(may('admin')).toEqual(rights);
});

test('the cookie keeps scripts and other sites off, and is locked to the host over https', () => {
  expect(sessionCookie('v', 'http', 60_000)).toBe(
    'fleetvisor=v; Path=/; HttpOnly; SameSite=Strict; Max-Age=60',
  );
  expect(sessionCookie('v', 'https', 60_000)).toBe(
    '__Host-fleetvisor=v; Path=/; HttpOnly; SameSite=Strict; Max-Age=60; Secure',
  );
  expect(readSessionCookie('a=b; __Host-fleetvisor=v; c=d', 'https')).toBe('v');
  expect(readSessionCookie('fleetvisor=planted', 'https')).toBeNull();
  expect(readSessionCookie('xfleetvisor=v', 'http')).toBeNull();
  expect(readSessionCookie(undefined, 'http')).toBeNull();
});

test.each([
  [{ host: 'hub:7373' }, 0, true],
  [{ host: 'hub:7373', origin: 'http://hub:7373' }, 0, true],
  [{ host: 'hub:7373', origin: 'http://evil.example' }, 0, false],
  [{ host: 'hub:7373', origin: 'http://hub:7374' }, 0, false],
  [{ host: 'hub:7373', origin: 'null' }, 0, false],
  [{ host: 'hub:7373', 'sec-fetch-site': 'cross-site' }, 0, false],
  [{ host: 'inner', origin: 'https://fleet.example', 'x-forwarded-host': 'fleet.example' }, 0, false],
  [{ host: 'inner', origin: 'https://fleet.example', 'x-forwarded-host': 'fleet.example' }, 1, true],
])('origin %j behind %d proxies is our own: %s', (headers, proxies, own) => {
  expect(isOwnOrigin(headers, proxies)).toBe(own);
});
