import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { join } from 'node:path';
import { describe, test } from 'vitest';
import { startTestHub, type TestHub } from '../support/hub.ts';
import { freePort, type Lifetime, startSupervisor } from '../support/supervisors.ts';
import { makeCertificate, tlsFront } from '../support/tls-front.ts';
import { until } from '../support/until.ts';

const PROGRAM = '[program:web]\ncommand=/bin/sleep 1000\nstartsecs=0\n';

interface Step {
  readonly step: string;
  readonly result: string;
  readonly ms: number | null;
  readonly says: string;
  readonly mend: string;
}
const stepsOf = (body: { steps: Step[] }) => body.steps.map(({ step, result }) => `${step} ${result}`);
const failedIn = (body: { steps: Step[] }) => body.steps.find(({ result }) => result === 'failed');

async function reachable(hub: TestHub, id: string, kind = 'reachable') {
  return until(`${id} ${kind}`, async () => {
    const { body } = await hub.ask('GET', '/hosts');
    return body.find((host: { id: string; reachability: { kind: string } }) => {
      return host.id === id && host.reachability.kind === kind;
    });
  });
}

async function hubWithHost(t: Lifetime) {
  const [hub, supervisor] = await Promise.all([
    startTestHub(t),
    startSupervisor(t, 'supervisord', { config: PROGRAM }),
  ]);
  const url = `unix://${supervisor.socketPath}`;
  const { body } = await hub.ask('POST', '/hosts', { name: 'db-01', url });
  await reachable(hub, body.id);
  return { hub, supervisor, id: body.id as string, url };
}

