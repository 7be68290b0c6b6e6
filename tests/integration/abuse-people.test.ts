import { TOTP } from 'otpauth';
import { io } from 'socket.io-client';
import { expect, test } from 'vitest';
import { startTestHub, type TestHub } from '../support/hub.ts';
import { addUser, asker, newToken, type Somebody, signIn, somebody } from '../support/people.ts';
import { twoEnvironments } from '../support/two-environments.ts';

const TYPE = /[^/]*$/;
const said = ({ status, body }: { status: number; body: { type?: string } | string }) => [
  status,
  typeof body === 'string' ? '' : (TYPE.exec(body?.type ?? '')?.[0] ?? ''),
];
const REFUSED = [403, 'not-allowed'];

test('abuse 5: nobody gives more rights than they have, nor takes over who has more', async (t) => {
  const hub = await startTestHub(t);
  const clerk = await somebody(hub, 'clerk', {
    role: 'admin',
    scope: '*',
    rights: ['see-fleet', 'manage-people'],
  });
  const { body: users } = await hub.ask('GET', '/users');
  const admin = users.find(({ name }: { name: string }) => name === 'admin');
  const everything = [{ role: 'admin', scope: '*' }];
  expect(said(await clerk.ask('POST', '/users', { name: 'mole', grants: everything }))).toEqual(REFUSED);
  expect(said(await clerk.ask('PATCH', `/users/${clerk.id}`, { grants: everything }))).toEqual(REFUSED);
  expect(said(await clerk.ask('POST', `/users/${admin.id}/password`))).toEqual(REFUSED);
  expect(said(await clerk.ask('PATCH', `/users/${admin.id}`, { disabled: true }))).toEqual(REFUSED);
  expect(said(await clerk.ask('DELETE', `/users/${admin.id}/second-factor`))).toEqual(REFUSED);
  const acts = [{ role: 'operator', scope: 'env=stage/*' }];
  expect(said(await clerk.ask('POST', '/users', { name: 'mole', grants: acts }))).toEqual(REFUSED);
  const looks = [{ role: 'viewer', scope: 'env=stage/*', rights: ['see-fleet'] }];
  expect((await clerk.ask('POST', '/users', { name: 'temp', grants: looks })).status).toBe(201);

  const token = await newToken(hub, 'admin', hub.password, {
    role: 'admin',
    rights: ['see-fleet', 'manage-people'],
  });
  const narrow = asker(hub, { authorization: `Bearer ${token}`, 'content-type': 'application/json' });
  expect(said(await narrow('POST', '/users', { name: 'mole', grants: everything }))).toEqual(REFUSED);
  expect((await narrow('POST', '/users', { name: 'temp2', grants: looks })).status).toBe(201);
  const { body: after } = await hub.ask('GET', '/users');
  expect(after.map(({ name }: { name: string }) => name)).toEqual(['admin', 'clerk', 'temp', 'temp2']);
});

test('abuse 9: over TLS a session is taken from the cookie that only this hub can have set, by pages, API and socket', async (t) => {
  const hub = await startTestHub(t, { args: ['--trust-proxy', '1'] });
  const thief = await signIn(hub, 'admin', hub.password); // its own session, planted into a victim's browser
  const secret = thief.cookie.split('=')[1] ?? '';
  const statusBy = async (cookie: string, proto: string) => {
    const headers = { cookie, 'x-forwarded-proto': proto };
    const api = await hub.raw('GET', '/api/v1/session', headers);
    const page = await hub.raw('GET', '/hosts', headers);
    return [api.status, page.status, await socketSays(hub, headers)];
  };
  expect(await statusBy(`fleetvisor=${secret}`, 'https')).toEqual([401, 302, 'not-signed-in']);
  expect(await statusBy(`fleetvisor=planted; __Host-fleetvisor=${secret}`, 'https')).toEqual([
    200,
    200,
    'in',
  ]);
  expect(await statusBy(`fleetvisor=${secret}`, 'http')).toEqual([200, 200, 'in']);
});

function socketSays({ hub }: TestHub, extraHeaders: Record<string, string>): Promise<string> {
  const socket = io(`${hub.address}/live`, { transports: ['websocket'], reconnection: false, extraHeaders });
  return new Promise<string>((done) => {
    socket.on('connect', () => done('in'));
    socket.on('connect_error', (error) => done(error.message));
  }).finally(() => socket.close());
}

test('abuse 9: a thief of a session sets no second factor of their own: its secret comes from the hub, for the password', async (t) => {
  const hub = await startTestHub(t);
  const mei = await somebody(hub, 'mei', { role: 'viewer', scope: '*' });
  const confirm = (secret: string) =>
    mei.ask('POST', '/me/second-factor/confirm', { secret, code: new TOTP({ secret }).generate() });
  expect(said(await confirm('JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP'))).toEqual([422, 'unusable']);
  const other = await somebody(hub, 'oli', { role: 'viewer', scope: '*' });
  const proposed = async (one: Somebody) =>
    (await one.ask('POST', '/me/second-factor', { password: one.password })).body.secret;
  expect(said(await confirm(await proposed(other)))).toEqual([422, 'unusable']);
  expect((await confirm(await proposed(mei))).status).toBe(200);
});

