import { expect, test } from 'vitest';
import { CliFailure } from '../../src/cli/failure.ts';
import { hostSelectorFrom, selectorFrom } from '../../src/cli/selector-words.ts';
import { splitWords } from '../../src/cli/split-words.ts';

test.each([
  ['stop group web', ['stop', 'group', 'web']],
  ["  stop 'web*/api:*'  ", ['stop', 'web*/api:*']],
  ['send a/b "two  words" x\\ y', ['send', 'a/b', 'two  words', 'x y']],
  [`search "it's" '"q"' "a\\"b"`, ['search', "it's", '"q"', 'a"b']],
  ["--note ''", ['--note', '']],
  ['', []],
])('a typed line %s is parted as a shell parts it', (line, words) => {
  expect(splitWords(line)).toEqual({ words, open: null });
});

test('a quote that is not closed is told', () => {
  expect(splitWords('stop "web').open).toBe('"');
});

test.each([
  [['group', 'web'], { env: 'prod' }, 'env=prod/web:*'],
  [['web:*', 'cron'], { host: 'web-0?' }, 'web-0?/web:* web-0?/cron'],
  [[], { env: 'prod' }, 'env=prod/*'],
  [['all'], {}, '*'],
  [['all'], { host: 'h1' }, 'h1/*'],
])('%j with %j names %s', (words, given, selector) => {
  expect(selectorFrom(words, given)).toBe(selector);
});

test('a place said twice, or no name at all, is a mistake on the command line', () => {
  expect(() => selectorFrom(['h1/web'], { host: 'h2' })).toThrow(CliFailure);
  expect(() => selectorFrom(['web'], { host: 'h2', env: 'prod' })).toThrow(CliFailure);
  expect(() => selectorFrom([])).toThrow(CliFailure);
  expect(() => hostSelectorFrom(['h1'], { env: 'prod' })).toThrow(CliFailure);
  expect(hostSelectorFrom([], { env: 'prod' })).toBe('env=prod');
  expect(hostSelectorFrom(['all'])).toBe('*');
});
