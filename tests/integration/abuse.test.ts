import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, test } from 'vitest';
import { type ApiPorts, apiRoutes } from '../../src/api/api.ts';
import { Database, sql } from '../../src/store/database.ts';
import { openTerminal } from '../support/ctl.ts';
import { FLEETVISOR, startFleetCli } from '../support/fleet-cli.ts';
import type { TestHub } from '../support/hub.ts';
import { newToken, signIn, somebody } from '../support/people.ts';
import { parseAnswer, sendRaw } from '../support/raw-http.ts';
import { sharedLifetime } from '../support/shared-lifetime.ts';
import { run, startSupervisor } from '../support/supervisors.ts';
import { twoEnvironments } from '../support/two-environments.ts';
import { until } from '../support/until.ts';

let hub: TestHub;
const lifetime = sharedLifetime();
beforeAll(async () => {
  hub = await twoEnvironments(lifetime);
});

const routes = () => apiRoutes({} as ApiPorts);
const JSON_TYPE = { 'content-type': 'application/json' };

test('abuse 4: not one change goes through with the cookie alone, from another site, or as a form', async (t) => {
  const { headers } = await somebody(hub, 'eve', { role: 'admin', scope: '*' });
  const cookie = headers.cookie ?? '';
  const csrf = headers['x-csrf-token'] ?? '';
  const tries: Record<string, string>[] = [
    { cookie, ...JSON_TYPE },
    { cookie, ...JSON_TYPE, 'x-csrf-token': 'fvs_guess' },
    { cookie, ...JSON_TYPE, 'x-csrf-token': csrf, origin: 'http://evil.example' },
    { cookie, ...JSON_TYPE, 'x-csrf-token': csrf, origin: 'null' },
    { cookie, ...JSON_TYPE, 'x-csrf-token': csrf, 'sec-fetch-site': 'same-site' },
    { cookie, 'content-type': 'application/x-www-form-urlencoded' },
    { cookie, 'content-type': 'text/plain' },
  ];
  const before = await everything();
  const wrong: string[] = [];
  for (const { method, path, right } of routes()) {
    if (method === 'get' || right === 'anyone') continue;
    for (const sent of tries) {
      const address = `/api/v1${path.replace(/:\w+/g, 'none')}`;
      const { status } = await hub.raw(method.toUpperCase(), address, sent, '{}');
      if (status !== 403)
        wrong.push(`${method} ${path} with ${JSON.stringify(Object.keys(sent))}: ${status}`);
    }
  }
  t.expect(wrong).toEqual([]);
  t.expect(await everything()).toEqual(before);
});

/** What an administrator sees of people, hosts, settings and actions. */
async function everything(): Promise<unknown> {
  const paths = ['/users', '/hosts', '/settings', '/actions', '/tokens?all=1'];
  return Promise.all(
    paths.map(async (path) => {
      const { body } = await hub.ask('GET', path);
      return path === '/hosts' ? body.map(({ id, name }: { id: string; name: string }) => [id, name]) : body;
    }),
  );
}

test('abuse 4: asking for anything by GET changes nothing, whatever the address says', async (t) => {
  const before = await everything();
  for (const { path } of routes()) {
    if (/stream|:id\/events|tail/.test(path)) continue; // these go on for ever
    await hub.raw('GET', `/api/v1${path.replace(/:\w+/g, 'none')}?action=stop&verb=stop&selector=*`, {
      cookie: hub.session.cookie,
    });
  }
  for (const page of [
    '/',
    '/processes?action=stop',
    '/groups/web?action=stop',
    '/hosts/prod-1?action=stopall',
  ])
    await hub.raw('GET', page, { cookie: hub.session.cookie });
  t.expect(await everything()).toEqual(before);
});

test('abuse 9: a cookie somebody planted before the sign-in opens nothing after it', async (t) => {
  const { password } = await somebody(hub, 'fay', { role: 'viewer', scope: '*' });
  const planted = 'fleetvisor=fvs_planted-by-somebody-who-waits-for-the-sign-in-00';
  const body = JSON.stringify({ user: 'fay', password });
  const res = await hub.raw('POST', '/api/v1/session', { ...JSON_TYPE, cookie: planted }, body);
  t.expect(res.status).toBe(200);
  t.expect(res.headers.get('set-cookie')).not.toContain('planted');
  t.expect((await hub.raw('GET', '/api/v1/fleet', { cookie: planted })).status).toBe(401);
});

