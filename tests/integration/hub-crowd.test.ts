import { execFileSync } from 'node:child_process';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { expect, test } from 'vitest';
import { decodeCall, encodeResponse } from '../../agent/src/xmlrpc/index.ts';
import type { FleetEvent } from '../../src/fleet/event.ts';
import { startTestHub } from '../support/hub.ts';
import { type KillableHub, startKillableHub } from '../support/killable-hub.ts';
import { BEYOND_EVERY_PID, madeCrowd } from '../support/made-crowd.ts';
import { rawBrowser } from '../support/raw-browser.ts';
import { until } from '../support/until.ts';

/** Agents of which the hub has kept how far it has their events: what they do from then on is told as it was. */
function cursorsIn(hub: KillableHub): number {
  const db = new Sqlite(join(hub.dir, 'hub', 'fleetvisor.db'), { readonly: true });
  const { n } = db.prepare<[], { n: number }>('select count(*) as n from uplink_cursors').get() ?? { n: 0 };
  db.close();
  return n;
}

const reachable = async (hub: KillableHub): Promise<number> => {
  const { body } = await hub.ask('GET', '/hosts');
  return body.filter((host: { reachability: { kind: string } }) => host.reachability.kind === 'reachable')
    .length;
};

test('H13 120 agents come back at once after a hub was killed: none lost, none doubled, each change told once', async (t) => {
  const hub = await startKillableHub(t);
  const names = Array.from({ length: 120 }, (_, n) => `host-${n}`);
  const supervisors = await madeCrowd(t, hub, names, ['web:a', 'web:b']);
  await until('all of them', async () => (await reachable(hub)) === names.length, { withinMs: 40_000 });
  await until('how far it has each agent, kept', () => cursorsIn(hub) === names.length, { withinMs: 20_000 });
  await hub.kill();
  for (const supervisor of supervisors) supervisor.move('web:a', 'STOPPED', { pid: 0 });
  await hub.start();
  await until('all of them again', async () => (await reachable(hub)) === names.length, {
    withinMs: 40_000,
  });
  const { hosts, processes } = await until('every change', async () => {
    const { body } = await hub.ask('GET', '/fleet');
    const stopped = body.processes.filter((one: { state: string }) => one.state === 'STOPPED');
    return stopped.length === names.length ? body : undefined;
  });
  t.expect([hosts.length, processes.length]).toEqual([names.length, 2 * names.length]);
  const told = await until('the history of it', async () => {
    const { body } = await hub.ask('GET', '/events?limit=500&kind=process');
    const stops = body.events.filter((event: FleetEvent) => event.state === 'STOPPED');
    return stops.length >= names.length ? stops : undefined;
  });
  t.expect(told.map((event: FleetEvent) => event.host).sort()).toEqual([...names].sort());
});

test('H33 a hub short of descriptors refuses more agents early, and goes on serving people', async (t) => {
  const hub = await startKillableHub(t);
  execFileSync('prlimit', ['--pid', `${hub.pid()}`, '--nofile=130:']);
  const names = Array.from({ length: 90 }, (_, n) => `host-${n}`);
  await madeCrowd(t, hub, names, ['web:a']);
  await until('as many as there is room for', async () => (await reachable(hub)) === 80);
  for (let asked = 0; asked < 20; asked++) t.expect((await hub.ask('GET', '/fleet')).status).toBe(200);
  t.expect(await reachable(hub)).toBe(80);
  execFileSync('prlimit', ['--pid', `${hub.pid()}`, '--nofile=400:']);
  await until('those that were refused', async () => (await reachable(hub)) > 80, { withinMs: 40_000 });
});

test('H26 60 browsers that read nothing while a fleet flaps cost the hub less than 1 MB each', async (t) => {
  const hub = await startKillableHub(t);
  const processes = Array.from({ length: 200 }, (_, n) => `web:p${n}`);
  const [supervisor] = await madeCrowd(t, hub, ['busy'], processes);
  await until('it', async () => (await reachable(hub)) === 1);
  const flap = async (): Promise<void> => {
    for (let round = 0; round < 40; round++) {
      const state = round % 2 === 0 ? 'STOPPED' : 'RUNNING';
      for (const name of processes)
        supervisor?.move(name, state, { pid: state === 'RUNNING' ? BEYOND_EVERY_PID + round : 0 });
      await until('the hub to have it', async () => {
        const { body } = await hub.ask('GET', '/fleet');
        return body.processes.every((one: { state: string }) => one.state === state);
      });
    }
  };
  await flap(); // the hub has its working size
  const cookie = await hub.session();
  for (let n = 0; n < 60; n++) {
    const browser = await rawBrowser(t, hub.address, cookie);
    browser.send('42/live,0["watch"]');
    await until('the fleet', () => browser.heard.includes('p199'));
    browser.socket.pause();
  }
  const before = hub.rssMiB();
  await flap();
  expect(hub.rssMiB() - before, 'growth in MiB').toBeLessThan(60);
});

test('H7 half of 20 hosts accept and never answer: the others stay fresh, pages quick, and nothing piles up', async (t) => {
  const hub = await startTestHub(t);
  let holes = 0;
  const sockets = new Set<Socket>();
  let isHole = (_n: number): boolean => false;
  const host = async (n: number): Promise<void> => {
    const answer: RequestListener = (req, res) => {
      const chunks: Buffer[] = [];
      req.on('data', (chunk) => chunks.push(chunk));
      req.on('end', () => {
        if (isHole(n)) holes++;
        else res.end(encodeResponse(ANSWERS[decodeCall(Buffer.concat(chunks)).method] ?? true));
      });
    };
    const server = createServer(answer).on('connection', (socket) => {
      if (isHole(n)) sockets.add(socket.once('close', () => sockets.delete(socket)));
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    t.onTestFinished(() => {
      server.closeAllConnections();
      server.close();
    });
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    await hub.ask('POST', '/hosts', { name: `host-${n}`, url });
  };
  for (let n = 0; n < 20; n++) await host(n);
  const kinds = async (): Promise<string[]> =>
    (await hub.ask('GET', '/hosts')).body.map(
      (one: { reachability: { kind: string } }) => one.reachability.kind,
    );
  await until('all of them', async () => (await kinds()).every((kind) => kind === 'reachable'));
  isHole = (n) => n % 2 === 0;
  await until(
    'half of them are told',
    async () => (await kinds()).filter((k) => k === 'unreachable').length === 10,
  );
  const asked = holes;
  await until('they are tried again', () => holes > asked + 10);
  const ages = (await hub.ask('GET', '/hosts')).body
    .filter((one: { reachability: { kind: string } }) => one.reachability.kind === 'reachable')
    .map((one: { lastSeenMs: number }) => Date.now() - one.lastSeenMs);
  t.expect(Math.max(...ages), 'age of the healthy in ms').toBeLessThan(4_000);
  t.expect(sockets.size, 'connections to those that never answer').toBeLessThanOrEqual(20);
});

const ANSWERS: Readonly<Record<string, unknown>> = {
  'supervisor.getState': { statecode: 1, statename: 'RUNNING' },
  'supervisor.getIdentification': 'made up',
  'supervisor.getSupervisorVersion': '4.2.5',
  'supervisor.getPID': 1,
  'supervisor.getAllProcessInfo': [],
};
