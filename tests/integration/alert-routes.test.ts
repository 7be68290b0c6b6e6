import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'vitest';
import { startTestHub } from '../support/hub.ts';

test('rules and channels are added, changed only as they were read, tested and removed, and no secret comes back', async (t) => {
  const hub = await startTestHub(t);
  const { body: ready } = await hub.ask('GET', '/alert-rules');
  t.expect(ready.map(({ name }: { name: string }) => name)).toEqual([
    'A host is unreachable',
    'A process flaps',
    'A process is FATAL',
  ]);
  const memory = { name: 'Memory', condition: { kind: 'memory-over', bytes: 1_000 }, selector: 'api:*' };
  const { status, body: rule } = await hub.ask('POST', '/alert-rules', memory);
  t.expect([status, rule]).toMatchObject([
    201,
    { ...memory, enabled: true, channels: 'all', clearSeconds: 60 },
  ]);
  const wrong = await hub.ask('PATCH', `/alert-rules/${rule.id}`, { selector: '"', channels: ['ac_none'] });
  t.expect(wrong.body.problems.map(({ where }: { where: string }) => where)).toEqual([
    'selector:1',
    'channels',
  ]);
  const headers = {
    cookie: hub.session.cookie,
    'x-csrf-token': hub.session.csrf,
    'content-type': 'application/json',
  };
  const at = `/api/v1/alert-rules/${rule.id}`;
  const etag = (await hub.raw('GET', at, headers)).headers.get('etag') ?? '';
  const change = (more: Record<string, string>) =>
    hub.raw('PATCH', at, { ...headers, ...more }, '{"severity":"critical"}');
  t.expect((await change({ 'if-match': etag })).status).toBe(200);
  t.expect((await change({ 'if-match': etag })).status).toBe(412);

  const secret = 'whispered-whispered';
  const url = 'http://127.0.0.1:9/hooks/T0PSECRET?key=K3Y';
  const { body: hook } = await hub.ask('POST', '/alert-channels', {
    kind: 'webhook',
    name: 'pager',
    url,
    secret,
  });
  t.expect(hook).toMatchObject({ url: 'http://127.0.0.1:9/…', signed: true, waiting: 0, last: null });
  t.expect((await hub.ask('POST', `/alert-channels/${hook.id}/test`)).body).toMatchObject({
    ok: false,
    says: 'connection refused by http://127.0.0.1:9/…',
    mend: t.expect.stringContaining('See whether something listens'),
  });
  const mail = { kind: 'email', name: 'mail', host: '127.0.0.1', from: 'hub@x.test', to: ['ops@x.test'] };
  const clear = await hub.ask('POST', '/alert-channels', {
    ...mail,
    security: 'none',
    username: 'u',
    password: secret,
  });
  t.expect([clear.status, clear.body.problems[0].where]).toEqual([422, 'security']);
  const { body: box } = await hub.ask('POST', '/alert-channels', {
    ...mail,
    username: 'u',
    password: secret,
  });
  t.expect(box).toMatchObject({ port: 587, security: 'starttls', username: 'u' });
  t.expect((await hub.ask('PATCH', `/alert-channels/${box.id}`, { url })).body.problems[0].says).toBe(
    'a channel of the kind email has no url',
  );
  await hub.ask('PATCH', `/alert-rules/${rule.id}`, { channels: [hook.id, box.id] });
  t.expect((await hub.ask('DELETE', `/alert-channels/${hook.id}`)).status).toBe(204);
  t.expect((await hub.ask('GET', `/alert-rules/${rule.id}`)).body.channels).toEqual([box.id]);
  t.expect((await hub.ask('DELETE', `/alert-rules/${rule.id}`)).status).toBe(204);

  const told = JSON.stringify([
    await hub.ask('GET', '/alert-channels'),
    await hub.ask('GET', '/audit?limit=1000'),
    await hub.ask('GET', '/alert-deliveries'),
    hook,
    box,
  ]);
  const file = readFileSync(join(hub.dataFolder, 'fleetvisor.db-wal'), 'latin1');
  for (const hidden of [secret, 'T0PSECRET', 'K3Y'])
    t.expect([hidden, told.includes(hidden), file.includes(hidden)]).toEqual([hidden, false, false]);
  t.expect((await hub.ask('GET', '/alerts')).body).toEqual({
    alerts: [],
    counts: { open: 0, unacknowledged: 0, critical: 0 },
    next: null,
  });
  t.expect(hub.bugs).toEqual([]);
});

test('messages are sent nowhere that a host may not be', async (t) => {
  const hub = await startTestHub(t);
  const port = Number(new URL(hub.hub.address).port);
  const urls = [
    'http://169.254.169.254/latest',
    'http://[::ffff:169.254.169.254]/',
    'http://0x7f000001@x/',
    'ftp://x/',
    `http://127.0.0.1:${port}/`,
  ];
  for (const url of urls) {
    const added = await hub.ask('POST', '/alert-channels', { kind: 'slack', name: 'x', url });
    t.expect([url, added.status, added.body.problems[0].where]).toEqual([url, 422, 'url']);
  }
  const mail = { kind: 'email', name: 'x', host: '169.254.169.254', from: 'a@b.c', to: ['a@b.c'] };
  t.expect((await hub.ask('POST', '/alert-channels', mail)).body.problems[0].where).toBe('host');
  t.expect(hub.bugs).toEqual([]);
});