describe.concurrent('a host, once added', () => {
  test('is renamed, moved to an environment, tagged and noted, and keeps that over a restart', async (t) => {
    const { hub, id } = await hubWithHost(t);
    const patch = { name: 'db-main', environment: 'prod', tags: ['db', 'eu', 'db'], notes: 'rack 4' };
    const { status, body } = await hub.ask('PATCH', `/hosts/${id}`, patch);
    t.expect(status).toBe(200);
    t.expect(body).toMatchObject({ ...patch, tags: ['db', 'eu'] });
    await reachable(hub, id);
    await hub.hub.close();
    const again = await startTestHub(t, { dataFolder: hub.dataFolder, password: hub.password });
    t.expect((await again.ask('GET', '/hosts')).body[0]).toMatchObject({ ...patch, tags: ['db', 'eu'] });
    const cleared = await again.ask('PATCH', `/hosts/${id}`, { environment: null, notes: '' });
    t.expect(cleared.body.environment).toBeNull();
    t.expect(cleared.body).not.toHaveProperty('notes');
  });

  test('is disabled: shown so, with its last processes, also after a restart; and enabled again', async (t) => {
    const { hub, id } = await hubWithHost(t);
    await hub.ask('PATCH', `/hosts/${id}`, { disabled: true });
    const shown = await reachable(hub, id, 'disabled');
    t.expect(shown).toMatchObject({ disabled: true, processCount: 1 });
    const plan = await hub.ask('GET', '/processes');
    t.expect(plan.body).toHaveLength(1);
    await hub.hub.close();
    const again = await startTestHub(t, { dataFolder: hub.dataFolder, password: hub.password });
    await reachable(again, id, 'disabled');
    await again.ask('PATCH', `/hosts/${id}`, { disabled: false });
    await reachable(again, id);
    t.expect(again.bugs).toEqual([]);
  });

  test('is in maintenance until somebody ends it, with note and name', async (t) => {
    const { hub, id } = await hubWithHost(t);
    const on = await hub.ask('PATCH', `/hosts/${id}`, { maintenance: { untilMs: null, note: 'new disks' } });
    t.expect(on.body.maintenance).toEqual({ untilMs: null, note: 'new disks', by: 'admin' });
    t.expect(on.body.reachability.kind).toBe('reachable');
    const off = await hub.ask('PATCH', `/hosts/${id}`, { maintenance: null });
    t.expect(off.body).not.toHaveProperty('maintenance');
  });

  test('is removed and put back, with password, within the undo window; not when its name was given away', async (t) => {
    const hub = await startTestHub(t);
    const port = await freePort();
    const supervisor = await startSupervisor(t, 'supervisord', {
      config: `[inet_http_server]\nport=127.0.0.1:${port}\nusername=ops\npassword=canary-41\n${PROGRAM}`,
    });
    t.expect(supervisor.pid).toBeGreaterThan(0);
    const wish = { name: 'db-01', url: `http://127.0.0.1:${port}`, username: 'ops', password: 'canary-41' };
    const { body: host } = await hub.ask('POST', '/hosts', wish);
    await reachable(hub, host.id);
    t.expect((await hub.ask('DELETE', `/hosts/${host.id}`)).status).toBe(204);
    t.expect((await hub.ask('GET', '/hosts')).body).toEqual([]);
    t.expect((await hub.ask('DELETE', `/hosts/${host.id}`)).status).toBe(404);
    t.expect((await hub.ask('POST', `/hosts/${host.id}/restore`)).body.name).toBe('db-01');
    await reachable(hub, host.id);
    await hub.ask('DELETE', `/hosts/${host.id}`);
    const other = await hub.ask('POST', '/hosts', wish);
    t.expect(other.status).toBe(201);
    const back = await hub.ask('POST', `/hosts/${host.id}/restore`);
    t.expect([back.status, back.body.problems[0].says]).toEqual([422, 'db-01 was given to another host']);
    t.expect((await hub.ask('POST', '/hosts/h_none/restore')).status).toBe(404);
  });

  test('loses its password when scheme, host or port change, and keeps it when only the path does', async (t) => {
    const hub = await startTestHub(t);
    const heard: (string | undefined)[] = [];
    const { createServer } = await import('node:http');
    const [one, two] = await Promise.all(
      [1, 2].map(async () => {
        const server = createServer((req, res) => {
          heard.push(req.headers.authorization);
          res.writeHead(500).end();
        });
        await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
        t.onTestFinished(() => {
          server.closeAllConnections();
          server.close();
        });
        return (server.address() as AddressInfo).port;
      }),
    );
    const wish = { name: 'x', url: `http://127.0.0.1:${one}`, username: 'ops', password: 'canary-42' };
    const { body: host } = await hub.ask('POST', '/hosts', wish);
    await until('asked with the password', () => heard.at(-1)?.startsWith('Basic'));
    await hub.ask('PATCH', `/hosts/${host.id}`, { url: `http://127.0.0.1:${one}/proxy/RPC2` });
    heard.length = 0;
    await until('still with it', () => heard.at(-1)?.startsWith('Basic'));
    await hub.ask('PATCH', `/hosts/${host.id}`, { url: `http://127.0.0.1:${two}` });
    heard.length = 0;
    await until('asked at the new port', () => heard.length > 0);
    t.expect(heard.filter((header) => header !== undefined)).toEqual([]);
    const alone = await hub.ask('PATCH', `/hosts/${host.id}`, { password: 'x' });
    t.expect([alone.status, alone.body.problems[0].where]).toEqual([422, 'password']);
  });
});

describe.concurrent('an address is refused, with the mend,', () => {
  test.each([
    ['that does not resolve', async () => 'http://no-such-host.invalid:9001', /does not resolve/],
    ['that is link-local as NAT64', async () => 'http://[64:ff9b::a9fe:a9fe]/', /metadata/],
    ['that is link-local, mapped', async () => 'http://[::ffff:a9fe:a9fe]:80/', /metadata/],
    [
      'of the hub itself, however written',
      async (hub: TestHub) => hub.hub.address.replace('127.0.0.1', '[::ffff:127.0.0.1]'),
      /the hub itself/,
    ],
  ])('%s', async (_what, urlOf, says) => {
    const t = { onTestFinished: (fn: () => void | Promise<void>) => void ends.push(fn) };
    const ends: (() => void | Promise<void>)[] = [];
    const hub = await startTestHub(t);
    const { status, body } = await hub.ask('POST', '/hosts', { name: 'x', url: await urlOf(hub) });
    for (const end of ends.reverse()) await end();
    if (status !== 422 || !says.test(body.problems[0].says) || !body.problems[0].hint)
      throw new Error(`${status} ${JSON.stringify(body)}`);
  });

  test('that is a known one written another way', async (t) => {
    const { hub, url } = await hubWithHost(t);
    const again = await hub.ask('POST', '/hosts', { name: 'y', url: url.replace('unix://', 'unix:') });
    t.expect(again.body.problems[0].says).toBe('is registered already, as db-01');
    await hub.ask('POST', '/hosts', { name: 'z', url: 'http://127.0.0.1:1' });
    const path = await hub.ask('POST', '/hosts', { name: 'zz', url: 'http://127.0.0.1:1/RPC2' });
    t.expect(path.body.problems[0].says).toBe('is registered already, as z');
    const name = await hub.ask('POST', '/hosts', { name: 'zz', url: 'http://LOCALHOST:1/' });
    t.expect(name.body.problems[0].says).toBe('is registered already, as z');
  });
});

