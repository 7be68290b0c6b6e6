import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, test } from 'vitest';
import { Database, sql } from '../../src/store/database.ts';
import { startTestHub, type TestHub } from '../support/hub.ts';

const JSON_TYPE = { 'content-type': 'application/json' };

/** Every route, and the least role that may use it. This table is the promise. */
const ROUTES: readonly (readonly [method: string, path: string, least: Role])[] = [
  ['GET', '/session', 'viewer'],
  ['GET', '/fleet', 'viewer'],
  ['GET', '/processes', 'viewer'],
  ['GET', '/hosts', 'viewer'],
  ['GET', '/actions', 'viewer'],
  ['GET', '/actions/none', 'viewer'],
  ['GET', '/actions/none/events', 'viewer'],
  ['GET', '/tail?target=a/b:c', 'viewer'],
  ['POST', '/plans', 'viewer'],
  ['POST', '/actions', 'operator'],
  ['POST', '/actions/none/cancel', 'operator'],
  ['POST', '/hosts', 'admin'],
  ['PATCH', '/hosts/none', 'admin'],
  ['DELETE', '/hosts/none', 'admin'],
  ['POST', '/hosts/none/restore', 'admin'],
  ['POST', '/hosts/none/revoke', 'admin'],
  ['POST', '/hosts/none/test', 'admin'],
  ['POST', '/hosts/test', 'admin'],
  ['POST', '/hosts/import', 'admin'],
  ['POST', '/join-tokens', 'admin'],
  ['GET', '/join-tokens', 'admin'],
  ['DELETE', '/join-tokens/none', 'admin'],
];
type Role = 'viewer' | 'operator' | 'admin';
const ORDER: readonly Role[] = ['viewer', 'operator', 'admin'];

function setRole(hub: TestHub, role: Role): void {
  const db = new Database(join(hub.dataFolder, 'fleetvisor.db'), 'normal');
  db.run(sql.updateTable('users').set({ role }));
  db.close();
}

describe('who may what', () => {
  test('nobody may anything but sign in and ask for health', async (t) => {
    const hub = await startTestHub(t);
    for (const [method, path] of ROUTES) {
      const res = await hub.raw(method, `/api/v1${path}`, JSON_TYPE, method === 'GET' ? undefined : '{}');
      t.expect([method, path, res.status]).toEqual([method, path, 401]);
      t.expect(res.headers.get('content-type')).toContain('application/problem+json');
    }
    t.expect((await hub.raw('GET', '/healthz')).status).toBe(200);
  });

  test.each(ORDER)('a %s may what the table says, from the next request on', async (role) => {
    const hub = await startTestHub({ onTestFinished: () => {} });
    try {
      setRole(hub, role);
      const wrong: string[] = [];
      for (const [method, path, least] of ROUTES) {
        const { status } = await hub.ask(method, path, method === 'GET' ? undefined : {});
        const mayIt = ORDER.indexOf(role) >= ORDER.indexOf(least);
        if (mayIt === (status === 403) || status === 401 || status >= 500)
          wrong.push(`${method} ${path}: ${status}`);
      }
      if (wrong.length > 0) throw new Error(wrong.join('\n'));
    } finally {
      await hub.hub.close();
    }
  });

  test('abuse 4: a change needs the token of the page and a request from our own pages', async (t) => {
    const hub = await startTestHub(t);
    const cookie = { cookie: hub.session.cookie, ...JSON_TYPE };
    const csrf = { 'x-csrf-token': hub.session.csrf };
    const body = '{"verb":"stop","selector":"*"}';
    const statusWith = async (headers: Record<string, string>) =>
      (await hub.raw('POST', '/api/v1/plans', headers, body)).status;
    t.expect(await statusWith(cookie)).toBe(403);
    t.expect(await statusWith({ ...cookie, 'x-csrf-token': 'guess' })).toBe(403);
    t.expect(await statusWith({ ...cookie, ...csrf, origin: 'http://evil.example' })).toBe(403);
    t.expect(await statusWith({ ...cookie, ...csrf, 'sec-fetch-site': 'cross-site' })).toBe(403);
    t.expect(await statusWith({ ...cookie, ...csrf, 'content-type': 'text/plain' })).toBe(415);
    t.expect(await statusWith({ ...cookie, ...csrf, origin: hub.hub.address })).toBe(200);
  });

  test('signing out ends the session for good', async (t) => {
    const hub = await startTestHub(t);
    t.expect((await hub.ask('DELETE', '/session')).status).toBe(204);
    t.expect((await hub.ask('GET', '/fleet')).status).toBe(401);
  });

  test('a bearer token does what its user may, and needs no page', async (t) => {
    const hub = await startTestHub(t);
    const made = await hub.raw(
      'POST',
      '/api/v1/tokens',
      JSON_TYPE,
      JSON.stringify({ user: 'admin', password: hub.password, label: 'cli' }),
    );
    t.expect(made.status).toBe(201);
    const { token } = (await made.json()) as { token: string };
    const headers = { authorization: `Bearer ${token}`, ...JSON_TYPE };
    t.expect((await hub.raw('POST', '/api/v1/plans', headers, '{"verb":"stop","selector":"*"}')).status).toBe(
      200,
    );
    t.expect((await hub.raw('GET', '/api/v1/fleet', { authorization: `Bearer ${token}x` })).status).toBe(401);
    t.expect(readFileSync(join(hub.dataFolder, 'fleetvisor.db-wal')).includes(token)).toBe(false);
  });
});

