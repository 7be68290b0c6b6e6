import { expect, test } from 'vitest';
import type { AuditEntry, DeviceBegun, DeviceView, NewToken, TokenView } from '../../src/api/contract.ts';
import { startTestHub, type TestHub } from '../support/hub.ts';
import { asker, newToken, somebody } from '../support/people.ts';

const JSON_TYPE = { 'content-type': 'application/json' };
const TYPE = /[^/]*$/;

async function begin(hub: TestHub, wish = {}): Promise<DeviceBegun> {
  const { status, body } = await asker(hub, JSON_TYPE)('POST', '/device', { label: 'CLI on box', ...wish });
  expect(status).toBe(201);
  return body;
}

const fetchToken = (hub: TestHub, { deviceCode }: DeviceBegun) =>
  asker(hub, JSON_TYPE)('POST', '/device/token', { deviceCode });
const said = ({ status, body }: { status: number; body: { type?: string } }) => [
  status,
  TYPE.exec(body.type ?? '')?.[0],
];

test('a command gets a token of whoever lets it in, at most what it asked for, for as long as they chose', async (t) => {
  const hub = await startTestHub(t);
  const mei = await somebody(hub, 'mei', { role: 'operator', scope: '*' });
  const begun = await begin(hub, { role: 'viewer', ttlMs: 86_400_000 });
  t.expect(begun.verificationUri).toBe(`${hub.hub.address}/device`);
  const { body: view } = await mei.ask('GET', `/me/device/${begun.userCode.toLowerCase()}`);
  t.expect(view satisfies DeviceView).toMatchObject({
    label: 'CLI on box',
    limit: { role: 'viewer', scope: '*' },
    ttlMs: 86_400_000,
    address: t.expect.stringContaining('127.0.0.1'),
    isSameAddress: true,
  });
  const approve = `/me/device/${begun.userCode}/approve`;
  t.expect(said(await mei.ask('POST', approve, {}))).toEqual([422, 'unusable']);
  t.expect(said(await mei.ask('POST', approve, { password: 'not the one' }))).toEqual([401, 'wrong-sign-in']);
  t.expect((await mei.ask('POST', approve, { password: mei.password, ttlMs: 3_600_000 })).status).toBe(204);
  const { status, body: made } = await fetchToken(hub, begun);
  t.expect([status, made.user]).toEqual([201, 'mei']);
  const lasts = (made as NewToken).expiresAtMs ?? 0;
  t.expect(Math.abs(lasts - Date.now() - 3_600_000)).toBeLessThan(60_000);
  const cli = asker(hub, { authorization: `Bearer ${made.token}`, ...JSON_TYPE });
  t.expect((await cli('GET', '/session')).body.rights).not.toContain('act');
  const { body: tokens } = await mei.ask('GET', '/tokens');
  t.expect((tokens as TokenView[]).map(({ id, label }) => [id, label])).toContainEqual([
    made.id,
    'CLI on box',
  ]);
  const { rows } = (await hub.ask('GET', '/audit?actor=mei&text=device')).body;
  const [row] = (rows as AuditEntry[]).filter(({ outcome }) => outcome.startsWith('204'));
  t.expect([row?.what, row?.target, row?.way]).toEqual([
    'POST /me/device/:code/approve',
    'CLI on box',
    'page',
  ]);
  t.expect(row?.after).toContain('127.0.0.1');
  t.expect(JSON.stringify(rows)).not.toContain(made.token);
  t.expect(said(await fetchToken(hub, begun))).toEqual([400, 'expired-code']);
  t.expect(hub.bugs).toEqual([]);
});

test('abuse 5: only a session of a person lets a command in: no token, no stranger, nobody twice', async (t) => {
  const hub = await startTestHub(t);
  const mei = await somebody(hub, 'mei', { role: 'admin', scope: '*' });
  const token = await newToken(hub, 'mei', mei.password, { role: 'viewer' });
  const begun = await begin(hub);
  const approve = `/me/device/${begun.userCode}/approve`;
  const narrow = asker(hub, { authorization: `Bearer ${token}`, ...JSON_TYPE });
  t.expect(said(await narrow('POST', approve, { password: mei.password }))).toEqual([403, 'not-allowed']);
  t.expect(said(await asker(hub, JSON_TYPE)('POST', approve, { password: mei.password }))).toEqual([
    401,
    'not-signed-in',
  ]);
  const { 'x-csrf-token': _csrf, ...withoutCsrf } = mei.headers;
  t.expect(said(await asker(hub, withoutCsrf)('POST', approve, { password: mei.password }))).toEqual([
    403,
    'foreign-origin',
  ]);
  t.expect(said(await fetchToken(hub, begun))).toEqual([400, 'authorization-pending']);
  t.expect(said(await fetchToken(hub, begun))).toEqual([429, 'too-many-requests']);
  t.expect((await mei.ask('POST', `/me/device/${begun.userCode}/deny`)).status).toBe(204);
  t.expect(said(await mei.ask('POST', approve, { password: mei.password }))).toEqual([404, 'not-found']);
  const wish = { label: 'x', role: 'admin', scope: 'web[1' };
  t.expect(said(await asker(hub, JSON_TYPE)('POST', '/device', wish))).toEqual([422, 'unusable']);
});