test('abuse 9: a token that ends closes the streams that were opened with it', async (t) => {
  const { password } = await somebody(hub, 'gus', { role: 'viewer', scope: '*' });
  const token = await newToken(hub, 'gus', password);
  const abort = new AbortController();
  t.onTestFinished(() => abort.abort());
  const open = async (path: string) => {
    const res = await fetch(`${hub.hub.address}/api/v1${path}`, {
      headers: { authorization: `Bearer ${token}` },
      signal: abort.signal,
    });
    t.expect(res.status).toBe(200);
    let ended = false;
    void res.text().then(() => {
      ended = true;
    });
    return () => ended;
  };
  const streams = await Promise.all(['/events/stream', '/tail?target=prod-1/web:web&follow=1'].map(open));
  const db = new Database(join(hub.dataFolder, 'fleetvisor.db'), 'normal');
  db.run(sql.updateTable('api_tokens').set({ expires_at_ms: 1 }));
  db.close();
  await until('their ends', () => streams.every((ended) => ended()), { withinMs: 10_000 });
});

test('abuse 9: who loses the right in the middle of a rolling action does no more of it', async (t) => {
  const lea = await somebody(hub, 'lea', { role: 'operator', scope: '*' });
  const pace = { mode: 'rolling', batch: { n: 1, of: 'hosts' }, pauseMs: 4_000 };
  const { body: action } = await lea.ask('POST', '/actions', { verb: 'restart', selector: 'db:*', pace });
  const now = async () => (await hub.ask('GET', `/actions/${action.id}`)).body;
  await until('the pause', async () => (await now()).progress.phase === 'pausing', { withinMs: 20_000 });
  await hub.ask('PATCH', `/users/${lea.id}`, { grants: [{ role: 'viewer', scope: '*' }] });
  const ended = await until('its end', async () => {
    const last = await now();
    return last.finishedAtMs === null ? undefined : last;
  });
  t.expect(ended.targets.map(({ outcome }: { outcome: { kind: string } }) => outcome.kind).sort()).toEqual([
    'cancelled',
    'done',
  ]);
  t.expect(ended.progress).toMatchObject({
    phase: 'stopped',
    says: t.expect.stringContaining('may not restart'),
  });
});

test('abuse 4: a form of another site signs nobody in, and changes no preference', async (t) => {
  const { password } = await somebody(hub, 'max', { role: 'viewer', scope: '*' });
  const form = { 'content-type': 'application/x-www-form-urlencoded' };
  const send = (path: string, headers: Record<string, string>, body: string) =>
    hub.raw('POST', path, { ...form, ...headers }, body);
  const fields = new URLSearchParams({ user: 'max', password, next: '//evil.example' }).toString();
  const evil = await send('/sign-in', { origin: 'http://evil.example' }, fields);
  t.expect([evil.status < 400, evil.headers.get('set-cookie') ?? '']).toEqual([
    false,
    t.expect.not.stringContaining('fvs_'),
  ]);
  const own = await send('/sign-in', { origin: hub.hub.address }, fields);
  t.expect([own.status, own.headers.get('location')]).toEqual([303, '/']);
  const cookie = own.headers.get('set-cookie')?.split(';')[0] ?? '';
  for (const path of ['/sign-out', '/preferences'])
    await send(path, { cookie, origin: 'http://evil.example' }, 'language=zh&csrf=guess');
  t.expect((await hub.raw('GET', '/api/v1/fleet', { cookie })).status).toBe(200);
});

