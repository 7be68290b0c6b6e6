import { expect, test } from 'vitest';
import { scrub } from '../../src/hub/scrub.ts';

test.each([
  ['an address', '{"msg":"no answer from http://ops:canary-9@db:9001/RPC2"}'],
  [
    'a header',
    '{"err":{"headers":{"authorization":"Basic b3BzOmNhbmFyeS05"}}}'.replace('b3BzOmNhbmFyeS05', 'canary-9x'),
  ],
  ['a bearer token', 'Bearer canary-9aaaaaaaa was refused'],
  ['a token of ours', 'the token fvt_canary-9abcdefghijklmnopqrstuv'],
  ['a member', '{"credentials":{"username":"ops","password":"canary-9"}}'],
  ['a member in a string', '"{\\"password\\":\\"canary-9\\"}"'],
  ['a setting', 'password=canary-9 is wrong'],
])('no secret of %s stays in the log', (_what, line) => {
  expect(scrub(line)).not.toContain('canary-9');
});

test('a line without secrets stays as it is', () => {
  const line =
    '{"level":30,"time":"2026-01-01T00:00:00Z","address":"http://127.0.0.1:7373/fleet","msg":"started"}';
  expect(scrub(line)).toBe(line);
});
