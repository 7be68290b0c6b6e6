import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, type TestContext, test } from 'vitest';
import type { AuditEntry, UserView } from '../../src/api/contract.ts';
import { startTestHub, type TestHub } from '../support/hub.ts';
import { CLIENT, startProvider, type TestProvider, Traveller } from '../support/oidc.ts';
import { pathProxy } from '../support/path-proxy.ts';
import { addUser, asker } from '../support/people.ts';
import { freePort, tempDir } from '../support/supervisors.ts';
import { until } from '../support/until.ts';

interface SignOnBench {
  readonly hub: TestHub;
  readonly provider: TestProvider;
  readonly port: number;
  roles(text: string): void;
  /** Goes all the way as whoever the provider takes the browser for. */
  signIn(next?: string): ReturnType<Traveller['go']> & Promise<unknown>;
}

const ROLES = 'web-team -> operator@env=stage/web:*\nadmins -> admin\n# readers -> viewer\n';

async function bench(t: TestContext, ...args: string[]): Promise<SignOnBench> {
  const dir = tempDir(t);
  const roles = (text: string) => writeFileSync(join(dir, 'roles'), text);
  roles(ROLES);
  writeFileSync(join(dir, 'secret'), `${CLIENT.secret}\n`);
  const port = await freePort();
  const oidc = ['--oidc-issuer', `http://localhost:${port}`, '--oidc-client-id', CLIENT.id];
  const files = ['--oidc-client-secret-file', join(dir, 'secret'), '--group-roles', join(dir, 'roles')];
  const hub = await startTestHub(t, { args: [...oidc, ...files, ...args] });
  const provider = await startProvider(t, () => [`${hub.hub.address}/sign-in/oidc/callback`], port);
  const signIn = (next = '/') =>
    new Traveller().go(`${hub.hub.address}/sign-in/oidc?next=${encodeURIComponent(next)}`);
  return { hub, provider, port, roles, signIn };
}

const users = async (hub: TestHub): Promise<readonly UserView[]> => (await hub.ask('GET', '/users')).body;
const words = (html: string) =>
  /<div class="notice m-fatal" role="alert"><svg.*?<p>(.*?)<\/p>/s.exec(html)?.[1] ?? '';

