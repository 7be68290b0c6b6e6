import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'vitest';
import { emptyStore } from '../support/empty-store.ts';
import { run, tempDir } from '../support/supervisors.ts';
import { until } from '../support/until.ts';

const FLEETVISOR = [process.execPath, join(import.meta.dirname, '../../dist/fleetvisor.js')];
const hub = (...args: string[]) => run([...FLEETVISOR, 'hub', ...args], { timeoutMs: 30_000 });

interface Running {
  readonly child: ChildProcess;
  readonly address: string;
  out(): string;
  exit: Promise<number | null>;
}

async function started(t: TestContext, data: string): Promise<Running> {
  const [node = '', bin = ''] = FLEETVISOR;
  const child = spawn(node, [bin, 'hub', 'run', '--data', data, '--port', '0', '--log-level', 'silent']);
  let out = '';
  child.stdout.on('data', (text) => (out += text));
  const exit = new Promise<number | null>((done) => child.on('exit', done));
  t.onTestFinished(async () => {
    child.kill('SIGKILL');
    await exit;
  });
  const address = await until('its address', () => /is at (http:\S+)\n/.exec(out)?.[1], { withinMs: 30_000 });
  return { child, address, out: () => out, exit };
}

const signIn = (address: string, password: string) =>
  fetch(`${address}/api/v1/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ user: 'admin', password }),
  });

test('the first login is shown once and works after a restart; a signal ends the hub in order', async (t) => {
  const data = join(tempDir(t), 'a/b');
  const first = await started(t, data);
  const password = await until(
    'the login',
    () => /First sign-in: user admin, password (\S+)/.exec(first.out())?.[1],
  );
  t.expect((await signIn(first.address, password)).status).toBe(200);
  first.child.kill('SIGTERM');
  t.expect(await first.exit).toBe(0);
  const second = await started(t, data);
  t.expect((await signIn(second.address, password)).status).toBe(200);
  t.expect(second.out()).not.toContain('First sign-in');
  second.child.kill('SIGINT');
  t.expect(await second.exit).toBe(0);
});

test('tokens are made beside a running hub', async (t) => {
  const data = tempDir(t);
  t.expect((await hub('api-token', '--data', data)).err).toContain('no hub has run in');
  await started(t, data);
  const token = JSON.parse((await hub('api-token', '--json', '--data', data, '--label', 'x')).out);
  t.expect(token).toMatchObject({ user: 'admin', expiresAtMs: null });
  const join1 = JSON.parse(
    (await hub('join-token', '--json', '--data', data, '--uses', '3', '--env', 'prod')).out,
  );
  t.expect(join1).toMatchObject({ uses: 3 });
  t.expect((await hub('join-token', '--uses', '0', '--data', data)).code).toBe(2);
});

test('a host registered beside a running hub is taken over; a new password ends tokens', async (t) => {
  const data = tempDir(t);
  const { address } = await started(t, data);
  const token = JSON.parse((await hub('api-token', '--json', '--data', data)).out);
  const added = await hub('add-host', '--data', data, '--name', 'one', '--url', 'http://127.0.0.1:1');
  t.expect([added.code, added.err]).toEqual([0, '']);
  const again = await hub(
    ...['add-host', '--data', data, '--name', 'ONE', '--url', 'ftp://x', '--password-file', '/nowhere'],
  );
  t.expect([again.code, again.err.split('\n').length]).toEqual([2, 5]);
  await until('the hub knows it', async () => {
    const res = await fetch(`${address}/api/v1/hosts`, {
      headers: { authorization: `Bearer ${token.token}` },
    });
    return ((await res.json()) as { name: string }[]).some((host) => host.name === 'one');
  });
  const reset = await hub('reset-password', 'admin', '--data', data);
  t.expect((await signIn(address, reset.out.trim())).status).toBe(200);
  const old = await fetch(`${address}/api/v1/hosts`, { headers: { authorization: `Bearer ${token.token}` } });
  t.expect(old.status).toBe(401);
});

test('what keeps a hub from starting is one line and a failure', async (t) => {
  const data = tempDir(t);
  const { address } = await started(t, data);
  const file = join(tempDir(t), 'file');
  writeFileSync(file, '');
  const refusals: readonly (readonly [string[], RegExp])[] = [
    [['run', '--data', data, '--port', '0'], /another hub is running on this data folder/],
    [['run', '--data', join(tempDir(t), 'd'), '--port', new URL(address).port], /is in use: end the program/],
    [['run', '--data', file], /a file stands where the folder should be/],
    [['run', '--data', '/proc/nowhere/data'], /choose another folder with --data/],
    [['explode'], /explode is not known here/],
    [['run', '--port', 'x'], /--port: must be a whole number/],
    [
      ['run', '--tls-cert', '/nowhere.pem', '--tls-key', '/nowhere.key'],
      /nowhere.pem cannot be read \(ENOENT\)/,
    ],
    [
      ['backup', '/nowhere/copy.db', '--data', data],
      /copy.db: it cannot be opened: check that the folder exists and is writable, or write it elsewhere/,
    ],
  ];
  for (const [args, says] of refusals) {
    const { code, err } = await hub(...args);
    t.expect(err).toMatch(says);
    t.expect(err.trim().split('\n')).toHaveLength(1);
    t.expect(code).not.toBe(0);
  }
});

test('everything that is wrong with the settings is told at once, each by its name', async (t) => {
  const file = join(tempDir(t), 'hub.conf');
  writeFileSync(file, 'port = 99999\nhostt = 1.2.3.4\nno equals\nlog-level = quiet\n');
  const { code, err } = await hub('run', '--config', file, '--base-path', 'fleet/', '--bogus');
  t.expect(code).toBe(2);
  for (const says of [
    `${file}:1: port: must be a whole number`,
    `${file}:2: there is no setting hostt: did you mean host?`,
    `${file}:3: is not of the form key = value`,
    `${file}:4: log-level: must be one of debug`,
    '--base-path: must look like /fleet',
    '--bogus: is not known here',
  ])
    t.expect(err).toContain(says);
});

test('a verb on a folder that no hub has run in says so, and makes none', async (t) => {
  const data = join(tempDir(t), 'elsewhere');
  const refused = await hub('install-line', '--data', data);
  t.expect(refused).toMatchObject({
    code: 1,
    err: t.expect.stringContaining(`no hub has run in ${data} yet`),
  });
  t.expect(existsSync(data)).toBe(false);
  emptyStore(data);
  const first = await hub('install-line', '--data', data);
  t.expect([first.code, first.err]).toEqual([0, '']);
  t.expect(first.out).toContain('# 127.0.0.1 is the machine itself');
  const second = await hub(
    'install-line',
    '--data',
    data,
    '--public-url',
    'https://ops.example.net',
    '--base-path',
    '/fleet',
  );
  t.expect([second.code, second.err]).toEqual([0, '']);
  t.expect(second.out).toMatch(/^curl -fsSL https:\/\/ops\.example\.net\/fleet\/install .*\n# agent .*\n$/);
});
