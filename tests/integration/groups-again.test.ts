import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { io, type Socket } from 'socket.io-client';
import { beforeAll, type TestContext, test } from 'vitest';
import { isBarred, subjectAt } from '../../src/accounts/directory-entry.ts';
import type { AuditEntry, HubFacts } from '../../src/api/contract.ts';
import { startTestHub, type TestHub } from '../support/hub.ts';
import { asker, newToken, signIn } from '../support/people.ts';
import { sharedLifetime } from '../support/shared-lifetime.ts';
import { LOOKUP, SUFFIX, startDirectory, type TestDirectory } from '../support/slapd.ts';
import { tempDir } from '../support/supervisors.ts';
import { until } from '../support/until.ts';

const PASSWORD = 'a sentence of the directory';
const ROLES = 'ops -> operator\nweb -> viewer@env=stage/web:*\n';
let directory: TestDirectory;
const lifetime = sharedLifetime();

beforeAll(async () => {
  directory = await startDirectory(lifetime, [{ uid: 'root-of-all', password: PASSWORD, groups: [] }]);
});
interface Bench {
  readonly hub: TestHub;
  roles(text: string): void;
}

async function bench(t: TestContext, ...args: string[]): Promise<Bench> {
  const dir = tempDir(t);
  const roles = (text: string) => writeFileSync(join(dir, 'roles'), text);
  roles(ROLES);
  writeFileSync(join(dir, 'password'), LOOKUP.password);
  const hub = await startTestHub(t, {
    args: [
      ...['--ldap-url', directory.secureUrl, '--ldap-ca-file', directory.authorityFile],
      ...['--ldap-bind-dn', LOOKUP.dn, '--ldap-bind-password-file', join(dir, 'password')],
      ...['--ldap-base', `ou=people,${SUFFIX}`, '--group-roles', join(dir, 'roles')],
      ...['--ldap-group-base', `ou=groups,${SUFFIX}`, '--reread-groups', '1s'],
      ...args,
    ],
  });
  return { hub, roles };
}

/** Signed in, with a page open and a token in a script. */
async function atWork(t: TestContext, hub: TestHub, name: string) {
  const { cookie } = await signIn(hub, name, PASSWORD);
  const bearer = { authorization: `Bearer ${await newToken(hub, name, PASSWORD)}` };
  const socket: Socket = io(`${hub.hub.address}/live`, {
    transports: ['websocket'],
    reconnection: false,
    extraHeaders: { cookie },
  });
  t.onTestFinished(() => void socket.close());
  const heard: string[] = [];
  for (const event of ['fleet', 'signed-out']) socket.on(event, () => heard.push(event));
  socket.emit('watch');
  await until('the page hears of the fleet', () => heard.includes('fleet'));
  const statuses = async () => [
    (await asker(hub, { cookie })('GET', '/fleet')).status,
    (await asker(hub, bearer)('GET', '/fleet')).status,
  ];
  return { heard, socket, statuses, session: asker(hub, { cookie }) };
}

const facts = async ({ ask }: TestHub): Promise<HubFacts> => (await ask('GET', '/hub')).body;
const rowsAbout = async (hub: TestHub, name: string) =>
  ((await hub.ask('GET', '/audit')).body.rows as AuditEntry[]).filter(
    ({ what, target }) => what === 'groups read again' && target === name,
  );

test('who is moved to another group has its rights with the next round, on an open page too, and the audit says so', async (t) => {
  const { hub } = await bench(t);
  await directory.add({ uid: 'ann', password: PASSWORD, groups: [] });
  await directory.setGroup('ops', 'ann');
  const ann = await atWork(t, hub, 'ann');
  t.expect((await ann.session('GET', '/me')).body.grants).toEqual([{ role: 'operator', scope: '*' }]);
  ann.heard.length = 0;
  await directory.setGroup('ops');
  await directory.setGroup('web', 'ann');
  await until('the page is told of the fleet anew', () => ann.heard.includes('fleet'));
  t.expect((await ann.session('GET', '/me')).body.grants).toEqual([
    { role: 'viewer', scope: 'env=stage/web:*' },
  ]);
  t.expect(await ann.statuses()).toEqual([200, 200]);
  const [row] = await rowsAbout(hub, 'ann');
  t.expect([row?.way, row?.before, row?.after]).toEqual([
    'hub',
    '{"grants":[{"role":"operator","scope":"*"}]}',
    '{"grants":[{"role":"viewer","scope":"env=stage/web:*"}]}',
  ]);
  t.expect(hub.bugs).toEqual([]);
});

test('abuse 9: who is removed from the directory, or locked there, loses sessions, tokens and open pages', async (t) => {
  const { hub } = await bench(t);
  for (const uid of ['ben', 'cat']) await directory.add({ uid, password: PASSWORD, groups: [] });
  await directory.setGroup('ops', 'ben', 'cat');
  const [ben, cat] = [await atWork(t, hub, 'ben'), await atWork(t, hub, 'cat')];
  await directory.remove('ben');
  await until('ben is signed out', () => ben.heard.includes('signed-out') && !ben.socket.connected);
  t.expect(await ben.statuses()).toEqual([401, 401]);
  t.expect(await cat.statuses()).toEqual([200, 200]);
  await directory.lock('cat');
  await until('cat is signed out', () => cat.heard.includes('signed-out') && !cat.socket.connected);
  t.expect(await cat.statuses()).toEqual([401, 401]);
  t.expect((await rowsAbout(hub, 'cat')).map(({ after }) => after)).toEqual(['{"grants":[]}']);
});

