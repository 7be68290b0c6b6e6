import fc from 'fast-check';
import { expect, test } from 'vitest';
import { csvLine, shownInAudit } from '../../src/accounts/audit-words.ts';
import { isCommonPassword, leakedPasswords } from '../../src/accounts/common-passwords.ts';
import { type Grant, hasAll, mayEverywhere, mayI, type Person, RIGHTS } from '../../src/accounts/rights.ts';
import { covers, liesWithin } from '../../src/accounts/scope.ts';

const somebody = (grants: readonly Grant[], limit: Grant | null = null): Person => {
  return { userId: 'u', name: 'mei', role: 'viewer', grants, limit };
};
const stage = { name: 'stage-1', environment: 'stage', tags: ['blue'] };
const prod = { name: 'prod-1', environment: 'prod', tags: [] };
const web = (host: typeof stage) => ({ host, group: 'web', process: 'web_00' });

test.each([
  ['*', true, true, true],
  ['*:*', true, true, true],
  ['env=stage/*', true, true, false],
  ['env=stage/web:*', true, false, false],
  ['#blue/*', true, true, false],
  ['stage-?/web:*', true, false, false],
  ['group web', true, false, true],
  ['db:*', false, false, false],
  ['web[1:*', false, false, false],
])(
  'an operator of %s: web in stage %s, the whole host there %s, web in prod %s',
  (scope, inStage, whole, inProd) => {
    const mei = somebody([{ role: 'operator', scope }]);
    expect(mayI(mei, 'act', web(stage))).toBe(inStage);
    expect(mayI(mei, 'act', { host: stage })).toBe(whole);
    expect(mayI(mei, 'act', web(prod))).toBe(inProd);
  },
);

test('a role on a part gives no right over the hub itself, several parts neither', () => {
  const mei = somebody([
    { role: 'admin', scope: 'env=stage/*' },
    { role: 'admin', scope: 'env=prod/*' },
    { role: 'viewer', scope: '*' },
  ]);
  const has = RIGHTS.filter((right) => mayI(mei, right));
  expect(has).toEqual([
    'see-fleet',
    'read-logs',
    'act',
    'send-input',
    'restart-supervisors',
    'end-supervisors',
    'manage-own-tokens',
  ]);
  expect([mayEverywhere(mei, 'see-fleet'), mayEverywhere(mei, 'act')]).toEqual([true, false]);
});

test('a grant may be narrowed to some rights of its role, and a token to less than its owner has, never to more', () => {
  const looker = somebody([{ role: 'viewer', scope: '*', rights: ['see-fleet'] }]);
  expect([mayI(looker, 'see-fleet'), mayI(looker, 'read-logs')]).toEqual([true, false]);
  const admin: Grant = { role: 'admin', scope: '*' };
  const token = somebody([{ role: 'operator', scope: 'env=stage/*' }], admin);
  expect([
    mayI(token, 'act', web(stage)),
    mayI(token, 'act', web(prod)),
    mayI(token, 'manage-people'),
  ]).toEqual([true, false, false]);
  const narrow = somebody([admin], { role: 'operator', scope: 'env=prod/*' });
  expect([
    mayI(narrow, 'act', web(stage)),
    mayI(narrow, 'act', web(prod)),
    mayI(narrow, 'read-audit'),
  ]).toEqual([false, true, false]);
});

test.each([
  ['env=prod/web:web_00', ['env=prod/web:*'], true],
  ['env=prod/web:*', ['env=prod/*'], true],
  ['env=prod/*', ['env=p*/*:*'], true],
  ['web-0?/*', ['web-*/*'], true],
  ['web-[12]/*', ['web-?/*'], true],
  ['group web', ['web:*'], true],
  ['cron', ['cron:cron'], true],
  ['cron', ['c*'], true],
  ['env=a/* env=b/*', ['env=b/*', 'env=a/*'], true],
  ['"web*":*', ['web\\*:*'], true],
  ['env=prod/*', ['env=stage/*'], false],
  ['*', ['env=prod/*', 'env=stage/*'], false],
  ['web-01/*', ['env=prod/*'], false],
  ['#blue/*', ['blue/*'], false],
  ['web*:*', ['web\\*:*'], false],
  ['web-*/*', ['web-0?/*'], false],
  ['env=prod/*', ['env=prod/web:*'], false],
  ['cron:cron', ['cron'], false],
])('whether all of %s surely lies within %j: %s', (scope, others, answer) => {
  expect(liesWithin(scope, others)).toBe(answer);
});

const name = fc
  .array(fc.constantFrom('a', 'b', 'ab', '*', '?', '[ab]', '[!a]', '\\*'), { minLength: 1, maxLength: 3 })
  .map((parts) => parts.join(''));