describe.concurrent('a connection test', () => {
  test('times each step of a supervisord that answers, before and after it is added', async (t) => {
    const { hub, id, url } = await hubWithHost(t);
    for (const path of ['/hosts/test', `/hosts/${id}/test`]) {
      const { body } = await hub.ask('POST', path, path === '/hosts/test' ? { url } : {});
      t.expect(body.ok).toBe(true);
      t.expect(stepsOf(body)).toEqual([
        'name skipped',
        'connect done',
        'tls skipped',
        'sign-in done',
        'answer done',
      ]);
      t.expect(body.steps[4]).toMatchObject({ says: 'supervisor 4.2.5, RUNNING', ms: t.expect.any(Number) });
    }
  });

  test('says what to mend at the step that fails', async (t) => {
    const hub = await startTestHub(t);
    const port = await freePort();
    await startSupervisor(t, 'supervisord', {
      config: `[inet_http_server]\nport=127.0.0.1:${port}\nusername=ops\npassword=right\n`,
    });
    const silent = createTcpServer(() => {});
    await new Promise<void>((done) => silent.listen(0, '127.0.0.1', done));
    t.onTestFinished(() => void silent.close());
    const cases: [wish: object, step: string, says: RegExp, mend: RegExp][] = [
      [{ url: 'http://no-such-host.invalid:9001' }, 'name', /does not resolve/, /DNS/],
      [{ url: `http://127.0.0.1:${await freePort()}` }, 'connect', /refused/, /inet_http_server/],
      [{ url: `unix://${hub.dataFolder}/none.sock` }, 'connect', /no socket/, /unix_http_server/],
      [{ url: `https://127.0.0.1:${port}` }, 'tls', /no TLS/, /speaks TLS/],
      [{ url: `http://127.0.0.1:${port}` }, 'sign-in', /are asked for/, /username and password/],
      [
        { url: `http://127.0.0.1:${port}`, username: 'ops', password: 'no' },
        'sign-in',
        /refused/,
        /password/,
      ],
      [
        { url: `http://127.0.0.1:${port}/x`, username: 'ops', password: 'right' },
        'answer',
        /not a supervisord/,
        /RPC2/,
      ],
      [
        { url: `http://127.0.0.1:${(silent.address() as AddressInfo).port}` },
        'answer',
        /answers nothing within 5 s/,
        /hangs/,
      ],
    ];
    for (const [wish, step, says, mend] of cases) {
      const { body } = await hub.ask('POST', '/hosts/test', wish);
      t.expect(body.ok).toBe(false);
      const failed = failedIn(body);
      t.expect(failed?.step).toBe(step);
      t.expect(failed?.says).toMatch(says);
      t.expect(failed?.mend).toMatch(mend);
      if (/within 5 s/.test(failed?.says ?? '')) t.expect(failed?.ms).toBeGreaterThan(4_900);
    }
    t.expect(hub.bugs).toEqual([]);
  });

  test('believes an authority or a certificate of one’s own, and names the one it was shown', async (t) => {
    const [hub, supervisor] = await Promise.all([
      startTestHub(t),
      startSupervisor(t, 'supervisord', { config: PROGRAM }),
    ]);
    const pair = makeCertificate(t);
    const url = `https://localhost:${await tlsFront(t, supervisor.socketPath, pair)}`;
    const stranger = await hub.ask('POST', '/hosts/test', { url });
    t.expect(failedIn(stranger.body)).toMatchObject({
      step: 'tls',
      says: t.expect.stringContaining('UNABLE_TO'),
    });
    const sha256 = stranger.body.certificateSha256;
    t.expect(sha256).toMatch(/^[0-9a-f]{64}$/);
    for (const trust of [{ authority: pair.authority }, { sha256 }]) {
      const { body } = await hub.ask('POST', '/hosts/test', { url, trust });
      t.expect(stepsOf(body)[2]).toBe('tls done');
      t.expect(body.ok).toBe(true);
    }
    const other = await hub.ask('POST', '/hosts/test', { url, trust: { sha256: '0'.repeat(64) } });
    t.expect(failedIn(other.body)).toMatchObject({
      step: 'tls',
      mend: t.expect.stringContaining('pin the new'),
    });
    const plain = await hub.ask('POST', '/hosts/test', { url: 'http://127.0.0.1:1', trust: { sha256 } });
    t.expect(plain.body.problems[0].where).toBe('trust');
  });
});

