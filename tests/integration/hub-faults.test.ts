import { execFileSync, spawn } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import Sqlite from 'better-sqlite3';
import { expect, onTestFinished, test } from 'vitest';
import { openStore } from '../../src/store/store.ts';
import { MIGRATIONS, startTestHub } from '../support/hub.ts';
import { hostsReady, startKillableHub } from '../support/killable-hub.ts';
import { seeded } from '../support/seeded.ts';
import { run, startSupervisor, tempDir } from '../support/supervisors.ts';
import { makeCertificate } from '../support/tls-front.ts';
import { until } from '../support/until.ts';

const BUILT = resolve(import.meta.dirname, '../../dist/fleetvisor.js');
const WEB = '[program:web]\ncommand=/bin/sleep 1000\nstartsecs=0\n';
const STOP = { verb: 'stop', selector: 'web:*' } as const;

test('H18 a hub that can write nothing goes on showing, refuses actions with the reason, and recovers alone', async (t) => {
  const hub = await startKillableHub(t);
  const stock = await startSupervisor(t, 'supervisord', { config: WEB });
  await hub.ask('POST', '/hosts', { name: 'stock', url: `unix://${stock.socketPath}` });
  await hostsReady(hub, 1);
  const mostBytes = (most: string): void =>
    void execFileSync('prlimit', ['--pid', `${hub.pid()}`, `--fsize=${most}:`]);
  mostBytes('1');
  const refused = await hub.ask('POST', '/actions', STOP);
  t.expect(refused).toMatchObject({
    status: 503,
    body: { title: 'The audit cannot be written now, so nothing is changed' },
  });
  await stock.rpc('stopProcess', 'web');
  await until('the page goes on', async () => {
    const { status, body } = await hub.ask('GET', '/fleet');
    return status === 200 && body.processes[0].state === 'STOPPED';
  });
  t.expect((await hub.cli('status')).out).toMatch(/web\s+STOPPED/);
  mostBytes('unlimited');
  const start = await until('actions are taken again', async () => {
    const { status, body } = await hub.ask('POST', '/actions', { ...STOP, verb: 'start' });
    return status === 202 ? body : undefined;
  });
  t.expect((await hub.finished(start.id)).targets[0]?.outcome.kind).toBe('done');
  await until('what happened meanwhile is in the history', async () => {
    const { body } = await hub.ask('GET', '/events?limit=50');
    return body.events.some((event: { state: string }) => event.state === 'STOPPED');
  });
});

test('H19 while another program locks the database, reads answer, changes wait for it, and nothing blocks', async (t) => {
  const hub = await startTestHub(t);
  const other = new Sqlite(join(hub.dataFolder, 'fleetvisor.db'));
  t.onTestFinished(() => void other.close());
  const loop = monitorEventLoopDelay({ resolution: 5 });
  other.exec('begin immediate');
  loop.enable();
  let answered = false;
  const added = hub.ask('POST', '/hosts', { name: 'late', url: 'http://127.0.0.1:1' }).then((answer) => {
    answered = true;
    return answer;
  });
  for (let reads = 0; reads < 20; reads++) t.expect((await hub.ask('GET', '/fleet')).status).toBe(200);
  t.expect(answered).toBe(false);
  loop.disable();
  other.exec('commit');
  t.expect(await added).toMatchObject({ status: 201, body: { name: 'late' } });
  t.expect(loop.max / 1e6, 'longest the loop stood still, in ms').toBeLessThan(1_000);
  t.expect(hub.bugs).toEqual([]);
});

test('H19 a database that stays locked is a refusal that says so, and nothing was done', async (t) => {
  const hub = await startTestHub(t);
  const other = new Sqlite(join(hub.dataFolder, 'fleetvisor.db'));
  t.onTestFinished(() => void other.close());
  other.exec('begin immediate');
  const answer = await hub.ask('POST', '/hosts', { name: 'never', url: 'http://127.0.0.1:1' });
  t.expect(answer).toMatchObject({
    status: 503,
    body: { detail: 'Another program holds the database of the hub locked.' },
  });
  other.exec('commit');
  t.expect((await hub.ask('GET', '/hosts')).body).toEqual([]);
});

