import { chmodSync, writeFileSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { join, resolve } from 'node:path';
import { describe, type TestContext, test, vi } from 'vitest';
import type { HostView, ProcessView } from '../../src/api/contract.ts';
import { startTestHub, type TestHub } from '../support/hub.ts';
import { freePort, run, startSupervisor, type TestSupervisor, tempDir } from '../support/supervisors.ts';
import { until } from '../support/until.ts';

vi.setConfig({ testTimeout: 120_000 });

const ROOT = resolve(import.meta.dirname, '../..');
/** As the hub serves it: the build copies it unchanged. */
const LISTENER = join(ROOT, 'src/install/fleetvisor-listener.py');
const PROGRAMS = '[program:web]\ncommand=/bin/sleep 1000\nstartsecs=0\n';

/** A stock supervisord with the push listener, on a socket of its own. */
function stockWithListener(t: TestContext, hubUrl: string, tokenFile: string): Promise<TestSupervisor> {
  const config = `${PROGRAMS}
[eventlistener:fleetvisor]
command=/usr/bin/python3 ${LISTENER}
events=PROCESS_STATE,TICK_60
environment=FLEETVISOR_HUB="${hubUrl}",FLEETVISOR_TOKEN_FILE="${tokenFile}"
`;
  return startSupervisor(t, 'supervisord', { config });
}

async function registered(hub: TestHub, stock: TestSupervisor, name: string): Promise<void> {
  const { status, body } = await hub.ask('POST', '/hosts', { name, url: `unix://${stock.socketPath}` });
  if (status !== 201) throw new Error(`${status} ${JSON.stringify(body)}`);
}

async function hostToken(hub: TestHub, name: string): Promise<string> {
  const bin = join(ROOT, 'dist/fleetvisor.js');
  const ran = await run([process.execPath, bin, 'hub', 'host-token', name, '--data', hub.dataFolder]);
  if (ran.code !== 0) throw new Error(ran.err);
  return ran.out.trim();
}

function tokenFileOf(t: TestContext, token: string): string {
  const file = join(tempDir(t), 'token');
  writeFileSync(file, `${token}\n`);
  chmodSync(file, 0o600);
  return file;
}

const lastSeenMs = async (hub: TestHub, name: string): Promise<number> =>
  ((await hub.ask('GET', '/hosts')).body as HostView[]).find((host) => host.name === name)?.lastSeenMs ?? 0;

const webOf = async (hub: TestHub, name: string): Promise<ProcessView | undefined> =>
  ((await hub.ask('GET', `/processes?selector=${name}/web`)).body as ProcessView[])[0];

/** Right after a poll of a host that is asked only every 5 s: the next one is more than 4 s away. */
async function justPolledQuietly(hub: TestHub, name: string): Promise<void> {
  const seen = await until(
    'a pause of the polls',
    async () => {
      const at = await lastSeenMs(hub, name);
      return Date.now() - at > 3_500 ? at : null;
    },
    { withinMs: 60_000 },
  );
  await until('the poll after it', async () => (await lastSeenMs(hub, name)) > seen);
}

describe.concurrent('the push listener', () => {
  test('shows a killed child within a second on a host that is polled every five', async (t) => {
    const hub = await startTestHub(t);
    const tokenFile = tokenFileOf(t, 'not yet');
    const stock = await stockWithListener(t, hub.hub.address, tokenFile);
    await registered(hub, stock, 'db-01');
    writeFileSync(tokenFile, await hostToken(hub, 'db-01'));
    await stock.rpc('stopProcess', 'fleetvisor');
    await stock.rpc('startProcess', 'fleetvisor');
    await justPolledQuietly(hub, 'db-01');
    const { pid } = await stock.state('web', 'RUNNING');
    process.kill(Number(pid), 'SIGKILL');
    await until('supervisord to see it', async () => (await stock.rpc('getProcessInfo', 'web')).pid !== pid);
    const knownAtMs = performance.now();
    await until('the hub to see it', async () => (await webOf(hub, 'db-01'))?.pid !== pid);
    t.expect(performance.now() - knownAtMs).toBeLessThan(1_000);
    t.expect(hub.bugs).toEqual([]);
  });

  test('is known by its own token alone; a new one ends the one before', async (t) => {
    const hub = await startTestHub(t);
    const stock = await startSupervisor(t, 'supervisord', { config: PROGRAMS });
    await registered(hub, stock, 'db-02');
    const push = async (token: string, body: string): Promise<number> => {
      const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
      return (await hub.raw('POST', '/api/v1/push', headers, body)).status;
    };
    const good = JSON.stringify({ events: [{ name: 'TICK_60', serial: 1 }], dropped: 0 });
    const first = await hostToken(hub, 'db-02');
    t.expect(first).toMatch(/^fvh_/);
    t.expect(await push(first, good)).toBe(202);
    t.expect(await push('fvh_wrong', good)).toBe(401);
    t.expect((await hub.raw('POST', '/api/v1/push', { cookie: hub.session.cookie }, good)).status).toBe(401);
    t.expect(await push(first, '{"events":"x"}')).toBe(400);
    t.expect(await push(first, '{')).toBe(400);
    t.expect(await push(first, JSON.stringify({ events: [], pad: 'x'.repeat(300_000) }))).toBe(413);
    const second = await hostToken(hub, 'db-02');
    t.expect([await push(first, good), await push(second, good)]).toEqual([401, 202]);
    const bearer = { authorization: `Bearer ${second}` };
    t.expect((await hub.raw('GET', '/api/v1/fleet', bearer)).status).toBe(401);
    await t.expect(hostToken(hub, 'nobody')).rejects.toThrow('there is no host called nobody');
  });

  test('lets supervisord and its programs notice nothing of a hub that hangs; later it is told', async (t) => {
    const data = tempDir(t);
    const first = await startTestHub(t, { dataFolder: data });
    const port = await freePort();
    const tokenFile = tokenFileOf(t, 'not yet');
    const hole = await blackHole(t, port);
    const stock = await stockWithListener(t, `http://127.0.0.1:${port}`, tokenFile);
    await registered(first, stock, 'db-03');
    writeFileSync(tokenFile, await hostToken(first, 'db-03'));
    await until('the listener to hang', () => hole.heard() > 0);
    const listener = (await stock.state('fleetvisor', 'RUNNING')).pid;
    for (let round = 0; round < 20; round++) {
      const { pid } = await stock.state('web', 'RUNNING');
      process.kill(Number(pid), 'SIGKILL');
      await until('a new child', async () => {
        const web = await stock.rpc('getProcessInfo', 'web');
        return web.statename === 'RUNNING' && web.pid !== pid;
      });
    }
    const info = await stock.rpc('getProcessInfo', 'fleetvisor');
    t.expect([info.statename, info.pid]).toEqual(['RUNNING', listener]);
    t.expect(stock.log()).not.toMatch(/buffer overflow|discarding|rejected/i);
    await first.hub.close();
    await hole.close();
    const again = await startTestHub(t, {
      dataFolder: data,
      password: first.password,
      args: ['--port', `${port}`],
    });
    await justPolledQuietly(again, 'db-03');
    t.expect((await stock.rpc('getProcessInfo', 'fleetvisor')).pid).toBe(listener);
  });

  test('is Python 3.6, and outside supervisord explains itself', async (t) => {
    const parse = 'import ast, sys; ast.parse(open(sys.argv[1]).read(), feature_version=(3, 6))';
    t.expect(await run(['/usr/bin/python3', '-c', parse, LISTENER])).toMatchObject({ code: 0, err: '' });
    const ran = await run(['/usr/bin/python3', LISTENER], { env: {} });
    t.expect([ran.code, ran.out]).toEqual([2, '']);
    t.expect(ran.err).toContain('[eventlistener:fleetvisor]');
  });
});

/** Accepts, and never answers. */
async function blackHole(t: TestContext, port: number): Promise<{ heard(): number; close(): Promise<void> }> {
  const sockets = new Set<Socket>();
  let heard = 0;
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('data', () => heard++);
    socket.on('error', () => {});
  });
  await new Promise<void>((done) => server.listen(port, '127.0.0.1', done));
  const close = async (): Promise<void> => {
    for (const socket of sockets) socket.destroy();
    if (server.listening) await new Promise((done) => server.close(done));
  };
  t.onTestFinished(close);
  return { heard: () => heard, close };
}