test('abuse 12: an approval and an action sent again do nothing again', async (t) => {
  await hub.ask('PATCH', '/settings', {
    protectedEnvironments: [{ environment: 'prod', asks: 'second-person' }],
  });
  t.onTestFinished(async () => void (await hub.ask('PATCH', '/settings', { protectedEnvironments: [] })));
  const ivo = await somebody(hub, 'ivo', { role: 'operator', scope: '*' });
  const wish = JSON.stringify({ verb: 'restart', selector: 'prod-1/db:*' });
  const send = async () => {
    const res = await hub.raw('POST', '/api/v1/actions', { ...ivo.headers, 'idempotency-key': 'once' }, wish);
    return { status: res.status, id: ((await res.json()) as { id: string }).id };
  };
  const first = await send();
  const again = await send();
  t.expect([first.status, again]).toEqual([202, { status: 200, id: first.id }]);
  t.expect((await hub.ask('POST', `/actions/${first.id}/approve`)).status).toBe(200);
  t.expect((await hub.ask('POST', `/actions/${first.id}/approve`)).status).toBe(409);
  t.expect((await send()).id).toBe(first.id);
  const { body } = await ivo.ask('GET', '/actions');
  t.expect(body.filter(({ by }: { by: string }) => by === 'ivo')).toHaveLength(1);
});