test('the file of roles counts with the next round, not only with the next sign-in', async (t) => {
  const { hub, roles } = await bench(t);
  await directory.add({ uid: 'dan', password: PASSWORD, groups: [] });
  await directory.setGroup('ops', 'dan');
  const dan = await atWork(t, hub, 'dan');
  roles('web -> viewer\n');
  await until('dan is signed out', () => dan.heard.includes('signed-out'));
  t.expect(await dan.statuses()).toEqual([401, 401]);
});

test('a directory that cannot be asked, or shows nobody, takes nothing from anybody, and the hub says so until it can', async (t) => {
  const { hub } = await bench(t, '--ldap-timeout', '1s');
  await directory.add({ uid: 'eve', password: PASSWORD, groups: [] });
  await directory.setGroup('ops', 'eve');
  const eve = await atWork(t, hub, 'eve');
  await until('groups were read', async () => (await facts(hub)).groupsRead?.atMs !== null);
  t.expect((await facts(hub)).groupsRead?.says).toBeNull();

  await directory.letLookUp('none');
  t.onTestFinished(() => directory.letLookUp('read'));
  await until('the hub says so', async () => (await facts(hub)).groupsRead?.says !== null);
  t.expect((await facts(hub)).groupsRead?.says).toBe(`it shows nobody at all below ou=people,${SUFFIX}`);
  await directory.letLookUp('read');
  await until('it can again', async () => (await facts(hub)).groupsRead?.says === null);

  process.kill(directory.pid, 'SIGSTOP');
  t.onTestFinished(() => void process.kill(directory.pid, 'SIGCONT'));
  await until('the hub says so', async () => (await facts(hub)).groupsRead?.says === 'it does not answer');
  t.expect(await eve.statuses()).toEqual([200, 200]);
  t.expect(eve.heard).toEqual(['fleet']);
  process.kill(directory.pid, 'SIGCONT');
  await until('it can again', async () => (await facts(hub)).groupsRead?.says === null);
  t.expect(await rowsAbout(hub, 'eve')).toEqual([]);
});

test('what a directory that shows people to themselves alone once said counts for so long, then they sign in again', async (t) => {
  const dir = tempDir(t);
  writeFileSync(join(dir, 'roles'), `cn=ops,ou=groups,${SUFFIX} -> operator\n`);
  const hub = await startTestHub(t, {
    args: [
      ...['--ldap-url', directory.secureUrl, '--ldap-ca-file', directory.authorityFile],
      ...['--ldap-user-dn', `uid={user},ou=people,${SUFFIX}`, '--group-roles', join(dir, 'roles')],
      ...['--vouched-sessions', '6s', '--vouched-tokens', '9s'],
    ],
  });
  await directory.add({ uid: 'fay', password: PASSWORD, groups: [] });
  await directory.setGroup('ops', 'fay');
  const fay = await atWork(t, hub, 'fay');
  t.expect((await facts(hub)).groupsRead).toBeNull();
  await until('the session ends, and the page with it', () => fay.heard.includes('signed-out'));
  await until('the token rests', async () => (await fay.statuses()).join() === '401,401');
  await signIn(hub, 'fay', PASSWORD);
  t.expect(await fay.statuses()).toEqual([200, 200]); // both were only at rest
});

test('entries are known again by number or DN, and as barred by what directories write for it', (t) => {
  t.expect(subjectAt('6a1b2c3d-0000-4000-8000-0123456789ab')).toEqual({
    filter: '(entryUUID=6a1b2c3d-0000-4000-8000-0123456789ab)',
  });
  t.expect(subjectAt('0aff'.repeat(8))).toEqual({ filter: `(objectGUID=${'\\0a\\ff'.repeat(8)})` });
  t.expect(subjectAt('uid=mei,ou=people')).toEqual({ dn: 'uid=mei,ou=people' });
  const nowMs = Date.UTC(2026, 0, 1);
  const barred = (attributes: Record<string, string>) => isBarred({ dn: 'x', ...attributes }, nowMs);
  for (const attributes of [
    { userAccountControl: '514' },
    { useraccountcontrol: '66050' },
    { accountExpires: '132539328000000000' },
    { nsAccountLock: 'TRUE' },
    { pwdAccountLockedTime: '000001010000Z' },
    { loginDisabled: 'true' },
  ])
    t.expect([attributes, barred(attributes)]).toEqual([attributes, true]);
  for (const attributes of [
    { userAccountControl: '512' },
    { accountExpires: '0' },
    { accountExpires: '9223372036854775807' },
    { accountExpires: '139999968000000000' },
    { nsAccountLock: 'FALSE' },
    { pwdAccountLockedTime: '20251231235900Z' }, // for a while, after too many guesses
  ] as readonly Record<string, string>[])
    t.expect([attributes, barred(attributes)]).toEqual([attributes, false]);
});