describe('somebody the provider vouches for', () => {
  test('gets an account without a password at the first sign-in, and a session for what their groups give', async (t) => {
    const { hub, signIn } = await bench(t);
    const traveller = new Traveller();
    const { status, text } = await traveller.go(`${hub.hub.address}/sign-in/oidc?next=/hosts?env=stage`);
    t.expect([status, /http-equiv="refresh" content="0;url=([^"]*)"/.exec(text)?.[1]]).toEqual([
      200,
      '/hosts?env&#x3D;stage',
    ]);
    const cookie = traveller.cookies(new URL(hub.hub.address));
    t.expect(cookie).toMatch(/^fleetvisor=fvs_[\w-]+$/);
    const ask = asker(hub, { cookie });
    t.expect((await ask('GET', '/session')).body).toMatchObject({ user: 'mei', role: 'operator' });
    const made = (await users(hub)).find(({ name }) => name === 'mei');
    t.expect(made).toMatchObject({
      signsInBy: 'oidc',
      groups: ['web-team'],
      grants: [{ role: 'operator', scope: 'env=stage/web:*' }],
    });
    await signIn();
    t.expect(await users(hub)).toHaveLength(2);
    const bySecret = { 'content-type': 'application/json' };
    const guess = JSON.stringify({ user: 'mei', password: 'a password they never had' });
    t.expect((await hub.raw('POST', '/api/v1/session', bySecret, guess)).status).toBe(401);
    const { rows } = (await hub.ask('GET', '/audit?actor=mei')).body;
    t.expect(rows.map(({ kind, what }: AuditEntry) => `${kind} ${what}`)).toContain(
      'ended GET /sign-in/oidc/callback',
    );
    t.expect(hub.bugs).toEqual([]);
  });

  test('has what their groups give by then at each sign-in; who has nothing left is signed out and told so', async (t) => {
    const { hub, provider, roles, signIn } = await bench(t);
    const traveller = new Traveller();
    await traveller.go(`${hub.hub.address}/sign-in/oidc`);
    const ask = asker(hub, {
      cookie: traveller.cookies(new URL(hub.hub.address)),
      'content-type': 'application/json',
    });
    t.expect((await ask('GET', '/users')).status).toBe(403);
    provider.who = {
      sub: 's-1',
      claims: { preferred_username: 'mei.renamed', groups: ['admins', 'web-team'] },
    };
    await signIn();
    t.expect((await ask('GET', '/users')).body.map(({ name }: UserView) => name)).toEqual(['admin', 'mei']);
    roles('other -> admin\n');
    const { status, text } = await signIn();
    t.expect([status, words(text)]).toEqual([
      403,
      t.expect.stringContaining('none of your groups may do anything here'),
    ]);
    t.expect(words(text)).toContain('admins, web-team');
    t.expect((await ask('GET', '/session')).status).toBe(401);
    const [, mei] = await users(hub);
    t.expect(mei).toMatchObject({ name: 'mei', grants: [] });
    provider.who = { sub: 's-2', claims: { preferred_username: 'nobody' } };
    t.expect((await signIn()).status).toBe(403);
    t.expect(await users(hub)).toHaveLength(2);
  });

  test('is asked for anew once what the provider said is old: their page then goes through it without a question', async (t) => {
    const { hub, roles } = await bench(t, '--vouched-sessions', '5s', '--reread-groups', '1s');
    const traveller = new Traveller();
    const start = `${hub.hub.address}/sign-in/oidc`;
    await traveller.go(start);
    const session = () =>
      asker(hub, { cookie: traveller.cookies(new URL(hub.hub.address)) })('GET', '/session');
    t.expect((await session()).body.role).toBe('operator');
    roles('web-team -> viewer\n');
    await until('the file of roles counts', async () => (await session()).body.role === 'viewer');
    await until('the session has ended', async () => (await session()).status === 401);
    traveller.visited.length = 0;
    await traveller.go(start);
    t.expect((await session()).status).toBe(200);
    t.expect(traveller.visited.filter((address) => address.includes('/interaction/'))).toEqual([]);
  });

  test('is slowed when an address tries too often, on a page that says so; passwords go on', async (t) => {
    const { hub } = await bench(t, '--rate-sign-ins', '10');
    const leave = () => hub.raw('GET', '/sign-in/oidc', {});
    for (let n = 0; n < 10; n++) t.expect((await leave()).status).toBe(302);
    const slowed = await leave();
    t.expect(slowed.status).toBe(429);
    t.expect(Number(slowed.headers.get('retry-after'))).toBeGreaterThan(0);
    t.expect(words(await slowed.text())).toContain('Wait a minute, then try again.');
    t.expect((await hub.raw('GET', '/sign-in/oidc/callback?code=x&state=y')).status).toBe(429);
    const body = JSON.stringify({ user: 'admin', password: hub.password });
    const json = { 'content-type': 'application/json' };
    t.expect((await hub.raw('POST', '/api/v1/session', json, body)).status).toBe(200);
    t.expect(hub.bugs).toEqual([]);
  });

  test('does not take over an account of the same name, unless an administrator opened it to them', async (t) => {
    const { hub, signIn } = await bench(t);
    const { id, password } = await addUser(hub, 'mei', { role: 'admin', scope: '*' });
    const { status, text } = await signIn();
    t.expect([status, words(text)]).toEqual([
      403,
      t.expect.stringContaining('Another account here has your name'),
    ]);
    t.expect((await hub.ask('PATCH', `/users/${id}`, { signsInBy: 'oidc' })).status).toBe(200);
    const guess = JSON.stringify({ user: 'mei', password });
    t.expect(
      (await hub.raw('POST', '/api/v1/session', { 'content-type': 'application/json' }, guess)).status,
    ).toBe(401);
    t.expect((await signIn()).status).toBe(200);
    t.expect((await users(hub)).map(({ name, signsInBy }) => [name, signsInBy])).toEqual([
      ['admin', 'local'],
      ['mei', 'oidc'],
    ]);
    const grants = [{ role: 'viewer', scope: '*' }];
    t.expect((await hub.ask('PATCH', `/users/${id}`, { grants })).body.problems[0].says).toContain(
      'come from the groups',
    );
    t.expect((await hub.ask('POST', `/users/${id}/password`)).body.problems[0].says).toContain(
      'is not kept here',
    );
  });

  test('stays out when disabled here, whatever the provider says', async (t) => {
    const { hub, signIn } = await bench(t);
    await signIn();
    const mei = (await users(hub)).find(({ name }) => name === 'mei');
    await hub.ask('PATCH', `/users/${mei?.id}`, { disabled: true });
    const { status, text } = await signIn();
    t.expect([status, words(text)]).toEqual([
      403,
      t.expect.stringContaining('Your account here is disabled'),
    ]);
  });

  test('makes a token with the session alone, while that is young', async (t) => {
    const { hub } = await bench(t);
    const traveller = new Traveller();
    await traveller.go(`${hub.hub.address}/sign-in/oidc`);
    const cookie = traveller.cookies(new URL(hub.hub.address));
    const { csrf } = (await asker(hub, { cookie })('GET', '/session')).body;
    const ask = asker(hub, { cookie, 'x-csrf-token': csrf, 'content-type': 'application/json' });
    const wish = { label: 'deploy', role: 'operator', rights: ['see-fleet'] };
    const made = await ask('POST', '/me/tokens', wish);
    t.expect([made.status, made.body.user]).toEqual([201, 'mei']);
    const byToken = asker(hub, {
      authorization: `Bearer ${made.body.token}`,
      'content-type': 'application/json',
    });
    t.expect((await byToken('GET', '/fleet')).status).toBe(200);
    t.expect((await byToken('POST', '/actions', { verb: 'stop', selector: '*' })).status).toBe(403);
    t.expect((await byToken('POST', '/me/tokens', wish)).body.type).toMatch(/\/not-allowed$/);
  });
});

