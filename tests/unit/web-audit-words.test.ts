import { expect, test } from 'vitest';
import { PERMISSIONS } from '../../src/api/permissions.ts';
import type { en } from '../../src/web/messages/en.ts';
import { zh } from '../../src/web/messages/zh.ts';
import { slugWords } from '../../src/web/view/problem-words.ts';
import { DEEDS } from '../../src/web/view/settings/audit-line.ts';

/** What is asked for by POST and leaves no row in the audit. */
const ONLY_LOOKS = new Set(['POST /plans', 'POST /schedules/preview', 'POST /device/token']);

test('the audit has words for every route that changes something, in both languages, and for no other', () => {
  const changing = Object.keys(PERMISSIONS).filter(
    (route) => /^(POST|PATCH|DELETE) /.test(route) && !ONLY_LOOKS.has(route),
  );
  const deeds: Readonly<Record<string, keyof typeof en>> = DEEDS;
  expect(changing.filter((route) => deeds[route] === undefined)).toEqual([]);
  const routes = Object.keys(DEEDS).filter((what) => /^(POST|PATCH|DELETE) /.test(what));
  expect(routes.filter((what) => !changing.includes(what))).toEqual([]);
  const chinese = Object.values(DEEDS).map((key) => [key, /\p{Script=Han}/u.test(zh[key])]);
  expect(chinese.filter(([, isChinese]) => !isChinese)).toEqual([]);
});

test('a refusal that the audit holds as a slug is said in words', () => {
  expect([slugWords('wrong-sign-in', 'en'), slugWords('wrong-sign-in', 'zh')]).toEqual([
    'wrong sign in',
    '用户名和密码不匹配',
  ]);
});
