import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { GroupRoles, readGroupRoles } from '../../src/accounts/group-roles.ts';
import { readConfig } from '../../src/config.ts';
import { parseGrant } from '../../src/fleet/grant-text.ts';
import { tempDir } from '../support/supervisors.ts';

const OIDC = ['--oidc-issuer', 'https://id.example.net', '--oidc-client-id', 'fleet', '--group-roles', '/x'];
const LDAP = ['--ldap-url', 'ldaps://ldap.example.net', '--ldap-base', 'dc=x', '--group-roles', '/x'];

const problemsOf = (args: readonly string[], env = {}): string[] => {
  const read = readConfig(args, env);
  return read.ok ? [] : read.problems.map(({ where, says }) => `${where}: ${says}`);
};

test.each([
  [['--oidc-issuer', 'https://id.example.net'], /^--oidc-client-id: goes together/],
  [['--oidc-issuer', 'https://id.example.net', '--oidc-client-id', 'x'], /^--group-roles: is needed/],
  [
    ['--oidc-issuer', 'http://id.example.net', '--oidc-client-id', 'x', '--group-roles', '/x'],
    /^--oidc-issuer: must be https/,
  ],
  [['--oidc-issuer', 'https://u:pw@id.example.net'], /^--oidc-issuer: must look like/],
  [
    [...OIDC, '--oidc-client-secret-file', '/nowhere'],
    /^--oidc-client-secret-file: \/nowhere cannot be read: ENOENT/,
  ],
  [
    [...OIDC, '--public-url', 'https://fleet.example.net/other'],
    /^--public-url: ends with \/other, but --base-path is not set/,
  ],
  [['--ldap-url', 'ldaps://x', '--group-roles', '/x'], /^--ldap-base: is needed/],
  [
    [...LDAP, '--ldap-bind-dn', 'cn=x'],
    /^--ldap-bind-password-file: an account and its password go together/,
  ],
  [[...LDAP, '--ldap-user-dn', 'uid=someone'], /^--ldap-user-dn: must hold \{user\}/],
  [['--ldap-url', 'http://x', '--group-roles', '/x'], /^--ldap-url: must look like ldaps:/],
])('%j is told what is wrong', (args, says) => {
  expect(problemsOf(args)).toContainEqual(expect.stringMatching(says));
});

test('abuse 17: a secret comes from its file or its variable, and no flag takes one', (t) => {
  const file = join(tempDir(t), 'secret');
  writeFileSync(file, 'from-file\n');
  const secretOf = (args: readonly string[], env = {}) => {
    const read = readConfig([...OIDC, ...args], env);
    return read.ok ? read.value.oidc?.clientSecret : read.problems;
  };
  expect(secretOf([])).toBeNull();
  expect(secretOf(['--oidc-client-secret-file', file])).toBe('from-file');
  expect(secretOf([], { FLEETVISOR_OIDC_CLIENT_SECRET: 'from-env' })).toBe('from-env');
  const read = readConfig(['--oidc-client-secret', 'x', '--ldap-bind-password', 'y'], {});
  expect(read.ok && read.rest).toEqual(['--oidc-client-secret', 'x', '--ldap-bind-password', 'y']);
});

test('the same path may stand in --public-url as in --base-path', () => {
  const read = readConfig(['--base-path', '/fleet', '--public-url', 'https://fleet.example.net/fleet/'], {});
  expect(read.ok && read.value.publicUrl).toBe('https://fleet.example.net');
});

test('groups get grants line by line, every problem is told with its line, names of groups may hold anything', () => {
  const read = readGroupRoles(
    'g',
    '# a remark\n\ncn=web team,ou=g -> operator@env=stage/web:*\nA->B -> viewer(see-fleet)\n',
  );
  expect(read).toEqual({
    ok: true,
    rows: [
      { group: 'cn=web team,ou=g', grant: { role: 'operator', scope: 'env=stage/web:*' } },
      { group: 'A->B', grant: { role: 'viewer', scope: '*', rights: ['see-fleet'] } },
    ],
  });
  const wrong = readGroupRoles('g', 'a = viewer\nb -> boss\nc -> viewer@web[1:*\nd -> viewer(fly)\n');
  expect(wrong.ok ? [] : wrong.problems.map(({ where }) => where)).toEqual(['g:1', 'g:2', 'g:3', 'g:4']);
});

test('a change of the file counts at once, a broken one is told and changes nothing', (t) => {
  const file = join(tempDir(t), 'roles');
  const told: unknown[] = [];
  const roles = new GroupRoles(file, (problems) => told.push(problems));
  expect(roles.load()).toMatchObject([{ says: 'cannot be read: ENOENT' }]);
  writeFileSync(file, 'ops -> viewer\nOps -> admin\n');
  expect(roles.grantsOf(['ops'], 'exact')).toEqual([{ role: 'viewer', scope: '*' }]);
  expect(roles.grantsOf(['ops', 'OPS'], 'any case')).toEqual([
    { role: 'viewer', scope: '*' },
    { role: 'admin', scope: '*' },
  ]);
  writeFileSync(file, 'ops => viewer and some more, so that its size is another\n');
  expect([roles.grantsOf(['ops'], 'exact'), told.length]).toEqual([[{ role: 'viewer', scope: '*' }], 1]);
  writeFileSync(file, '');
  expect(roles.grantsOf(['ops'], 'exact')).toEqual([]);
});

test.each([
  ['viewer', { role: 'viewer', scope: '*' }],
  ['operator@env=stage/web:* group db', { role: 'operator', scope: 'env=stage/web:* group db' }],
  ['admin(manage-hosts, see-fleet)@*', { role: 'admin', scope: '*', rights: ['see-fleet', 'manage-hosts'] }],
])('%s is a grant', (text, value) => {
  expect(parseGrant(text)).toEqual({ ok: true, value });
});

test.each(['', 'boss', 'viewer@', 'viewer()', 'viewer(fly)', '@web:*', 'viewer see'])(
  '%j is no grant',
  (text) => {
    expect(parseGrant(text).ok).toBe(false);
  },
);