describe('abuse 9: a sign-in that is not one', () => {
  const callback = (url: URL) => url.pathname === '/sign-in/oidc/callback';

  test('is refused with a state that is forged, of another browser, used before, or without any cookie', async (t) => {
    const { hub } = await bench(t);
    const begin = `${hub.hub.address}/sign-in/oidc`;
    const mallory = new Traveller();
    const { url } = await mallory.go(begin, callback);
    // The link with mallory's code, opened by somebody else: with no errand, with their own, and with a state made up.
    const victim = new Traveller();
    t.expect((await victim.go(url.href)).status).toBe(400);
    await victim.go(begin, callback);
    const other = await victim.go(url.href);
    t.expect([other.status, words(other.text)]).toEqual([
      400,
      t.expect.stringContaining('not begun in this browser'),
    ]);
    const forged = new URL(url);
    forged.searchParams.set('state', 'forged');
    const copy = new Traveller();
    for (const part of mallory.cookies(url).split('; '))
      copy.put(url, ...(part.split('=', 2) as [string, string]));
    t.expect((await mallory.go(forged.href)).status).toBe(400);
    // Its errand is gone from the jar now, but somebody may have kept a copy: good once, then never again.
    const kept = copy.cookies(url);
    t.expect((await copy.go(url.href)).status).toBe(200);
    for (const part of kept.split('; ')) copy.put(url, ...(part.split('=', 2) as [string, string]));
    t.expect((await copy.go(url.href)).status).toBe(400);
  });

  test('is refused with a token of another sign-in, for another audience, of another issuer, or from yesterday', async (t) => {
    const { hub, provider, signIn } = await bench(t);
    const changes = { nonce: 'another', aud: 'another-client', iss: 'http://localhost:1', exp: 1_000 };
    for (const [claim, value] of Object.entries(changes)) {
      provider.tamper = (claims) => ({ ...claims, [claim]: value });
      const { status, text } = await signIn();
      t.expect([claim, status, words(text)]).toEqual([
        claim,
        403,
        t.expect.stringContaining('not to be trusted'),
      ]);
      t.expect(words(text)).toContain(claim);
    }
    t.expect(await users(hub)).toHaveLength(1);
  });

  test('is refused with a token that somebody else signed', async (t) => {
    const { hub, provider, signIn } = await bench(t);
    provider.foreignKey = true;
    t.expect((await signIn()).status).toBe(403);
    t.expect(await users(hub)).toHaveLength(1);
  });
});