const what = fc.oneof(
  fc.constant('*'),
  name,
  fc.tuple(name, name).map(([group, of]) => `${group}:${of}`),
);
const where = fc.oneof(
  fc.constant(''),
  name.map((host) => `${host}/`),
  name.map((tag) => `#${tag}/`),
  name.map((environment) => `env=${environment}/`),
);
const term = fc.tuple(where, what).map(([at, of]) => at + of);
const scopes = fc.array(term, { minLength: 1, maxLength: 2 }).map((terms) => terms.join(' '));
const text = fc.string({ unit: fc.constantFrom('a', 'b', '*'), minLength: 1, maxLength: 4 });
const host = fc.record({
  name: text,
  environment: fc.option(text),
  tags: fc.array(text, { maxLength: 2 }),
});
const places = fc.array(
  fc.oneof(
    fc.record({ host }),
    fc.record({ host, group: text, process: text }),
    fc.tuple(host, text).map(([on, same]) => ({ host: on, group: same, process: same })),
  ),
  { minLength: 20, maxLength: 40 },
);

test('whatever a scope admits is admitted by any it surely lies within', () => {
  let within = 0;
  fc.assert(
    fc.property(scopes, fc.array(scopes, { minLength: 1, maxLength: 3 }), places, (scope, others, all) => {
      if (!liesWithin(scope, others)) return;
      within++;
      for (const place of all)
        if (covers(scope, place)) expect(others.some((other) => covers(other, place))).toBe(true);
    }),
    { numRuns: 3_000 },
  );
  expect(within, 'scopes that lay within others').toBeGreaterThan(100);
});

test('somebody gives of a wider part a narrower one, by no token that is narrower still, and no right they lack', () => {
  const grants: Grant[] = [
    { role: 'admin', scope: '*', rights: ['manage-people'] },
    { role: 'operator', scope: 'env=prod/*' },
  ];
  const narrower: Grant[] = [{ role: 'operator', scope: 'env=prod/web:*', rights: ['see-fleet', 'act'] }];
  expect(hasAll(somebody(grants), narrower)).toBe(true);
  expect(hasAll(somebody(grants, { role: 'operator', scope: 'env=prod/web:w*' }), narrower)).toBe(false);
  expect(hasAll(somebody(grants), [{ role: 'admin', scope: 'env=prod/web:*' }])).toBe(false);
  expect(hasAll(somebody(grants), [{ role: 'viewer', scope: 'env=p*/*' }])).toBe(false);
  expect(hasAll(somebody([{ role: 'admin', scope: '*' }]), [{ role: 'viewer', scope: 'web[1:*' }])).toBe(
    true,
  );
});

test('abuse 18: a cell that a spreadsheet would calculate is text', () => {
  const row = { seq: 1, at: '', kind: '', ends: null, actor: '', way: '', address: '', what: '' };
  const cell = (target: string) =>
    csvLine({ ...row, target, detail: '', before: null, after: null, outcome: '' })
      .split(',')
      .slice(8, -4)
      .join(',');
  for (const text of ['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', ' =1'])
    expect([text, cell(text)]).toEqual([text, `"'${text}"`]);
  expect(cell('plain')).toBe('plain');
});

test('abuse 17: what the audit keeps of a request holds no secret', () => {
  const wish = {
    password: 'canary',
    nested: { apiToken: 'canary', list: [{ code: 'canary' }] },
    url: 'http://u:canary@h/',
  };
  expect(shownInAudit(wish)).not.toContain('canary');
  expect(shownInAudit({ only: Array.from({ length: 20_000 }, (_, at) => `h/p:${at}`) }).length).toBeLessThan(
    5_000,
  );
});

test.each([
  ['correct horse battery', false],
  ['vexing otters juggle', false],
  ['mei-at-work', false],
  ['tangerine-9-kettle', false],
  ['qx7-mumble-fjord', false],
  ['monkeywrench-ballet', false],
  ['Password!2026', true],
  ['PASSWORD12345', true],
  ['p@$$w0rd1234', true],
  ['0987654321', true],
  ['2026-11-26-2026', true],
  ['iloveyou123456', true],
  ['Liverpool2024!', true],
  ['qwerty-qwerty-1', true],
  ['adminpassword', true],
  ['Summer_2026_Winter', true],
  ['meimeimeimei', true],
  ['mei.2026.mei.2027', true],
  ['michael19850101', true],
  ['1qaz2wsx3edc', true],
  ['1q2w3e4r5t6y', true],
  ['qwe123asd456', true],
  ['zaq12wsxcde3', true],
  ['!QAZ@WSX#EDC', true],
  ['asdfjkl;asdf', true],
  ['undertaker99!', true],
  ['Washington-1789', true],
  ['sojdlg123aljg', true],
  ['undertaker-fjord', false],
  ['minty-dresser-poles', false],
  ['a few weeds were there', false],
])('abuse 15: %s is a common password: %s', async (password, common) => {
  expect(isCommonPassword(password, 'mei', await leakedPasswords())).toBe(common);
});

test.each([
  ['jane.doe', 'janedoe2026!!', true],
  ['jane.doe', 'Doe-Jane-1985', true],
  ['jane.doe', 'jane.doe.jane.doe', true],
  ['mei', 'mei-password-1', true],
  ['jane.doe', 'jane paints barns', false],
])('abuse 15: to %s, %s is a common password: %s', async (name, password, common) => {
  expect(isCommonPassword(password, name, await leakedPasswords())).toBe(common);
});