test('an https host is polled by its own authority, then by a pin, and lost when the pin is another', async (t) => {
  const [hub, supervisor] = await Promise.all([
    startTestHub(t),
    startSupervisor(t, 'supervisord', { config: PROGRAM }),
  ]);
  const pair = makeCertificate(t);
  const url = `https://localhost:${await tlsFront(t, supervisor.socketPath, pair)}`;
  const made = await hub.ask('POST', '/hosts', { name: 'tls', url, trust: { authority: pair.authority } });
  t.expect(made.body.trust.kind).toBe('authority');
  t.expect(JSON.stringify(made.body)).not.toContain('BEGIN CERTIFICATE');
  const { id } = made.body;
  await reachable(hub, id);
  const { certificateSha256 } = (await hub.ask('POST', `/hosts/${id}/test`)).body;
  await hub.ask('PATCH', `/hosts/${id}`, { trust: { sha256: '0'.repeat(64) } });
  const lost = await reachable(hub, id, 'unreachable');
  t.expect(lost.reachability.failure).toMatchObject({
    kind: 'tls',
    mend: t.expect.stringContaining('pinned'),
  });
  const pinned = await hub.ask('PATCH', `/hosts/${id}`, { trust: { sha256: certificateSha256 } });
  t.expect(pinned.body.trust).toEqual({ kind: 'pinned', sha256: certificateSha256 });
  await reachable(hub, id);
  const none = await hub.ask('PATCH', `/hosts/${id}`, { trust: null });
  t.expect(none.body).not.toHaveProperty('trust');
  await reachable(hub, id, 'unreachable');
  t.expect(hub.bugs).toEqual([]);
});

describe('hosts of a list', () => {
  test('are shown by a dry run, added by the next, and known by the third; passwords are kept sealed', async (t) => {
    const [hub, supervisor] = await Promise.all([
      startTestHub(t),
      startSupervisor(t, 'supervisord', { config: PROGRAM }),
    ]);
    const list = [
      'http://ops:canary-77@127.0.0.1:9101/RPC2',
      '127.0.0.1:9102',
      `local unix://${supervisor.socketPath}`,
      'again http://127.0.0.1:9102/RPC2',
      'http://169.254.169.254/',
      'gone http://no-such-host.invalid',
    ].join('\n');
    const content = Buffer.from(list).toString('base64');
    const dry = await hub.ask('POST', '/hosts/import', { content, dryRun: true, environment: 'prod' });
    t.expect(dry.body.format).toBe('urls');
    t.expect(dry.body.rows.map(({ result }: { result: string }) => result)).toEqual([
      'added',
      'added',
      'added',
      'known',
      'refused',
      'refused',
    ]);
    t.expect(JSON.stringify(dry.body)).not.toContain('canary-77');
    t.expect((await hub.ask('GET', '/hosts')).body).toEqual([]);
    const real = await hub.ask('POST', '/hosts/import', { content, environment: 'prod' });
    t.expect(real.body.rows[0]).toMatchObject({
      name: '127.0.0.1',
      environment: 'prod',
      hasCredentials: true,
    });
    t.expect(real.body.rows[1].name).toBe('127.0.0.1-9102');
    t.expect((await hub.ask('GET', '/hosts')).body).toHaveLength(3);
    const again = await hub.ask('POST', '/hosts/import', { content });
    t.expect(again.body.rows.slice(0, 4).map(({ result }: { result: string }) => result)).toEqual([
      'known',
      'known',
      'known',
      'known',
    ]);
    const { readFileSync } = await import('node:fs');
    for (const file of ['fleetvisor.db', 'fleetvisor.db-wal'])
      t.expect(readFileSync(join(hub.dataFolder, file)).includes('canary-77')).toBe(false);
  });
});
