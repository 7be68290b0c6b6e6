import type { IncomingMessage } from 'node:http';
import { expect, test } from 'vitest';
import { AuthThrottle } from '../../agent/src/http/auth-throttle.ts';
import { isAuthentic, readCredentials } from '../../agent/src/http/basic-auth.ts';
import { cannotListen } from '../../agent/src/http/cannot-listen.ts';
import { escapeHtml } from '../../agent/src/http/html.ts';
import { isForeign, mayAct } from '../../agent/src/http/page-origin.ts';
import { percentDecode, percentEncode } from '../../agent/src/http/percent.ts';
import { FakeClock } from '../support/fake-clock.ts';

test('RPC-137 RPC-139 RPC-140 credentials are Basic in any case, with the first colon between name and password', () => {
  const header = (text: string) => `bAsIc ${Buffer.from(text).toString('base64')}`;
  expect(readCredentials(header('joe:se:cret'))).toEqual({ username: 'joe', password: 'se:cret' });
  for (const bad of [undefined, '', 'Bearer x', 'Basic', 'Basic !!!', header('nocolon')])
    expect(readCredentials(bad)).toBeNull();
});

test('RPC-138 abuse 23: a stored SHA is compared with the SHA of what was sent', () => {
  const stored = { username: 'joe', password: '{SHA}82ab876d1387bfafe46cc1c8a2ef074eae50cb1d' };
  expect(isAuthentic({ username: 'joe', password: 'thepassword' }, stored)).toBe(true);
  expect(isAuthentic({ username: 'joe', password: stored.password }, stored)).toBe(false);
  expect(isAuthentic({ username: 'joe', password: stored.password.slice(5) }, stored)).toBe(false);
  expect(isAuthentic({ username: 'ann', password: 'thepassword' }, stored)).toBe(false);
  expect(isAuthentic({ username: '', password: '' }, { username: 'a', password: 'b' })).toBe(false);
});

test('abuse 15: wrong guesses wait longer and longer, a flood is not even looked at, time forgives', () => {
  const clock = new FakeClock();
  const throttle = new AuthThrottle(clock);
  const answered: number[] = [];
  for (let i = 0; i < 16; i++) throttle.failed('10.0.0.1', () => void answered.push(clock.uptimeMs()));
  expect([throttle.isFlooded('10.0.0.1'), throttle.isFlooded('10.0.0.2')]).toEqual([true, false]);
  clock.advance(2_000);
  expect(answered.slice(0, 6)).toEqual([100, 200, 400, 800, 1_600, 2_000]);
  expect(throttle.isFlooded('10.0.0.1')).toBe(false);
  clock.advance(60_000);
  throttle.failed('10.0.0.1', () => void answered.push(clock.uptimeMs()));
  clock.advance(100);
  expect(answered).toHaveLength(17);
});

test('percent-encoding goes there and back, and garbage stays garbage', () => {
  for (const text of ['g:a b%', '日本', '<b>&"\'', 'a/b', '~_.-'])
    expect(percentDecode(percentEncode(text))).toBe(text);
  expect(percentEncode("g:ü'/")).toBe('g%3A%C3%BC%27/');
  expect(percentDecode('100%')).toBe('100%');
  expect(percentDecode('%zz%41%ff')).toBe('%zzA\ufffd');
});

test('CFG-161 CFG-162 why a server cannot be opened', () => {
  expect(cannotListen('EADDRINUSE').message).toBe(
    'Another program is already listening on a port that one of our HTTP servers is configured to use.  Shut this program down first before starting supervisord.',
  );
  expect(cannotListen('EACCES').message).toBe(
    'Cannot open an HTTP server: socket.error reported errno.EACCES (13)',
  );
});

test('markup in names is text', () => {
  expect(escapeHtml(`<a href="x">&'`)).toBe('&lt;a href=&quot;x&quot;&gt;&amp;&#39;');
});

test('RPC-170 abuse 4: who may act', () => {
  const req = (headers: IncomingMessage['headers']) =>
    ({ headers: { host: 'box:9001', ...headers } }) as IncomingMessage;
  const browser = { 'user-agent': 'Mozilla/5.0 (X11)' };
  expect(mayAct(req({ 'user-agent': 'Python-xmlrpc' }), undefined, 'secret')).toBe(true);
  expect(mayAct(req(browser), undefined, 'secret')).toBe(false);
  expect(mayAct(req(browser), 'secret', 'secret')).toBe(true);
  expect(mayAct(req(browser), 'other', 'secret')).toBe(false);
  expect(mayAct(req({ ...browser, referer: 'http://box:9001/index.html' }), undefined, 'secret')).toBe(true);
  expect(mayAct(req({ ...browser, referer: 'http://box:9001.evil/' }), undefined, 'secret')).toBe(false);
  expect(isForeign(req({ origin: 'http://box:9001' }))).toBe(false);
  expect(isForeign(req({ origin: 'https://hub.example', 'x-forwarded-host': 'hub.example' }))).toBe(false);
  expect(isForeign(req({ origin: 'null' }))).toBe(true);
  expect(isForeign(req({ origin: 'http://box:9001', 'sec-fetch-site': 'cross-site' }))).toBe(true);
});
