import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  appendFileSync,
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import https from 'node:https';
import { join, resolve } from 'node:path';
import { connect, type TLSSocket } from 'node:tls';
import { io } from 'socket.io-client';
import { describe, test } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import { findSupervisors } from '../../src/control/find-supervisors.ts';
import { emptyStore } from '../support/empty-store.ts';
import { FLEETVISOR } from '../support/fleet-cli.ts';
import { startTestHub } from '../support/hub.ts';
import { pathProxy } from '../support/path-proxy.ts';
import { freePort, type Lifetime, run, startSupervisor, tempDir } from '../support/supervisors.ts';
import { makeCertificate } from '../support/tls-front.ts';
import { until } from '../support/until.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const hubVerb = (...args: string[]) => run([...FLEETVISOR, 'hub', ...args]);

interface RunningHub {
  readonly child: ChildProcess;
  readonly address: string;
  readonly password: string;
  printed(): string;
  stop(): Promise<void>;
}

/** A connection that stays open until the test ends, and the certificate it was shown. */
async function shownBy(t: Lifetime, address: string): Promise<{ socket: TLSSocket; sha256: string }> {
  const socket = connect({
    port: Number(new URL(address).port),
    host: '127.0.0.1',
    rejectUnauthorized: false,
  });
  t.onTestFinished(() => void socket.destroy());
  await once(socket, 'secureConnect');
  return { socket, sha256: socket.getPeerCertificate().fingerprint256 };
}