describe('addresses of hosts', () => {
  test('abuse 8: what must not be registered is refused with the reason', async (t) => {
    const hub = await startTestHub(t);
    const own = new URL(hub.hub.address).port;
    const refusals: readonly (readonly [string, string])[] = [
      ['http://user:pw@10.0.0.1:9001', 'has a user name or password in it'],
      ['ftp://10.0.0.1', 'is not an address'],
      ['http://169.254.169.254/latest', 'is link-local, multicast or a cloud metadata address'],
      ['http://[fe80::1]:9001', 'is link-local, multicast or a cloud metadata address'],
      ['http://[::ffff:169.254.169.254]/', 'is link-local, multicast or a cloud metadata address'],
      ['http://2852039166/', 'is link-local, multicast or a cloud metadata address'],
      ['http://0xa9fea9fe/', 'is link-local, multicast or a cloud metadata address'],
      ['http://0251.0376.0251.0376/', 'is link-local, multicast or a cloud metadata address'],
      ['http://169.254.43518/', 'is link-local, multicast or a cloud metadata address'],
      ['http://[::a9fe:a9fe]/', 'is link-local, multicast or a cloud metadata address'],
      ['http://[64:ff9b::a9fe:a9fe]/', 'is link-local, multicast or a cloud metadata address'],
      ['http://[2002:a9fe:a9fe::1]/', 'is link-local, multicast or a cloud metadata address'],
      ['http://[fd00:ec2::254]/', 'is link-local, multicast or a cloud metadata address'],
      ['http://[fd20:ce::254]/', 'is link-local, multicast or a cloud metadata address'],
      ['http://168.63.129.16/', 'is link-local, multicast or a cloud metadata address'],
      ['http://100.100.100.200/', 'is link-local, multicast or a cloud metadata address'],
      ['http://0.0.0.0:9001', 'is link-local, multicast or a cloud metadata address'],
      ['http://0/', 'is link-local, multicast or a cloud metadata address'],
      ['http://[::]:9001', 'is link-local, multicast or a cloud metadata address'],
      ['file:///etc/passwd', 'is not an address'],
      ['gopher://10.0.0.1', 'is not an address'],
      ['http://10.0.0.1/?x=1', 'has a query or a fragment'],
      [`http://127.0.0.1:${own}`, 'is the hub itself'],
      [`http://2130706433:${own}`, 'is the hub itself'],
      [`http://127.1:${own}`, 'is the hub itself'],
      [`http://[::1]:${own}`, 'is the hub itself'],
      [`http://[::ffff:127.0.0.1]:${own}`, 'is the hub itself'],
      [`http://localhost:${own}/RPC2`, 'is the hub itself'],
      ['unix:///etc/shadow', 'is not below /run, /var/run, /tmp'],
      ['unix:///run/../etc/x.sock', 'is not below /run, /var/run, /tmp'],
      ['unix:///run/docker.sock', "or is a container engine's socket"],
    ];
    for (const [url, says] of refusals) {
      const { status, body } = await hub.ask('POST', '/hosts', { name: 'x', url });
      t.expect([url, status]).toEqual([url, 422]);
      t.expect(body.problems[0].says).toContain(says);
      t.expect(JSON.stringify(body)).not.toContain('pw@');
    }
    t.expect((await hub.ask('GET', '/hosts')).body).toEqual([]);
  });

  test('abuse 7: a name or address that is taken is refused, all problems at once', async (t) => {
    const hub = await startTestHub(t);
    const wish = { name: 'one', url: 'http://127.0.0.1:1/', password: 'canary-91', username: 'u' };
    const made = await hub.ask('POST', '/hosts', wish);
    t.expect(made.status).toBe(201);
    t.expect(JSON.stringify(made.body)).not.toContain('canary-91');
    const again = await hub.ask('POST', '/hosts', { ...wish, name: 'ONE' });
    t.expect(again.body.problems.map((problem: { where: string }) => problem.where)).toEqual(['url', 'name']);
    t.expect((await hub.ask('DELETE', `/hosts/${made.body.id}`)).status).toBe(204);
    t.expect((await hub.ask('POST', '/hosts', wish)).status).toBe(201);
  });

  test('abuse 8: a server that is no supervisor is told as such, and hears the password only at its own address', async (t) => {
    const heard: string[] = [];
    const stranger = createServer((req, res) => {
      heard.push(String(req.headers.authorization));
      res.writeHead(302, { location: 'http://169.254.169.254/' }).end();
    });
    await new Promise<void>((done) => stranger.listen(0, '127.0.0.1', done));
    t.onTestFinished(() => void stranger.close());
    const hub = await startTestHub(t);
    const url = `http://127.0.0.1:${(stranger.address() as AddressInfo).port}`;
    const { body } = await hub.ask('POST', '/hosts', { name: 'x', url });
    await t.expect
      .poll(async () => (await hub.ask('GET', '/hosts')).body[0].reachability.kind)
      .toBe('unreachable');
    t.expect(body.name).toBe('x');
    t.expect(heard.length).toBeGreaterThan(0);
  });
});