/** More of them with `npm run test:power-cuts`. */
async function whileStopped(pid: number, act: () => void): Promise<void> {
  process.kill(pid, 'SIGSTOP');
  try {
    const isStopped = () => /^State:\tT/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
    await until('it to stand still', isStopped, { everyMs: 1 });
    act();
  } finally {
    process.kill(pid, 'SIGCONT');
  }
}

const COPIES = Number(process.env.FLEETVISOR_COPIES ?? 25);

test(
  `H21 ${COPIES} copies of database and journal at random moments under load: each opens whole, with every action that was acknowledged`,
  async (t) => {
    const hub = await startKillableHub(t);
    const stock = await startSupervisor(t, 'supervisord', { config: WEB });
    await hub.ask('POST', '/hosts', { name: 'stock', url: `unix://${stock.socketPath}` });
    await hostsReady(hub, 1);
    const acknowledged: string[] = [];
    let isOver = false;
    const load = (async () => {
      while (!isOver) {
        const { body } = await hub.ask('POST', '/actions', { verb: 'signal', signal: 'CONT', selector: '*' });
        acknowledged.push(body.id);
      }
    })();
    const random = seeded(21);
    const data = join(hub.dir, 'hub');
    const copies: { readonly folder: string; readonly ids: readonly string[] }[] = [];
    for (let n = 0; n < COPIES; n++) {
      const before = acknowledged.length;
      await until('another action', () => acknowledged.length > before, { everyMs: 1 });
      await new Promise((done) => setTimeout(done, random() * 20));
      const folder = join(hub.dir, `copy-${n}`);
      mkdirSync(folder);
      const ids = [...acknowledged];
      // A power cut is one moment: a hub that went on meanwhile could begin its journal anew between two copies.
      await whileStopped(hub.pid(), () => {
        for (const file of ['hub.key', 'fleetvisor.db', 'fleetvisor.db-wal'])
          if (existsSync(join(data, file))) copyFileSync(join(data, file), join(folder, file));
      });
      copies.push({ folder, ids });
    }
    isOver = true;
    await load;
    for (const { folder, ids } of copies) {
      const store = openStore({ dataFolder: folder, migrations: MIGRATIONS, nowMs: 0 });
      const lost = ids.filter((id) => store.actions.byId(id) === null);
      const audit = store.audit.verify();
      store.close();
      expect(lost, folder).toEqual([]);
      expect(audit, folder).toMatchObject({ ok: true });
    }
    t.expect(acknowledged.length).toBeGreaterThanOrEqual(COPIES);
  },
  60_000 + COPIES * 2_000,
);

test('H40 a hub put back to yesterday’s backup: agents come back by their key, newer numbers win, nothing is done again', async (t) => {
  const hub = await startKillableHub(t);
  const token = await hub.verb('join-token');
  const agent = await startSupervisor(t, 'agent', {
    config: `${WEB}[fleetvisor]\nhub=${hub.address}\nname=agent\njoin_token=${token}\nidentity={dir}/identity.json\nallow=configure\n`,
  });
  await hostsReady(hub, 1);
  const file = join(tempDir(t), 'yesterday.db');
  await hub.verb('backup', file);
  const stopped = (await hub.ask('POST', '/actions', STOP)).body;
  t.expect((await hub.finished(stopped.id)).targets[0]?.outcome.kind).toBe('done');
  await agent.rpc('startProcess', 'web');
  const { pid } = await agent.rpc('getProcessInfo', 'web');
  await hub.kill();
  await hub.verb('restore', file);
  await hub.start();
  await until('the agent is back with how it is now', async () => {
    const { hosts, processes } = (await hub.ask('GET', '/fleet')).body;
    return hosts[0].reachability.kind === 'reachable' && processes[0]?.pid === pid;
  });
  t.expect((await hub.ask('GET', '/actions')).body).toEqual([]);
  await agent.rpc('stopProcess', 'web');
  await until('its next event', async () => {
    return (await hub.ask('GET', '/fleet')).body.processes[0].state === 'STOPPED';
  });
  t.expect((await hub.ask('GET', '/hosts')).body).toHaveLength(1);
});

