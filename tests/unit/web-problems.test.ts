import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { issueText } from '../../src/api/issue-text.ts';
import { PROBLEMS } from '../../src/api/problems.ts';
import { zhProblems } from '../../src/web/messages/zh/problems.ts';
import { phrase, problemWords, remarkWords } from '../../src/web/view/problem-words.ts';
import { sayIn } from '../../src/web/view/say.ts';
import { sentence } from '../../src/web/view/sentence.ts';
import { textsIn } from '../support/texts-in-source.ts';

const SRC = resolve(import.meta.dirname, '../../src');
/** Where whatever the console may be refused for is put into words. A new file of theirs is looked at by itself. */
const ROOMS = ['api', 'alerts', 'accounts', 'control', 'fleet', 'import', 'links', 'live', 'schedules'];
/** What is written for other readers than those of the console. */
const FOR_OTHERS: readonly (readonly [RegExp, reason: string])[] = [
  [
    /^api\/(openapi.*|.*-shapes|permissions|paged|problem-texts)\.ts$/,
    'the reference of the API, in English',
  ],
  [/^api\/(problems|issue-text)\.ts$/, 'looked at by the tests below'],
  [/^api\/check-answer\.ts$/, 'a contract broken by the hub itself, while it is developed'],
  [/^fleet\/sentences\.ts$/, 'the catalogue has each of them, or does not compile'],
  [/^accounts\/common-passwords\.ts$/, 'passwords'],
  [/^accounts\/(audit-trail|audit-words|reread-groups)\.ts$/, 'the audit is one text for all its readers'],
  [
    /^links\/(agent-admission|agent-links)\.ts$|^control\/stored-agents\.ts$/,
    'told to an agent, for its log',
  ],
  [/^fleet\/(bytes-text|duration-text)\.ts$/, 'the console writes numbers of its own'],
  [/^fleet\/grant-text\.ts: 7 on 77$|^fleet\/install-line\.ts/, 'for the terminal'],
  [/^import\/nodervisor\.ts: select/, 'SQL'],
  [/^control\/line-splitter\.ts/, 'stands in the log itself'],
  [/^control\/action-runner\.ts: 7 7 by 7/, 'the log of the hub'],
  [/: (?:the past|as it is|as it became|as last seen|when closed|with its last stream)$/, 'kinds, not words'],
  [
    /: (?:(?:same|new) secrets|any case|fetch failed|sign-in errand|group priority|a command|open question)$/,
    'kinds, not words',
  ],
  [
    /: (?:ping timeout|transport close|transport error|.* disconnect|server shutting down)$/,
    'kinds of socket.io',
  ],
  [/: (?:this hub may not open|is registered already|is longer)$/, 'the beginning of a text, compared with'],
  [/^alerts\/(message|send-mail)\.ts/, 'what is sent is one text for all its readers'],
  [/: (?:nightly workers|group worker)$/, 'an example'],
  [/: (?:run late|leave out|schedule run 7)$/, 'kinds and a key, not words'],
  [/: (?:API memory|\(not kept\))$/, 'an example, and a mark in the audit'],
  [/^api\/audited\.ts: the asker left/, 'the audit is one text for all its readers'],
];

test('every refusal the console can meet has its cause in Chinese', () => {
  expect(Object.keys(zhProblems).sort()).toEqual(Object.keys(PROBLEMS).sort());
});

test('every sentence the hub may say no with is said in Chinese', () => {
  const used = new Set<RegExp>();
  const english = ROOMS.flatMap((room) =>
    readdirSync(join(SRC, room), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts'))
      .flatMap((file) =>
        textsIn(readFileSync(join(SRC, room, file), 'utf8')).map((text) => ({ at: `${room}/${file}`, text })),
      ),
  ).filter(({ at, text }) => {
    const others = FOR_OTHERS.find(([known]) => known.test(at) || known.test(`${at}: ${text}`));
    if (others !== undefined) used.add(others[0]);
    return others === undefined && phrase(text, 'zh') === text;
  });
  expect(english).toEqual([]);
  expect(FOR_OTHERS.filter(([known]) => !used.has(known))).toEqual([]);
});

test('what the hub kept in words alone is said in Chinese again', () => {
  const reader = { language: 'zh', say: sayIn('zh') } as const;
  expect(sentence(undefined, 'connection refused by 10.0.0.7:9001', reader)).toBe('10.0.0.7:9001 拒绝连接');
  expect(sentence(undefined, 'web-01 does not answer: 10.0.0.7 is disabled', reader)).toBe(
    'web-01 没有响应：10.0.0.7 已停用',
  );
  expect(sentence(undefined, 'what a newer agent says', reader)).toBe('what a newer agent says');
});

test('remarks on a list of hosts are said in Chinese, each with its place and its mend', () => {
  const remark =
    'url has a query or a fragment. End it after the path.; name web-01 is taken. Choose another name; case makes no difference.';
  expect(remarkWords(remark, 'zh')).toBe(
    '地址：含有查询或片段。请在路径之后结束。名称：web-01 已被使用。请换一个名称；不区分大小写。',
  );
  expect(remarkWords(remark, 'en')).toBe(remark);
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