describe('what is wrong with a request', () => {
  test('is told as a problem with its place', async (t) => {
    const hub = await startTestHub(t);
    const selector = await hub.ask('POST', '/plans', { verb: 'stop', selector: 'web[1:*' });
    t.expect(selector).toMatchObject({
      status: 422,
      body: { type: '/reference/problems/unusable', problems: [{ where: 'selector:4' }] },
    });
    t.expect((await hub.ask('POST', '/plans', { verb: 'explode', selector: '*' })).body).toMatchObject({
      type: '/reference/problems/bad-request',
      problems: [{ where: 'verb' }],
    });
    t.expect((await hub.ask('POST', '/plans', { verb: 'stop', selector: '*', constructor: 1 })).status).toBe(
      400,
    );
    t.expect((await hub.ask('GET', '/nothing')).status).toBe(404);
    const big = await hub.ask('POST', '/plans', { verb: 'stop', selector: 'x'.repeat(7_000_000) });
    t.expect(big.status).toBe(413);
    const headers = { cookie: hub.session.cookie, 'x-csrf-token': hub.session.csrf, ...JSON_TYPE };
    t.expect((await hub.raw('POST', '/api/v1/plans', headers, '{"verb":')).status).toBe(400);
    t.expect(hub.bugs).toEqual([]);
  });

  test('wrong passwords are slowed down, and told apart from those that can be nobody’s', async (t) => {
    const hub = await startTestHub(t);
    const tryIt = async (password: string) =>
      hub.raw('POST', '/api/v1/session', JSON_TYPE, JSON.stringify({ user: 'admin', password }));
    t.expect((await tryIt('x'.repeat(80))).status).toBe(422);
    const statuses: number[] = [];
    for (let i = 0; i < 6; i++) statuses.push((await tryIt('wrong-password')).status);
    t.expect(statuses).toEqual([401, 401, 401, 401, 401, 429]);
    const throttled = await tryIt('wrong-password');
    t.expect(Number(throttled.headers.get('retry-after'))).toBeGreaterThan(800);
  });
});

test('every answer carries the headers that keep pages apart, and no page has inline code', async (t) => {
  const hub = await startTestHub(t);
  for (const path of ['/sign-in', '/api/v1/fleet', '/healthz', '/nothing']) {
    const res = await hub.raw('GET', path, { cookie: hub.session.cookie });
    const csp = res.headers.get('content-security-policy') ?? '';
    t.expect(csp).toContain("default-src 'none'");
    t.expect(csp).not.toContain('unsafe');
    t.expect(csp).toContain("frame-ancestors 'none'");
    t.expect(res.headers.get('x-content-type-options')).toBe('nosniff');
    t.expect(res.headers.get('x-powered-by')).toBeNull();
  }
});