/** `fleetvisor hub run` as built, in a process of its own. */
async function runHub(t: Lifetime, dataFolder: string, ...args: string[]): Promise<RunningHub> {
  const [file = '', bin = ''] = FLEETVISOR;
  const child = spawn(file, [bin, 'hub', 'run', '--port', '0', '--data', dataFolder, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let text = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (part) => {
      text += part;
    });
  const ended = new Promise<void>((done) => child.once('exit', () => done()));
  const stop = async () => {
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM');
    await ended;
  };
  t.onTestFinished(stop);
  const address = await until(
    'the address',
    () => {
      if (child.exitCode !== null) throw new Error(`the hub ended: ${text}`);
      return /Fleetvisor is at (\S+)/.exec(text)?.[1];
    },
    { withinMs: 40_000 },
  );
  const password = /password (\S+)/.exec(text)?.[1] ?? '';
  return { child, address, password, printed: () => text, stop };
}

async function tokenFor(dataFolder: string): Promise<string> {
  const made = await hubVerb('api-token', '--user', 'admin', '--label', 'test', '--data', dataFolder);
  return made.out.trim();
}

describe('backup and restore', () => {
  test('B33 bring hosts, passwords and people back, from a copy made while the hub ran', async (t) => {
    const dataFolder = join(tempDir(t), 'data');
    const hub = await runHub(t, dataFolder, '--log-level', 'info');
    const token = await tokenFor(dataFolder);
    const ask = (method: string, path: string, body?: unknown) =>
      fetch(`${hub.address}/api/v1${path}`, {
        method,
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
    const wish = { name: 'db-01', url: 'http://127.0.0.1:1', username: 'ops', password: 'canary-5e7a' };
    const added = await (await ask('POST', '/hosts', wish)).text();
    const files = tempDir(t);
    const plain = join(files, 'plain.db');
    const whole = join(files, 'whole.db');
    const made = await hubVerb('backup', plain, '--data', dataFolder);
    t.expect([made.code, made.out]).toEqual([0, t.expect.stringContaining('holds 1 host')]);
    t.expect((await hubVerb('backup', whole, '--with-key', '--data', dataFolder)).code).toBe(0);
    t.expect(statSync(whole).mode & 0o777).toBe(0o600);
    t.expect((await hubVerb('backup', plain, '--data', dataFolder)).err).toContain('exists already');

    // Abuse case 7: nothing that is shown, logged or copied without its key holds the password or the key.
    const key = readFileSync(join(dataFolder, 'hub.key'), 'utf8').trim();
    const copied = readFileSync(plain);
    for (const secret of ['canary-5e7a', key, token]) {
      t.expect(copied.includes(secret)).toBe(false);
      t.expect(hub.printed()).not.toContain(secret);
    }
    t.expect(added).not.toContain('canary-5e7a');
    t.expect(await (await ask('GET', '/fleet')).text()).not.toContain('canary-5e7a');
    t.expect(readFileSync(whole).includes(key)).toBe(true);

    const running = await hubVerb('restore', plain, '--data', dataFolder);
    t.expect([running.code, running.err]).toEqual([1, t.expect.stringContaining('another hub is running')]);
    await ask('DELETE', `/hosts/${JSON.parse(added).id}`);
    await hub.stop();

    const elsewhere = join(tempDir(t), 'new');
    const keyless = await hubVerb('restore', plain, '--data', elsewhere);
    t.expect([keyless.code, keyless.err]).toEqual([1, t.expect.stringContaining('made without its key')]);
    t.expect(existsSync(join(elsewhere, 'fleetvisor.db'))).toBe(false);

    const back = await hubVerb('restore', plain, '--data', dataFolder);
    t.expect([back.code, back.err]).toEqual([0, '']);
    t.expect(readdirSync(dataFolder).some((name) => name.includes('.before-'))).toBe(true);
    t.expect((await hubVerb('restore', whole, '--data', elsewhere)).code).toBe(0);
    for (const folder of [dataFolder, elsewhere]) {
      t.expect(readFileSync(join(folder, 'hub.key'), 'utf8').trim()).toBe(key);
      t.expect(readFileSync(join(folder, 'fleetvisor.db')).includes(key)).toBe(false);
      const doctor = await hubVerb('doctor', '--json', '--data', folder);
      t.expect(JSON.parse(doctor.out).filter((one: { result: string }) => one.result === 'wrong')).toEqual(
        [],
      );
      const again = await runHub(t, folder);
      const answer = await fetch(`${again.address}/api/v1/hosts`, {
        headers: { authorization: `Bearer ${token}` },
      });
      t.expect(((await answer.json()) as { name: string }[]).map(({ name }) => name)).toEqual(['db-01']);
      await again.stop();
    }
  });

  test('a file that is no backup, or a damaged one, changes nothing', async (t) => {
    const dataFolder = join(tempDir(t), 'data');
    emptyStore(dataFolder);
    const files = tempDir(t);
    const good = join(files, 'good.db');
    await hubVerb('backup', good, '--data', dataFolder);
    const before = readFileSync(join(dataFolder, 'fleetvisor.db'));
    const bad = join(files, 'bad.db');
    copyFileSync(good, bad);
    const bytes = readFileSync(bad);
    bytes.fill(0xaa, 5_000, 60_000);
    writeFileSync(bad, bytes);
    const text = join(files, 'text.db');
    appendFileSync(text, 'no database');
    for (const file of [bad, text, join(dataFolder, 'fleetvisor.db'), join(files, 'none.db')]) {
      const { code, err } = await hubVerb('restore', file, '--data', dataFolder);
      t.expect([file, code, err.split('\n').length]).toEqual([file, 1, 2]);
    }
    t.expect(readFileSync(join(dataFolder, 'fleetvisor.db')).equals(before)).toBe(true);
  });
});

describe.concurrent('hub doctor', () => {
  test('names what is wrong with a folder, its key and its database, with the mend', async (t) => {
    const dataFolder = join(tempDir(t), 'data');
    emptyStore(dataFolder);
    const look = async () => {
      const { out, code } = await hubVerb('doctor', '--data', dataFolder);
      return { code, wrong: out.split('\n').filter((line) => /^(WRONG|WARNING)/.test(line)) };
    };
    t.expect((await look()).code).toBe(0);
    chmodSync(dataFolder, 0o777);
    chmodSync(join(dataFolder, 'hub.key'), 0o644);
    const open = await look();
    t.expect(open.code).toBe(1);
    t.expect(open.wrong.join('\n')).toContain(`chmod 700 ${dataFolder}`);
    t.expect(open.wrong.join('\n')).toContain(`chmod 600 ${join(dataFolder, 'hub.key')}`);
    t.expect(open.wrong.join('\n')).toContain('whether the key opens them is not known');
    t.expect(open.wrong.join('\n')).not.toContain('is not the key of');
    writeFileSync(join(dataFolder, 'hub.key'), Buffer.alloc(32, 7).toString('base64'));
    chmodSync(join(dataFolder, 'hub.key'), 0o600);
    t.expect((await look()).wrong.join('\n')).toContain('hub.key is not the key of this database');
    writeFileSync(join(dataFolder, 'fleetvisor.db'), 'no database at all');
    t.expect((await look()).wrong.join('\n')).toContain('it is no SQLite database');
    const copied = await hubVerb('backup', join(dataFolder, 'copy.db'), '--data', dataFolder);
    t.expect([copied.code, copied.err.split('\n').length]).toEqual([1, 2]);
    t.expect(copied.err).toContain(`${join(dataFolder, 'fleetvisor.db')}: it is no SQLite database`);
  });

  test('gc gives back what old history took', async (t) => {
    const dataFolder = join(tempDir(t), 'data');
    emptyStore(dataFolder);
    const { out, code } = await hubVerb('gc', '--json', '--data', dataFolder);
    t.expect(code).toBe(0);
    t.expect(JSON.parse(out)).toMatchObject({ events: 0, actions: 0, joinTokens: 0, hosts: 0 });
  });
});

describe.concurrent('metrics', () => {
  test('are for this machine alone without a token, and never for what a proxy passed on', async (t) => {
    const [hub, supervisor] = await Promise.all([
      startTestHub(t),
      startSupervisor(t, 'supervisord', { config: '[program:web]\ncommand=/bin/sleep 99\nstartsecs=0\n' }),
    ]);
    await hub.ask('POST', '/hosts', {
      name: 'db',
      url: `unix://${supervisor.socketPath}`,
      environment: 'prod',
    });
    const text = await until('the host to be counted', async () => {
      const body = await (await hub.raw('GET', '/metrics')).text();
      return body.includes('fleetvisor_host_up{host="db",environment="prod"} 1') ? body : null;
    });
    t.expect(text).toContain('fleetvisor_processes{host="db",group="web",state="RUNNING"} 1');
    t.expect(text).toMatch(/^fleetvisor_database_bytes \d+$/m);
    t.expect(text).toMatch(/^fleetvisor_alerts_open\{severity="critical"\} \d+$/m);
    t.expect(text).toContain('fleetvisor_alert_deliveries_total{outcome="delivered"} 0');
    t.expect(text).toMatch(/^process_resident_memory_bytes \d+/m);
    const passedOn = await hub.raw('GET', '/metrics', { 'x-forwarded-for': '127.0.0.1' });
    t.expect(passedOn.status).toBe(401);
  });

  test('take the token of the file, and nothing else (abuse 23)', async (t) => {
    const file = join(tempDir(t), 'token');
    writeFileSync(file, 'metrics-token-0123456789\n');
    const hub = await startTestHub(t, { args: ['--metrics-token-file', file] });
    t.expect((await hub.raw('GET', '/metrics')).status).toBe(401);
    const wrong = await hub.raw('GET', '/metrics', { authorization: 'Bearer metrics-token-0123456780' });
    t.expect(wrong.status).toBe(401);
    const right = await hub.raw('GET', '/metrics', { authorization: 'Bearer metrics-token-0123456789' });
    t.expect([right.status, right.headers.get('content-type')]).toEqual([
      200,
      t.expect.stringContaining('text/plain'),
    ]);
    writeFileSync(file, 'short');
    const refused = await hubVerb('run', '--port', '0', '--data', tempDir(t), '--metrics-token-file', file);
    t.expect([refused.code, refused.err]).toEqual([1, t.expect.stringContaining('at least 16 characters')]);
  });
});

describe.concurrent('doors', () => {
  test('an agent is installed over TLS of an authority of one’s own, under a path, and a second run goes on believing it', async (t) => {
    const pair = makeCertificate(t);
    const root = tempDir(t);
    const ca = join(root, 'ca.pem');
    writeFileSync(ca, pair.authority);
    const dataFolder = join(root, 'data');
    const tls = ['--tls-cert', pair.certFile, '--tls-key', pair.keyFile];
    const hub = await runHub(t, dataFolder, ...tls, '--base-path', '/fleet');
    const token = (await hubVerb('join-token', '--data', dataFolder)).out.trim();
    const script = (await run(['curl', '-fsS', '--cacert', ca, `${hub.address}/install`])).out;
    const install = (...words: string[]) =>
      run(['sh', '-s', '--', '--prefix', root, ...words], { cwd: '/', input: script, timeoutMs: 90_000 });
    t.onTestFinished(() => install('--uninstall').then(() => {}));
    const untrusting = await install('--token', token);
    t.expect([untrusting.code, untrusting.err]).toEqual([1, t.expect.stringContaining('--ca FILE here')]);
    const first = await install('--token', token, '--name', 'over-tls', '--ca', ca);
    t.expect([first.code, first.err]).toEqual([0, '']);
    t.expect(first.out).toContain(`joined ${hub.address} as over-tls\n`);
    const unit = () => readFileSync(join(root, 'etc/systemd/system/fleetvisor.service'), 'utf8');
    const before = unit();
    t.expect(before).toContain('NODE_EXTRA_CA_CERTS=');
    t.expect((await install()).code).toBe(0);
    t.expect(unit()).toBe(before);
  }, 120_000);

  test('TLS of its own: pages, API and sockets, with a cookie for https alone', async (t) => {
    const pair = makeCertificate(t);
    const dataFolder = join(tempDir(t), 'data');
    const hub = await runHub(t, dataFolder, '--tls-cert', pair.certFile, '--tls-key', pair.keyFile);
    t.expect(hub.address).toMatch(/^https:\/\/127\.0\.0\.1:\d+$/);
    const ask = (method: string, path: string, body?: string) =>
      new Promise<{ status: number; headers: NodeJS.Dict<string | string[]> }>((done, fail) => {
        const headers = body === undefined ? {} : { 'content-type': 'application/json' };
        https
          .request(`${hub.address}${path}`, { method, ca: pair.authority, headers }, (answer) => {
            answer
              .resume()
              .on('end', () => done({ status: answer.statusCode ?? 0, headers: answer.headers }));
          })
          .on('error', fail)
          .end(body);
      });
    const health = await ask('GET', '/healthz');
    t.expect(health.status).toBe(200);
    t.expect(health.headers['strict-transport-security']).toContain('max-age');
    const signIn = JSON.stringify({ user: 'admin', password: hub.password });
    const { status, headers } = await ask('POST', '/api/v1/session', signIn);
    t.expect(status).toBe(200);
    const cookie = String(headers['set-cookie']);
    t.expect(cookie).toContain('Secure');
    const socket = io(hub.address, {
      transports: ['websocket'],
      reconnection: false,
      ca: pair.authority,
      extraHeaders: { cookie: cookie.split(';')[0] ?? '', origin: hub.address },
    });
    t.onTestFinished(() => void socket.close());
    await new Promise<void>((done, fail) => socket.on('connect', done).on('connect_error', fail));
    await t.expect(fetch(hub.address.replace('https', 'http'))).rejects.toThrow();
  });

  test('a certificate that cannot be read ends the start with one line', async (t) => {
    const dir = tempDir(t);
    const { code, err } = await hubVerb(
      'run',
      '--data',
      dir,
      '--port',
      '0',
      '--tls-cert',
      `${dir}/c`,
      '--tls-key',
      `${dir}/k`,
    );
    t.expect([code, err.trim().split('\n')]).toEqual([
      1,
      [t.expect.stringContaining('--tls-cert, --tls-key:')],
    ]);
  });

  test('behind a proxy under a path: every link stays below it, sign-in and live updates work', async (t) => {
    let port = 0;
    const front = await pathProxy(t, { path: '/fleet', target: () => port });
    const hub = await startTestHub(t, { args: ['--base-path', '/fleet', '--trust-proxy', '1'] });
    port = Number(new URL(hub.hub.address).port);
    const page = await fetch(`${front}/fleet/sign-in`);
    const html = await page.text();
    t.expect(page.status).toBe(200);
    const links = [...html.matchAll(/(?:href|src|action)="(\/[^"]*)"/g)].map(([, link]) => link ?? '');
    t.expect(links.length).toBeGreaterThan(1);
    t.expect(links.filter((link) => !link.startsWith('/fleet/') && link !== '/fleet')).toEqual([]);
    const asset = links.find((link) => /\.(js|css)/.test(link)) ?? '';
    t.expect((await fetch(`${front}${asset}`)).status).toBe(200);
    const home = await fetch(`${front}/fleet/`, { redirect: 'manual' });
    t.expect(home.headers.get('location') ?? '/fleet/').toMatch(/^\/fleet\//);
    const signedIn = await fetch(`${front}/fleet/api/v1/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: front.replace('http', 'https') },
      body: JSON.stringify({ user: 'admin', password: hub.password }),
    });
    t.expect(signedIn.status).toBe(200);
    const cookie = signedIn.headers.get('set-cookie') ?? '';
    t.expect(cookie).toContain('Secure'); // the proxy says the browser came by https
    const socket = io(front, {
      path: '/fleet/socket.io',
      transports: ['websocket'],
      reconnection: false,
      extraHeaders: { cookie: cookie.split(';')[0] ?? '', origin: front.replace('http', 'https') },
    });
    t.onTestFinished(() => void socket.close());
    await new Promise<void>((done, fail) => socket.on('connect', done).on('connect_error', fail));
    t.expect((await fetch(`${front}/healthz`)).status).toBe(404);
    t.expect(hub.bugs).toEqual([]);
  });

  test('a proxy is believed about who asks only when it is trusted', async (t) => {
    const tries = async (trusted: string) => {
      let port = 0;
      const hub = await startTestHub(t, { args: trusted === '0' ? [] : ['--trust-proxy', trusted] });
      port = Number(new URL(hub.hub.address).port);
      const statuses: number[] = [];
      for (let i = 0; i < 8; i++) {
        const res = await fetch(`http://127.0.0.1:${port}/api/v1/session`, {
          method: 'POST',
          headers: {
            'content-type': 'application/json',
            'x-forwarded-for': `10.9.9.${i}`,
            'x-forwarded-proto': 'https',
          },
          body: JSON.stringify({ user: 'admin', password: hub.password }),
        });
        statuses.push(res.status);
        if (i === 0) t.expect(/Secure/.test(res.headers.get('set-cookie') ?? '')).toBe(trusted !== '0');
      }
      return statuses;
    };
    t.expect(await tries('0')).toEqual(Array(8).fill(200));
    t.expect(await tries('1')).toEqual(Array(8).fill(200));
  });
});

describe.concurrent('supervisords of this machine', () => {
  test('B39 are found by socket and by serverurl, once each, unless they are hosts already', async (t) => {
    const [supervisor, guarded] = await Promise.all([
      startSupervisor(t, 'supervisord', { config: '' }),
      freePort().then((port) =>
        startSupervisor(t, 'supervisord', {
          config: `[inet_http_server]\nport=127.0.0.1:${port}\nusername=u\npassword=p\n`,
        }).then(() => port),
      ),
    ]);
    const dir = tempDir(t);
    const conf = join(dir, 'guarded.conf');
    writeFileSync(conf, `[supervisord]\n[supervisorctl]\nserverurl = http://127.0.0.1:${guarded} ; local\n`);
    const ports = {
      hosts: { all: () => [] },
      clock: systemClock,
      socketFolders: ['/tmp'],
      isOwnListener: () => false,
      sockets: [supervisor.socketPath, join(dir, 'none.sock')],
      configs: [supervisor.configPath, conf, join(dir, 'none.conf')],
    };
    const found = await findSupervisors(ports);
    t.expect(found).toMatchObject([
      { url: `unix://${supervisor.socketPath}`, version: '4.2.5', from: supervisor.socketPath },
      {
        url: `http://127.0.0.1:${guarded}`,
        version: null,
        from: conf,
        says: 'a user name and a password are asked for',
      },
    ]);
  });

  test('SIGHUP takes a renewed certificate, cuts nobody off, and keeps the former one when the new is none', async (t) => {
    const [pair, renewed] = [makeCertificate(t), makeCertificate(t)];
    const hub = await runHub(
      t,
      join(tempDir(t), 'data'),
      ...['--tls-cert', pair.certFile, '--tls-key', pair.keyFile],
    );
    const before = await shownBy(t, hub.address);
    copyFileSync(renewed.certFile, pair.certFile);
    copyFileSync(renewed.keyFile, pair.keyFile);
    hub.child.kill('SIGHUP');
    await until('the reload', () => hub.printed().includes('certificate reloaded'));
    const after = await shownBy(t, hub.address);
    t.expect(after.sha256).not.toBe(before.sha256);
    t.expect(before.socket.destroyed).toBe(false);
    writeFileSync(pair.certFile, 'none');
    hub.child.kill('SIGHUP');
    await until('the refusal', () => hub.printed().includes('certificate is not taken'));
    t.expect((await shownBy(t, hub.address)).sha256).toBe(after.sha256);
  });

  test('a hub with a configuration file and nothing else starts, says where, and ends on SIGTERM', async (t) => {
    const dir = tempDir(t);
    mkdirSync(join(dir, 'd'));
    writeFileSync(join(dir, 'hub.conf'), `log-level = warn\nbase-path = /f\n`);
    const hub = await runHub(t, join(dir, 'd'), '--config', join(dir, 'hub.conf'));
    t.expect(hub.address).toMatch(/\/f$/);
    t.expect((await fetch(`${hub.address}/healthz`)).status).toBe(200);
    await hub.stop();
    t.expect(hub.child.exitCode).toBe(0);
  });
});

test('the unit for systemd is one', async (t) => {
  const unit = join(ROOT, 'docs/fleetvisor-hub.service');
  if (!existsSync('/usr/bin/systemd-analyze')) return;
  const { err } = await run(['/usr/bin/systemd-analyze', 'verify', unit]);
  t.expect(err.split('\n').filter((line) => line.includes('fleetvisor-hub.service'))).toEqual([]);
});