test('H35 an error in one handler is one answer of 500 and one line; the others get theirs', async (t) => {
  const hub = await startTestHub(t);
  const broken = new Sqlite(join(hub.dataFolder, 'fleetvisor.db'));
  broken.exec('alter table settings rename to settings_gone');
  broken.close();
  const [failed, fleet] = await Promise.all([hub.ask('GET', '/settings'), hub.ask('GET', '/fleet')]);
  t.expect([failed.status, fleet.status]).toEqual([500, 200]);
  t.expect(failed.body).toMatchObject({ type: t.expect.stringContaining('internal') });
  t.expect(JSON.stringify(failed.body)).not.toContain('settings_gone');
  t.expect(hub.bugs).toHaveLength(1);
  t.expect(String(hub.bugs[0])).toContain('no such table');
  t.expect((await hub.ask('GET', '/fleet')).status).toBe(200);
});

test('H24 how long the loop stood still is a metric', async (t) => {
  const hub = await startTestHub(t);
  const text = await (await hub.raw('GET', '/metrics')).text();
  const p99 = /^nodejs_eventloop_lag_p99_seconds ([\d.e-]+)$/m.exec(text)?.[1];
  t.expect(Number(p99)).toBeGreaterThan(0);
});

test('H32 a certificate that ends within two weeks is told by the log, the metrics and the doctor', async (t) => {
  const pair = makeCertificate(t); // good for two days
  const data = join(tempDir(t), 'data');
  const tls = ['--tls-cert', pair.certFile, '--tls-key', pair.keyFile];
  const hub = spawn(process.execPath, [BUILT, 'hub', 'run', '--port', '0', '--data', data, ...tls], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const ended = new Promise((done) => hub.once('exit', done));
  t.onTestFinished(async () => {
    hub.kill('SIGKILL');
    await ended;
  });
  let log = '';
  hub.stderr.setEncoding('utf8').on('data', (text: string) => {
    log += text;
  });
  await until('the warning', () => /"days":1,"msg":"the certificate of the hub ends soon"/.test(log));
  const doctor = await run([process.execPath, BUILT, 'hub', 'doctor', '--data', data, ...tls]);
  t.expect(doctor.out).toMatch(/WARNING\s+TLS\s+the certificate ends within 2 days\. Put a new one into/);
  const inProcess = await startTestHub(t, { args: [] });
  const text = await (await inProcess.raw('GET', '/metrics')).text();
  t.expect(text).toContain('# TYPE fleetvisor_certificate_expiry_seconds gauge');
});

test.each([
  [
    'of another Node',
    "Object.assign(new Error('better_sqlite3.node was compiled against NODE_MODULE_VERSION 137'), { code: 'ERR_DLOPEN_FAILED' })",
    /better-sqlite3 was built for another version of Node than this v\d+/,
  ],
  [
    'that was never built',
    "new Error('Could not locate the bindings file. Tried: better_sqlite3.node')",
    /better-sqlite3 was never built, as npm ran without scripts/,
  ],
])('H44 a native module %s is one line with the mend, no stack', async (_which, error, says) => {
  const dir = tempDir({ onTestFinished });
  const hook = join(dir, 'hook.cjs');
  writeFileSync(hook, `process.dlopen = () => { throw ${error} };`);
  const ran = await run([
    process.execPath,
    '--require',
    hook,
    BUILT,
    'hub',
    'run',
    '--port',
    '0',
    '--data',
    dir,
  ]);
  expect(ran.code).toBe(1);
  expect(ran.err).toMatch(says);
  expect(ran.err).toContain('npm rebuild better-sqlite3 bcrypt');
  expect(ran.err.trim().split('\n')).toHaveLength(1);
});

test('H42 a key file that is lost or another: the start says what to do, and no new key is made', async (t) => {
  const hub = await startKillableHub(t);
  await hub.ask('POST', '/hosts', { name: 'db', url: 'http://127.0.0.1:1', username: 'u', password: 'p' });
  await hub.kill();
  const key = join(hub.dir, 'hub', 'hub.key');
  const before = readFileSync(key, 'utf8');
  rmSync(key);
  const lost = await run([
    process.execPath,
    BUILT,
    'hub',
    'run',
    '--port',
    '0',
    '--data',
    join(hub.dir, 'hub'),
  ]);
  t.expect([lost.code, lost.err]).toEqual([1, t.expect.stringContaining('hub.key: it is not there')]);
  t.expect(existsSync(key)).toBe(false);
  writeFileSync(key, before, { mode: 0o600 });
  await hub.start();
  t.expect((await hub.ask('GET', '/hosts')).body).toHaveLength(1);
});