test('abuse 4: where it goes afterwards is always on this hub', async (t) => {
  const { signIn } = await bench(t);
  for (const next of [
    '//evil.example',
    'https://evil.example',
    '/\\evil.example',
    '/sign-in/oidc',
    '\t//evil.example',
  ]) {
    const { text } = await signIn(next);
    t.expect([next, /content="0;url=([^"]*)"/.exec(text)?.[1]]).toEqual([next, '/']);
  }
});

test('with the provider down, or not letting somebody in, passwords still work and the page says what is wrong', async (t) => {
  const { hub, provider } = await bench(t);
  const page = await (await hub.raw('GET', '/sign-in?next=/hosts')).text();
  t.expect(page).toContain('href="/sign-in/oidc?next&#x3D;%2Fhosts"');
  t.expect(page).toContain('Single sign-on');
  const begun = new Traveller();
  const { url } = await begun.go(
    `${hub.hub.address}/sign-in/oidc`,
    (at) => at.pathname === '/sign-in/oidc/callback',
  );
  const refused = new URL(url);
  refused.searchParams.delete('code');
  refused.searchParams.set('error', 'access_denied');
  refused.searchParams.set('error_description', '<b>not today</b>');
  const no = await begun.go(refused.href);
  t.expect([no.status, words(no.text)]).toEqual([
    403,
    t.expect.stringContaining('access_denied: &lt;b&gt;not today'),
  ]);
  await provider.stop();
  const fresh = await startTestHubWithout(t, provider.issuer);
  const { status, text } = await new Traveller().go(`${fresh.hub.address}/sign-in/oidc`);
  t.expect([status, words(text)]).toEqual([502, t.expect.stringContaining('ECONNREFUSED')]);
  t.expect(text).toContain('id="password"');
  t.expect((await fresh.ask('GET', '/session')).status).toBe(200);
  t.expect(hub.bugs).toEqual([]);
});

/** A hub that has never reached this provider. */
function startTestHubWithout(t: TestContext, issuer: string): Promise<TestHub> {
  const roles = join(tempDir(t), 'roles');
  writeFileSync(roles, ROLES);
  return startTestHub(t, {
    args: ['--oidc-issuer', issuer, '--oidc-client-id', 'fleet', '--group-roles', roles],
  });
}

test('below a path and behind a proxy the way back is the public one', async (t) => {
  let port = 0;
  const front = await pathProxy(t, { path: '/fleet', target: () => port });
  const dir = tempDir(t);
  writeFileSync(join(dir, 'roles'), ROLES);
  writeFileSync(join(dir, 'secret'), CLIENT.secret);
  const at = await freePort();
  const hub = await startTestHub(t, {
    args: [
      ...['--base-path', '/fleet', '--trust-proxy', '1', '--public-url', `${front}/fleet`],
      ...['--oidc-issuer', `http://localhost:${at}`, '--oidc-client-id', CLIENT.id],
      ...['--oidc-client-secret-file', join(dir, 'secret'), '--group-roles', join(dir, 'roles')],
    ],
  });
  port = Number(new URL(hub.hub.address).port);
  await startProvider(t, () => [`${front}/fleet/sign-in/oidc/callback`], at);
  const traveller = new Traveller();
  const { status, text } = await traveller.go(`${hub.hub.address}/sign-in/oidc?next=/hosts`);
  t.expect([status, /content="0;url=([^"]*)"/.exec(text)?.[1]]).toEqual([200, '/fleet/hosts']);
  t.expect(traveller.visited.at(-1)).toContain(`${front}/fleet/sign-in/oidc/callback?`);
});
