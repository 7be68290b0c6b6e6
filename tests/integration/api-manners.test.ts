import { describe, expect, test } from 'vitest';
import { startTestHub, type TestHub } from '../support/hub.ts';
import { somebody } from '../support/people.ts';
import { twoEnvironments } from '../support/two-environments.ts';

const ask = async (
  hub: TestHub,
  method: string,
  path: string,
  more: Record<string, string> = {},
  body?: unknown,
) => {
  const headers = {
    cookie: hub.session.cookie,
    'x-csrf-token': hub.session.csrf,
    'content-type': 'application/json',
    ...more,
  };
  const res = await hub.raw(
    method,
    `/api/v1${path}`,
    headers,
    body === undefined ? undefined : JSON.stringify(body),
  );
  const text = await res.text();
  const header = (name: string) => res.headers.get(name);
  return {
    status: res.status,
    etag: header('etag') ?? '',
    header,
    body: text === '' ? null : JSON.parse(text),
  };
};

describe('etags', () => {
  test('what did not change is answered with 304 and nothing else, what did anew', async (t) => {
    const hub = await twoEnvironments(t);
    for (const path of ['/fleet', '/processes?selector=web:*', '/hosts']) {
      await t.expect
        .poll(async () => {
          const { etag } = await ask(hub, 'GET', path);
          const again = await ask(hub, 'GET', path, { 'if-none-match': etag });
          return [again.status, again.body];
        })
        .toEqual([304, null]); // polls of the hosts may change them in between
    }
    for (const path of ['/actions', '/users', '/settings']) {
      const { etag } = await ask(hub, 'GET', path);
      t.expect([path, (await ask(hub, 'GET', path, { 'if-none-match': etag })).status]).toEqual([path, 304]);
    }
    const before = await ask(hub, 'GET', '/fleet');
    await ask(hub, 'POST', '/hosts', {}, { name: 'third', url: 'http://127.0.0.1:9' });
    await t.expect.poll(async () => (await ask(hub, 'GET', '/fleet')).etag).not.toBe(before.etag);
    const viewer = await somebody(hub, 'viv', { role: 'viewer', scope: 'env=stage/*' });
    const mine = await ask(hub, 'GET', '/hosts');
    const theirs = await hub.raw('GET', '/api/v1/hosts', { ...viewer.headers, 'if-none-match': mine.etag });
    t.expect(theirs.status).toBe(200);
    t.expect(hub.bugs).toEqual([]);
  });

  test('a change of what somebody else changed meanwhile is refused with 412, and changes nothing', async (t) => {
    const hub = await startTestHub(t);
    const added = await ask(hub, 'POST', '/hosts', {}, { name: 'one', url: 'http://127.0.0.1:9' });
    const user = await somebody(hub, 'mei', { role: 'viewer', scope: '*' });
    const changes = [
      { path: `/hosts/${added.body.id}`, first: { notes: 'first' }, second: { notes: 'second' } },
      { path: `/users/${user.id}`, first: { disabled: true }, second: { disabled: false } },
      { path: '/settings', first: { approvalMinutes: 5 }, second: { approvalMinutes: 6 } },
    ];
    for (const { path, first, second } of changes) {
      const { etag } = await ask(hub, 'GET', path);
      const done = await ask(hub, 'PATCH', path, { 'if-match': etag }, first);
      t.expect([path, done.status, done.body]).toEqual([path, 200, t.expect.objectContaining(first)]);
      const late = await ask(hub, 'PATCH', path, { 'if-match': etag }, second);
      t.expect([path, late.status, late.body.type]).toEqual([
        path,
        412,
        '/reference/problems/changed-meanwhile',
      ]);
      t.expect((await ask(hub, 'GET', path)).body).toMatchObject(first);
      t.expect((await ask(hub, 'PATCH', path, { 'if-match': done.etag }, second)).status).toBe(200);
      t.expect((await ask(hub, 'PATCH', path, {}, first)).status).toBe(200);
    }
    t.expect(hub.bugs).toEqual([]);
  });
});

test('lists come a page at a time, each naming the next, and together are the whole list once', async (t) => {
  const hub = await twoEnvironments(t);
  for (let at = 0; at < 5; at++)
    await hub.ask('POST', '/actions', { verb: 'start', selector: 'env=stage/web:*' });
  for (const [path, id] of [
    ['/actions?limit=2', 'id'],
    ['/processes?limit=3&selector=*', 'name'],
  ] as const) {
    const whole = await ask(hub, 'GET', path.replace(/limit=\d+&?/, ''));
    const found: unknown[] = [];
    for (let next: string | undefined = path; next !== undefined; ) {
      const page = await ask(hub, 'GET', next);
      expect(page.body.length).toBeLessThanOrEqual(3);
      found.push(...page.body.map((one: Record<string, unknown>) => one[id]));
      next = /<\/api\/v1([^>]+)>; rel="next"/.exec(page.header('link') ?? '')?.[1];
    }
    expect(found.sort()).toEqual(whole.body.map((one: Record<string, unknown>) => one[id]).sort());
  }
  expect((await ask(hub, 'GET', '/actions?after=nonsense')).status).toBe(422);
});

test('who asks for too much is told when to come back; others, and looking, go on', async (t) => {
  const hub = await startTestHub(t, { args: ['--rate-changes', '10', '--rate-expensive', '5'] });
  const other = await somebody(hub, 'mei', { role: 'admin', scope: '*' });
  const change = () => ask(hub, 'DELETE', '/tokens/none');
  const first = await change();
  expect(first.header('ratelimit')).toMatch(/^"changes";r=\d+;t=\d+$|^"changes"; r=\d+; t=\d+$/);
  for (let n = 2; n < 10; n++) expect((await change()).status).toBe(404); // adding mei was one, too
  const last = await change();
  expect(last.status).toBe(429);
  expect(last.body.type).toBe('/reference/problems/too-many-requests');
  expect(Number(last.header('retry-after'))).toBeGreaterThan(0);
  expect(Number(last.header('retry-after'))).toBeLessThanOrEqual(60);
  expect((await ask(hub, 'GET', '/fleet')).status).toBe(200);
  expect((await other.ask('DELETE', '/tokens/none')).status).toBe(404);
  const search = () => hub.raw('GET', '/api/v1/search?selector=*&text=x', { cookie: hub.session.cookie });
  for (let n = 0; n < 5; n++) expect((await search()).status).toBe(404);
  expect((await search()).status).toBe(429);
});
