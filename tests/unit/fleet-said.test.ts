import { expect, test } from 'vitest';
import { asValue, inEnglish, said, told } from '../../src/fleet/said.ts';
import { SENTENCES, type SentenceKey } from '../../src/fleet/sentences.ts';
import { zhSentences } from '../../src/web/messages/zh/sentences.ts';
import { sayIn } from '../../src/web/view/say.ts';
import { sentence } from '../../src/web/view/sentence.ts';

const gaps = (text: string): string[] =>
  [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? '').sort();
const chinese = { language: 'zh', say: sayIn('zh') } as const;
const english = { language: 'en', say: sayIn('en') } as const;

test('every sentence of the hub has the same gaps in Chinese', () => {
  for (const [key, text] of Object.entries(SENTENCES))
    expect(gaps(zhSentences[key as SentenceKey]), key).toEqual(gaps(text));
});

test('a sentence within a sentence is said in the same language', () => {
  const away = told('host.disabled', { host: 'web-01' });
  const whole = told('sent.yesThen', { verb: 'stop', why: asValue(away) });
  expect(whole.says).toBe('the stop was sent, then: web-01 is disabled');
  expect(sentence(whole.said, whole.says, chinese)).toBe('stop 已发送，之后：web-01 已停用');
  expect(sentence(whole.said, whole.says, english)).toBe(whole.says);
});

test('durations and sizes are written by whoever says them', () => {
  const back = said('tail.backAt', { awayMs: 200_000, offset: 8_204_113 });
  expect(inEnglish(back)).toContain('after 3 min 20 s');
  expect(sentence(back, '', chinese)).toMatch(/3 分钟 20 秒.*8,204,113/);
  expect(inEnglish(said('tail.skipped', { bytes: 65_536 }))).toMatch(/^64 KiB /);
});

test('what is only words, and a sentence this page does not know, stay as they came', () => {
  expect(sentence(undefined, 'BAD_NAME: web', chinese)).toBe('BAD_NAME: web');
  const later: unknown = { key: 'of.a.later.hub', values: {} };
  expect(sentence(later as ReturnType<typeof said>, 'as it came', chinese)).toBe('as it came');
});