test('abuse 15: tries from one IPv6 network count together, a forged address from outside counts for nothing', async (t) => {
  const hub = await startTestHub(t, { args: ['--trust-proxy', '1'] });
  await addUser(hub, 'mei', { role: 'viewer', scope: '*' });
  const from = async (address: string) => {
    const body = JSON.stringify({ user: 'mei', password: 'a guess like any other' });
    const headers = { 'content-type': 'application/json', 'x-forwarded-for': address };
    return (await hub.raw('POST', '/api/v1/session', headers, body)).status;
  };
  for (let n = 1; n <= 5; n++) expect(await from(`2001:db8:1:2::${n}`)).toBe(401);
  expect(await from('2001:db8:1:2:ffff:1::9')).toBe(429);
  expect(await from('2001:db8:1:3::1')).toBe(401);
  // What a client wrote itself stands before what the one trusted proxy wrote.
  for (let n = 1; n <= 5; n++) expect(await from(`10.9.9.${n}, 192.0.2.7`)).toBe(401);
  expect(await from('10.9.9.99, 192.0.2.7')).toBe(429);
  const plain = await startTestHub(t);
  const forged = async (n: number) => {
    const body = JSON.stringify({ user: 'admin', password: 'a guess like any other' });
    const headers = { 'content-type': 'application/json', 'x-forwarded-for': `192.0.2.${n}` };
    return (await plain.raw('POST', '/api/v1/session', headers, body)).status;
  };
  for (let n = 1; n <= 5; n++) expect(await forged(n)).toBe(401);
  expect(await forged(6)).toBe(429);
});

test('abuse 15: a crowd that guesses at an account does not lock its owner out where they are signed in', async (t) => {
  const hub = await startTestHub(t, { args: ['--trust-proxy', '1'] });
  const { password } = await addUser(hub, 'mei', { role: 'viewer', scope: '*' });
  const from = async (address: string, tried: string, more = {}) => {
    const body = JSON.stringify({ user: 'mei', password: tried });
    const headers = { 'content-type': 'application/json', 'x-forwarded-for': address };
    return (await hub.raw('POST', '/api/v1/session', { ...headers, ...more }, body)).status;
  };
  const signIn = { user: 'mei', password };
  const known = await hub.raw(
    'POST',
    '/api/v1/session',
    { 'content-type': 'application/json' },
    JSON.stringify(signIn),
  );
  const cookie = known.headers.getSetCookie().map((one) => one.split(';')[0]);
  expect(cookie[1]).toMatch(/^fleetvisor-known=/);
  expect(await from('192.0.2.1', password)).toBe(200);
  for (let n = 0; n < 35; n++) expect(await from('192.0.2.1', password)).toBe(200); // an office behind one address
  const crowd = Array.from({ length: 60 }, (_, n) => `198.51.100.${Math.floor(n / 4)}`);
  const statuses: number[] = [];
  for (const address of crowd) statuses.push(await from(address, 'a guess like any other'));
  expect(new Set(statuses)).toEqual(new Set([401]));
  expect(await from('203.0.113.9', password)).toBe(429); // where nobody knows them, the account rests
  expect(await from('203.0.113.9', password, { cookie: cookie[1] })).toBe(200); // but for their own browser
  expect(await from('192.0.2.1', password)).toBe(200);
});

test('abuse 5: an idempotency key shows its action as whoever replays it sees it now, and is nobody else’s', async (t) => {
  const hub = await twoEnvironments(t);
  const mei = await somebody(hub, 'mei', { role: 'operator', scope: '*' });
  const replay = (who: Somebody['ask']) => who('POST', '/actions', { verb: 'restart', selector: '*' });
  const once = (headers: Record<string, string>) =>
    asker(hub, { ...headers, 'idempotency-key': 'one and only'.replaceAll(' ', '-') });
  const begun = await replay(once(mei.headers));
  expect(begun.status).toBe(202);
  const environments = new Set(begun.body.targets.map(({ host }: { host: string }) => host));
  expect(environments.size).toBeGreaterThan(1);
  await hub.ask('PATCH', `/users/${mei.id}`, { grants: [{ role: 'operator', scope: 'env=stage/*' }] });
  const again = await replay(once(mei.headers));
  expect([again.status, again.body.id]).toEqual([200, begun.body.id]);
  expect(new Set(again.body.targets.map(({ host }: { host: string }) => host)).size).toBe(1);
  const oli = await somebody(hub, 'oli', { role: 'operator', scope: 'env=stage/*' });
  const theirs = await replay(once(oli.headers));
  expect(theirs.body.id).not.toBe(begun.body.id);
});

test('abuse 10: a stranger sends the hub no more than a sign-in takes', async (t) => {
  const hub = await startTestHub(t);
  const body = JSON.stringify({ user: 'admin', password: 'x'.repeat(20_000) });
  const headers = { 'content-type': 'application/json' };
  for (const path of ['/session', '/tokens', '/device'])
    expect((await hub.raw('POST', `/api/v1${path}`, headers, body)).status).toBe(413);
  const form = { 'content-type': 'application/x-www-form-urlencoded' };
  expect((await hub.raw('POST', '/sign-in', form, `user=a&password=${'x'.repeat(20_000)}`)).status).toBe(413);
});