test('abuse 14: no path leads out of the folder of the console, nor a process into the name of a download', async (t) => {
  const port = Number(new URL(hub.hub.address).port);
  for (const path of [
    '/static/../package.json',
    '/static/..%2f..%2fpackage.json',
    '/static/%2e%2e/%2e%2e/package.json',
    '/static/....//package.json',
    '/static/..\\..\\package.json',
    '/static//etc/passwd',
    '/static/%00/etc/passwd',
    '/install/../package.json',
    '/install/..%2f..%2fpackage.json',
  ]) {
    const answer = await sendRaw(port, `GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
    const { status, body } = parseAnswer(answer);
    t.expect([path, status < 400 && /"workspaces"|root:/.test(body)]).toEqual([path, false]);
  }
  const supervisor = await startSupervisor(t, 'supervisord', {
    config:
      '[program:a"b;c]\ncommand=/bin/sh -c "echo x; sleep 1000"\nstartsecs=0\nstdout_logfile={dir}/x.log\n',
  });
  await hub.ask('POST', '/hosts', { name: 'odd-1', url: `unix://${supervisor.socketPath}` });
  const { body: processes } = await until('its process', async () => {
    const answer = await hub.ask('GET', '/processes?selector=odd-1/*');
    return answer.body.length > 0 ? answer : undefined;
  });
  const name = `${processes[0].group}:${processes[0].name}`;
  const query = new URLSearchParams({ target: `odd-1/"${name.split(':')[0]?.replaceAll('"', '\\"')}":*` });
  const res = await hub.raw('GET', `/api/v1/download?${query}`, { cookie: hub.session.cookie });
  t.expect(res.status).toBe(200);
  await res.text();
  t.expect(res.headers.get('content-disposition')).toMatch(/^attachment; filename="[\w.-]+"$/);
});

test('every kind of answer carries the headers that keep a browser from misusing it', async (t) => {
  const cookie = { cookie: hub.session.cookie };
  const answers: Record<string, Response> = {
    page: await hub.raw('GET', '/hosts', cookie),
    'missing page': await hub.raw('GET', '/nowhere', cookie),
    'sign-in page': await hub.raw('GET', '/sign-in'),
    redirect: await hub.raw('GET', '/hosts'),
    json: await hub.raw('GET', '/api/v1/fleet', cookie),
    problem: await hub.raw('GET', '/api/v1/fleet'),
    'no such route': await hub.raw('GET', '/api/v1/nowhere', cookie),
    'bad json': await hub.raw('POST', '/api/v1/session', JSON_TYPE, '{'),
    'lines of json': await hub.raw('GET', '/api/v1/tail?target=prod-1/web:web&bytes=10', cookie),
    download: await hub.raw('GET', '/api/v1/download?target=prod-1/web:web', cookie),
    export: await hub.raw('GET', '/api/v1/audit/export', cookie),
    'missing file': await hub.raw('GET', '/static/nowhere.js'),
    health: await hub.raw('GET', '/healthz'),
    metrics: await hub.raw('GET', '/metrics'),
    'no method': await hub.raw('PUT', '/hosts', cookie),
    socket: await hub.raw('GET', '/socket.io/?EIO=4&transport=polling', cookie),
    'socket of another site': await hub.raw('GET', '/socket.io/?EIO=4&transport=polling', {
      ...cookie,
      origin: 'http://evil.example',
    }),
  };
  for (const [kind, res] of Object.entries(answers)) {
    await res.body?.cancel();
    const has = (name: string) => res.headers.get(name) ?? '';
    t.expect([kind, has('x-content-type-options')]).toEqual([kind, 'nosniff']);
    t.expect([kind, has('content-security-policy')]).toEqual([
      kind,
      t.expect.stringContaining("default-src 'none'"),
    ]);
    t.expect([kind, has('content-security-policy')]).toEqual([
      kind,
      t.expect.stringContaining("frame-ancestors 'none'"),
    ]);
    t.expect([kind, has('content-security-policy').includes('unsafe')]).toEqual([kind, false]);
    t.expect([kind, has('x-frame-options').toUpperCase()]).toEqual([kind, 'DENY']);
    t.expect([kind, has('referrer-policy')]).toEqual([kind, 'same-origin']);
    t.expect([kind, res.headers.has('x-powered-by'), res.headers.has('access-control-allow-origin')]).toEqual(
      [kind, false, false],
    );
    if (!/static|health|metrics|method/.test(kind) && kind !== 'missing file' && !kind.startsWith('socket'))
      t.expect([kind, has('cache-control')]).toEqual([kind, t.expect.stringContaining('no-store')]);
  }
});

test('abuse 6: what a process writes, and what it is called, reaches a terminal without its escapes', async (t) => {
  const cli = await startFleetCli(t);
  const escapes = '\\033]0;owned\\007\\033[2J\\033]8;;http://evil.example\\033\\\\link\\033[31mred\\233';
  const supervisor = await startSupervisor(t, 'supervisord', {
    config: `[program:web]\ncommand=/bin/sh -c "printf '${escapes.replaceAll('\\', '\\\\')}\\\\nnext\\\\n'; sleep 1000"\nstartsecs=0\nstdout_logfile={dir}/w.log\n`,
  });
  await cli.fleetvisor('hosts', 'add', 'p1', `unix://${supervisor.socketPath}`);
  await until('its words', async () => (await cli.fleetvisor('tail', 'p1/web')).out.includes('next'));
  for (const verb of [
    ['tail', 'p1/web'],
    ['search', 'link', 'p1/*'],
    ['status', 'p1/*'],
  ]) {
    const screen = openTerminal(t, [...FLEETVISOR, ...verb], {
      cwd: cli.dir,
      env: { ...cli.env, NO_COLOR: '1' },
    });
    await screen.ended();
    t.expect([verb[0], screen.shown()]).toEqual([verb[0], t.expect.stringMatching(/red|RUNNING/)]);
    t.expect([verb[0], screen.shown().match(/[^\P{Cc}\r\n\t]/gu)]).toEqual([verb[0], null]);
  }
});

test('abuse 17: secrets are in no answer, no log, no argument and no backup; abuse 7: nor readable in the database', async (t) => {
  const secrets = {
    host: 'canary-host-pw-4711',
    oidc: 'canary-oidc-secret-4712',
    ldap: 'canary-ldap-secret-4713',
    metrics: 'canary-metrics-4714',
  };
  const cli = await startFleetCli(t, ({ write }) => ({
    args: [
      ...['--log-level', 'debug', '--metrics-token-file', write('metrics', secrets.metrics)],
      ...['--oidc-issuer', 'http://localhost:9', '--oidc-client-id', 'fleet'],
      ...[
        '--oidc-client-secret-file',
        write('oidc', secrets.oidc),
        '--group-roles',
        write('roles', 'a -> viewer'),
      ],
      ...['--ldap-url', 'ldap://127.0.0.1:9', '--ldap-base', 'dc=x', '--ldap-bind-dn', 'cn=x'],
    ],
    env: { FLEETVISOR_LDAP_BIND_PASSWORD: secrets.ldap },
  }));
  const password = { ...process.env, ...cli.env };
  const input = `${secrets.host}\n`;
  const add = ['hosts', 'add', 'h1', 'http://127.0.0.1:9', '--username', 'u', '--password-stdin'];
  await run([...FLEETVISOR, ...add], { cwd: cli.dir, env: password, input });
  await fetch(`${cli.hub}/sign-in/oidc`); // fails, and says so
  const guess = 'canary-guessed-pw-4715';
  const body = JSON.stringify({ user: 'somebody', password: guess });
  t.expect(
    (await fetch(`${cli.hub}/api/v1/session`, { method: 'POST', headers: JSON_TYPE, body })).status,
  ).toBe(503);
  const config = join(cli.dir, 'config');
  const [profile = ''] = readdirSync(config, { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.json'),
  );
  const token = /fvt_[\w-]+/.exec(readFileSync(join(config, profile), 'utf8'))?.[0] ?? '';
  t.expect(token).not.toBe('');
  const all = [...Object.values(secrets), guess, cli.password, token];

  const places: Record<string, string> = {
    log: cli.printed().replace(cli.password, ''),
    argv: argvOf(cli.child.pid ?? 0),
  };
  const bearer = { authorization: `Bearer ${token}` };
  for (const { method, path } of routes()) {
    if (method !== 'get' || /stream|:id\/events/.test(path)) continue;
    const res = await fetch(`${cli.hub}/api/v1${path.replace(/:\w+/g, 'h1')}`, { headers: bearer });
    places[path] = await res.text();
  }
  places.metrics = await (
    await fetch(`${cli.hub}/metrics`, { headers: { authorization: `Bearer ${secrets.metrics}` } })
  ).text();
  const backup = join(cli.dir, 'backup.db');
  const hubVerb = (...words: string[]) =>
    run([...FLEETVISOR, 'hub', ...words, '--data', join(cli.dir, 'data')], { cwd: cli.dir, env: cli.env });
  const made = await hubVerb('backup', backup);
  t.expect([made.code, made.err]).toEqual([0, '']);
  places.backup = readFileSync(backup, 'latin1');
  places.doctor = JSON.stringify(await hubVerb('doctor'));
  for (const file of readdirSync(join(cli.dir, 'data')))
    places[file] = readFileSync(join(cli.dir, 'data', file), 'latin1');
  const leaks = Object.entries(places).flatMap(([place, text]) =>
    all.filter((secret) => text.includes(secret)).map((secret) => `${secret} in ${place}`),
  );
  t.expect(leaks).toEqual([]);
});

const argvOf = (pid: number): string => readFileSync(`/proc/${pid}/cmdline`, 'utf8');

test('abuse 23: a token that is right but for its end is as wrong as any, and both are looked up by their hash', async (t) => {
  const { password } = await somebody(hub, 'kim', { role: 'viewer', scope: '*' });
  const token = await newToken(hub, 'kim', password);
  for (const wrong of [`${token.slice(0, -1)}-`, token.slice(0, -1), `${token}x`, token.toUpperCase()])
    t.expect((await hub.raw('GET', '/api/v1/fleet', { authorization: `Bearer ${wrong}` })).status).toBe(401);
  const { cookie } = await signIn(hub, 'kim', password);
  const data =
    readFileSync(join(hub.dataFolder, 'fleetvisor.db'), 'latin1') +
    readFileSync(join(hub.dataFolder, 'fleetvisor.db-wal'), 'latin1');
  t.expect([data.includes(token), data.includes(cookie.split('=')[1] ?? '')]).toEqual([false, false]);
});

test('rights are granted one by one: logs, input, hosts and shutdowns each without the others', async (t) => {
  const tries: Record<string, [method: string, path: string, body?: unknown]> = {
    'see-fleet': ['GET', '/fleet'],
    'read-logs': ['GET', '/tail?target=prod-1/web:web&bytes=0'],
    act: ['POST', '/actions', { verb: 'signal', signal: 'CONT', selector: 'nowhere/*' }],
    'end-supervisors': ['POST', '/actions', { verb: 'shutdown', selector: 'nowhere' }],
    'manage-hosts': ['POST', '/hosts', {}],
    'manage-people': ['GET', '/users'],
    'read-audit': ['GET', '/audit'],
  };
  for (const granted of [
    'read-logs',
    'manage-hosts',
    'end-supervisors',
    'read-audit',
    'send-input',
  ] as const) {
    const rights = ['see-fleet', granted, ...(granted === 'end-supervisors' ? ['act'] : [])] as const;
    const one = await somebody(hub, `one-${granted}`, {
      role: 'admin',
      scope: '*',
      rights: [...rights] as never,
    });
    const may: string[] = [];
    for (const [right, [method, path, body]] of Object.entries(tries))
      if ((await one.ask(method, path, body)).status !== 403) may.push(right);
    t.expect([granted, may.sort()]).toEqual([granted, [...rights].filter((right) => right in tries).sort()]);
  }
});
