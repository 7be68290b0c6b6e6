import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { issueText } from '../../src/api/issue-text.ts';
import { PROBLEMS } from '../../src/api/problems.ts';
import { zhProblems } from '../../src/web/messages/zh/problems.ts';
import { phrase, problemWords } from '../../src/web/view/problem-words.ts';

const SRC = resolve(import.meta.dirname, '../../src');
const routes = readdirSync(join(SRC, 'api/routes')).map((file) => `api/routes/${file}`);
/** Where what the console may be refused for is put into words. */
const SOURCES = [
  ...routes,
  'accounts/passwords.ts',
  'accounts/grant-problem.ts',
  'control/register-host.ts',
  'control/host-address.ts',
  'control/change-host.ts',
  'control/send-input.ts',
  'control/tail-members.ts',
  'control/searched-logs.ts',
  'control/log-search.ts',
  'fleet/selector.ts',
  'fleet/host-selector.ts',
];
const SAID = /\b(?:says|hint|detail):\s*(?:'((?:[^'\\]|\\.)+)'|"((?:[^"\\]|\\.)+)"|`((?:[^`\\]|\\.)+)`)/g;
/** What describes a route is no refusal: it begins with a capital, and is a verb. */
const isOfRoute = (whole: string, text: string): boolean =>
  whole.startsWith('says') && /^[A-Z][a-z]+s /.test(text);

test('every refusal the console can meet has its cause in Chinese', () => {
  expect(Object.keys(zhProblems).sort()).toEqual(Object.keys(PROBLEMS).sort());
});

test('every sentence a refusal holds is said in Chinese', () => {
  const english = SOURCES.flatMap((file) =>
    [...readFileSync(join(SRC, file), 'utf8').matchAll(SAID)].flatMap(([whole, plain, double, template]) => {
      const text = (plain ?? double ?? template ?? '').replace(/\$\{[^}]*\}+/g, '7').replace(/\\(.)/g, '$1');
      return text === '' || isOfRoute(whole, text) || phrase(text, 'zh') !== text ? [] : [`${file}: ${text}`];
    }),
  );
  expect(english).toEqual([]);
});

test('what the schemas say in words of their own is said in Chinese', () => {
  const own = ['api/schemas.ts', 'api/people-schemas.ts', 'accounts/person-name.ts'].flatMap((file) =>
    [...readFileSync(join(SRC, file), 'utf8').matchAll(/'(letters, digits[^']+)'/g)].map(
      ([, text = '']) => text,
    ),
  );
  expect(own.length).toBeGreaterThan(3);
  expect(own.filter((text) => phrase(text, 'zh') === text)).toEqual([]);
});

test('what does not fit a schema is said in Chinese', () => {
  const schema = z.strictObject({
    name: z.string().min(1).max(3),
    key: z.string().min(8),
    port: z.int().min(1).max(9),
    load: z.number().max(2),
    tags: z.array(z.string()).min(2).max(3),
    kind: z.enum(['a', 'b']),
    on: z.boolean(),
    more: z.string(),
  });
  const wrong = [
    { name: '', key: 'short', port: 0, load: 3, tags: [], kind: 'c', on: 'yes', other: 1 },
    { name: 'longer', key: 7, port: 10, load: 'x', tags: ['a', 'b', 'c', 'd'], kind: 7, on: null, more: [] },
    { port: 1.5, tags: 'x' },
  ];
  const said = wrong.flatMap((value) => schema.safeParse(value, { error: issueText }).error?.issues ?? []);
  expect(said.length).toBeGreaterThan(18);
  expect(said.map(({ message }) => message).filter((message) => phrase(message, 'zh') === message)).toEqual(
    [],
  );
});

test('a refusal is a cause and its mend, in either language', () => {
  const problem = {
    type: '/fleet/reference/problems/unusable',
    title: 'Something in the request cannot be used',
    status: 422,
    problems: [
      { where: 'name', says: 'web-01 is taken', hint: 'Choose another name; case makes no difference.' },
    ],
  };
  expect(problemWords(problem, 'en')).toEqual({
    cause: 'Something in the request cannot be used.',
    mend: 'name: web-01 is taken. Choose another name; case makes no difference.',
  });
  expect(problemWords(problem, 'zh')).toEqual({
    cause: '请求中有无法使用的内容。',
    mend: '名称：web-01 已被使用。请换一个名称；不区分大小写。',
  });
});
