import { readFileSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { beforeAll, describe, type TestContext, test } from 'vitest';
import { Directory, type DirectoryOptions } from '../../src/accounts/directory.ts';
import { firstName } from '../../src/accounts/directory-text.ts';
import type { UserView } from '../../src/api/contract.ts';
import { systemClock } from '../../src/clock.ts';
import { startTestHub, type TestHub } from '../support/hub.ts';
import { addUser, asker, newToken, signIn } from '../support/people.ts';
import { sharedLifetime } from '../support/shared-lifetime.ts';
import { LOOKUP, SUFFIX, startDirectory, type TestDirectory } from '../support/slapd.ts';
import { tempDir } from '../support/supervisors.ts';
import { makeCertificate } from '../support/tls-front.ts';

const PASSWORD = 'a sentence of the directory';
const STRANGE = 'o(b)*r, x';
const TYPE = /[^/]*$/;
let directory: TestDirectory;
const lifetime = sharedLifetime();

beforeAll(async () => {
  directory = await startDirectory(lifetime, [
    { uid: 'mei', password: PASSWORD, groups: ['web-team'] },
    { uid: 'zoe', password: PASSWORD, groups: [] },
    { uid: 'tom', password: PASSWORD, groups: ['readers'] },
    { uid: STRANGE, password: PASSWORD, groups: ['readers'] },
  ]);
});
const ROLES = `web-team -> operator@env=stage/web:*\nCN=readers,OU=groups,${SUFFIX} -> viewer\nadmins -> admin\n`;
const BY_ACCOUNT = ['--ldap-bind-dn', LOOKUP.dn, '--ldap-base', `ou=people,${SUFFIX}`];

async function hubWith(t: TestContext, ...args: string[]): Promise<TestHub> {
  const dir = tempDir(t);
  writeFileSync(join(dir, 'roles'), ROLES);
  writeFileSync(join(dir, 'password'), `${LOOKUP.password}\n`);
  const byAccount = args.includes('--ldap-bind-dn')
    ? ['--ldap-bind-password-file', join(dir, 'password')]
    : [];
  const files = [
    '--group-roles',
    join(dir, 'roles'),
    '--ldap-ca-file',
    directory.authorityFile,
    ...byAccount,
  ];
  return startTestHub(t, { args: [...files, ...args] });
}

const users = async (hub: TestHub): Promise<readonly UserView[]> => (await hub.ask('GET', '/users')).body;
const said = ({ status, body }: { status: number; body: { type?: string } }) => [
  status,
  TYPE.exec(body.type ?? '')?.[0],
];

test('an account looks people up over StartTLS, memberOf tells their groups, and the hub keeps no password', async (t) => {
  const hub = await hubWith(t, '--ldap-url', directory.plainUrl, ...BY_ACCOUNT);
  t.expect(said(await signIn(hub, 'mei', 'another sentence of it'))).toEqual([401, 'wrong-sign-in']);
  const { status, body, cookie } = await signIn(hub, 'mei', PASSWORD);
  t.expect([status, body.role]).toEqual([200, 'operator']);
  const [, mei] = await users(hub);
  t.expect(mei).toMatchObject({
    name: 'mei',
    signsInBy: 'ldap',
    grants: [{ role: 'operator', scope: 'env=stage/web:*' }],
    groups: [`cn=web-team,ou=groups,${SUFFIX}`, 'web-team'],
  });
  const token = await newToken(hub, 'mei', PASSWORD);
  const bearer = asker(hub, { authorization: `Bearer ${token}`, 'content-type': 'application/json' });
  t.expect((await bearer('GET', '/fleet')).status).toBe(200);
  t.expect(said(await bearer('POST', '/me/tokens', { password: 'another sentence of it' }))).toEqual([
    401,
    'wrong-sign-in',
  ]);
  t.expect((await bearer('POST', '/me/tokens', { password: PASSWORD })).status).toBe(201);
  const change = { password: PASSWORD, newPassword: 'one for the hub alone' };
  t.expect((await bearer('POST', '/me/password', change)).body.problems[0].says).toContain(
    'is not kept here',
  );
  t.expect((await signIn(hub, 'tom', PASSWORD)).body.role).toBe('viewer'); // by the DN of the group, in any case
  await hub.ask('PATCH', `/users/${mei?.id}`, { disabled: true });
  t.expect(said(await signIn(hub, 'mei', PASSWORD))).toEqual([401, 'wrong-sign-in']);
  t.expect((await asker(hub, { cookie })('GET', '/fleet')).status).toBe(401);
  t.expect(hub.bugs).toEqual([]);
});

test('without an account, a template says where people are; over ldaps, groups are searched as whoever signed in', async (t) => {
  const where = ['--ldap-user-dn', `uid={user},ou=people,${SUFFIX}`];
  const hub = await hubWith(t, '--ldap-url', directory.secureUrl, ...where);
  t.expect((await signIn(hub, 'mei', PASSWORD)).body.role).toBe('operator');
  t.expect((await signIn(hub, 'mei,ou=people', PASSWORD)).status).toBe(401);
  t.expect((await signIn(hub, 'nobody', PASSWORD)).status).toBe(401);
});

test('what a person’s groups give is found by search, changes with the next sign-in, and may be nothing', async (t) => {
  await directory.setGroup('admins', 'zoe');
  const search = [
    '--ldap-group-base',
    `ou=groups,${SUFFIX}`,
    '--ldap-group-filter',
    '(&(objectClass=groupOfNames)(member={dn}))',
  ];
  const hub = await hubWith(t, '--ldap-url', directory.secureUrl, ...BY_ACCOUNT, ...search);
  t.expect((await signIn(hub, 'zoe', PASSWORD)).body.role).toBe('admin');
  await directory.setGroup('admins');
  await directory.setGroup('cooks', 'zoe');
  const refused = await signIn(hub, 'zoe', PASSWORD);
  t.expect([...said(refused), refused.body.detail]).toEqual([
    403,
    'no-role',
    `cn=cooks,ou=groups,${SUFFIX}, cooks`,
  ]);
  t.expect((await users(hub)).find(({ name }) => name === 'zoe')?.grants).toEqual([]);
});

test('a local account of the same name stays its owner’s: the directory is not even asked; guessing is slowed for all', async (t) => {
  const hub = await hubWith(t, '--ldap-url', directory.secureUrl, ...BY_ACCOUNT);
  const { password } = await addUser(hub, 'mei', { role: 'viewer', scope: '*' });
  t.expect(said(await signIn(hub, 'mei', PASSWORD))).toEqual([401, 'wrong-sign-in']);
  t.expect((await signIn(hub, 'mei', password)).body.role).toBe('viewer');
  const tries: number[] = [];
  for (let n = 0; n < 7; n++) tries.push((await signIn(hub, 'zoe', `guess number ${n} of hers`)).status);
  t.expect(tries).toEqual([401, 401, 401, 401, 401, 429, 429]);
  t.expect((await signIn(hub, 'zoe', PASSWORD)).status).toBe(429);
});

test('abuse 15: names are never read as part of a filter or a DN, and no password is a wrong one', async (t) => {
  const ask = new Directory(options(), systemClock);
  for (const name of [
    '*',
    'm*',
    'mei)(uid=*',
    '*)(uid=mei',
    'mei)(objectClass=*))(|(uid=x',
    'mei\\',
    '\0',
    'mei,ou=people',
  ])
    t.expect([name, await ask.check(name, PASSWORD)]).toEqual([name, { kind: 'wrong' }]);
  t.expect(await ask.check('mei', '')).toEqual({ kind: 'wrong' });
  t.expect(await ask.check('', PASSWORD)).toEqual({ kind: 'wrong' });
  t.expect(await ask.check(STRANGE, PASSWORD)).toMatchObject({ kind: 'vouched', vouched: { name: STRANGE } });
  const template = new Directory(
    { ...options(), account: null, userDn: `uid={user},ou=people,${SUFFIX}` },
    systemClock,
  );
  t.expect(await template.check(STRANGE, PASSWORD)).toMatchObject({ kind: 'vouched' });
  t.expect((await template.check(`zoe,ou=people,${SUFFIX}`, PASSWORD)).kind).not.toBe('vouched');
  t.expect(await template.check('mei', '')).toEqual({ kind: 'wrong' });
  t.expect([firstName('cn=a\\,b,ou=x'), firstName('cn=ops+x=1,ou=y'), firstName('cn=\\4fps')]).toEqual([
    'a,b',
    'ops',
    'Ops',
  ]);
});

describe('a directory that is not there, or not itself', () => {
  test('one that hangs keeps nobody local out, is given up in its time, and counts as no try', async (t) => {
    const hub = await hubWith(t, '--ldap-url', directory.secureUrl, ...BY_ACCOUNT, '--ldap-timeout', '1s');
    process.kill(directory.pid, 'SIGSTOP');
    t.onTestFinished(() => void process.kill(directory.pid, 'SIGCONT'));
    const hung = Array.from({ length: 7 }, () => signIn(hub, 'mei', PASSWORD));
    const local = await signIn(hub, 'admin', hub.password);
    t.expect(local.status).toBe(200);
    const answers = await Promise.all(hung);
    t.expect(answers.map(said)).toEqual(
      hung.map((_one, at) => (at < 5 ? [503, 'directory-unavailable'] : t.expect.anything())),
    );
    t.expect(answers[0]?.body.detail).toBe('it does not answer');
    process.kill(directory.pid, 'SIGCONT');
    t.expect((await signIn(hub, 'mei', PASSWORD)).status).toBe(200);
  });

  test('abuse 11: one that hangs is waited for by twenty at once and no more; the others are told at once', async (t) => {
    const ask = new Directory(options(), systemClock);
    process.kill(directory.pid, 'SIGSTOP');
    t.onTestFinished(() => void process.kill(directory.pid, 'SIGCONT'));
    const waiting = Array.from({ length: 20 }, () => ask.check('mei', PASSWORD));
    t.expect(await ask.check('mei', PASSWORD)).toEqual({
      kind: 'unavailable',
      says: 'too many wait for it already',
    });
    process.kill(directory.pid, 'SIGCONT');
    t.expect(new Set((await Promise.all(waiting)).map(({ kind }) => kind))).toEqual(new Set(['vouched']));
    t.expect((await ask.check('mei', PASSWORD)).kind).toBe('vouched');
  });

  test('one with the certificate of another authority gets no password, nor one that is away', async (t) => {
    const authority = makeCertificate(t).authority;
    const strict = new Directory({ ...options(), authority }, systemClock);
    t.expect(await strict.check('mei', PASSWORD)).toMatchObject({
      kind: 'unavailable',
      says: t.expect.stringMatching(/certificate|signature/),
    });
    const away = new Directory({ ...options(), url: 'ldap://127.0.0.1:9', startTls: true }, systemClock);
    t.expect(await away.check('mei', PASSWORD)).toMatchObject({
      says: t.expect.stringContaining('ECONNREFUSED'),
    });
  });

  test('abuse 7: whoever cuts the line after it was encrypted does not get a password in the clear on a next one', async (t) => {
    const port = Number(new URL(directory.plainUrl).port);
    let heard = '';
    let lines = 0;
    let cutAfter = 0;
    const between = createServer((near) => {
      lines++;
      let answers = 0;
      const far = connect(port, '127.0.0.1');
      near.on('data', (data) => {
        heard += data.toString('latin1');
        far.write(data);
      });
      far.on('data', (data) => {
        near.write(data);
        if (lines === 1 && ++answers === cutAfter) near.destroy();
      });
      for (const [one, other] of [
        [near, far],
        [far, near],
      ] as const)
        one.on('error', () => other.destroy()).on('close', () => other.destroy());
    });
    await new Promise<void>((done) => between.listen(0, '127.0.0.1', done));
    t.onTestFinished(() => void between.close());
    const at = between.address();
    const url = `ldap://127.0.0.1:${typeof at === 'object' ? at?.port : ''}`;
    const kinds: string[] = [];
    for (cutAfter = 1; cutAfter <= 12; cutAfter++) {
      lines = 0;
      heard = '';
      const { kind } = await new Directory({ ...options(), url }, systemClock).check('mei', PASSWORD);
      t.expect([cutAfter, heard.includes(PASSWORD), heard.includes(LOOKUP.password), lines]).toEqual([
        cutAfter,
        false,
        false,
        1,
      ]);
      kinds.push(kind);
    }
    t.expect(new Set(kinds)).toEqual(new Set(['unavailable', 'vouched'])); // cut too late changes nothing
  });
});

function options(): DirectoryOptions {
  return {
    url: directory.secureUrl,
    startTls: true,
    authority: readFileSync(directory.authorityFile, 'utf8'),
    account: LOOKUP,
    userDn: null,
    base: `ou=people,${SUFFIX}`,
    userFilter: '(uid={user})',
    nameAttribute: 'uid',
    groupBase: null,
    groupFilter: '(member={dn})',
    timeoutMs: 5_000,
  };
}
