import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { io, type Socket } from 'socket.io-client';
import { type TestContext, test } from 'vitest';
import type { TailLine } from '../../src/api/contract.ts';
import type { BrowserToHub, FleetDelta, HubToBrowser } from '../../src/live/contract.ts';
import { startTestHub, type TestHub } from '../support/hub.ts';
import { startSupervisor, type TestSupervisor } from '../support/supervisors.ts';
import { TcpProxy } from '../support/tcp-proxy.ts';
import { until } from '../support/until.ts';

type Browser = Socket<HubToBrowser, BrowserToHub>;

function browser(t: TestContext, hub: TestHub, headers: Record<string, string> = {}): Browser {
  const socket: Browser = io(`${hub.hub.address}/live`, {
    transports: ['websocket'],
    reconnection: false,
    forceNew: true,
    extraHeaders: { cookie: hub.session.cookie, origin: hub.hub.address, ...headers },
  });
  t.onTestFinished(() => void socket.close());
  return socket;
}

async function oneHost(
  t: TestContext,
  config: string,
): Promise<{ hub: TestHub; supervisor: TestSupervisor }> {
  const hub = await startTestHub(t);
  const supervisor = await startSupervisor(t, 'supervisord', { config });
  await hub.ask('POST', '/hosts', { name: 'one', url: `unix://${supervisor.socketPath}` });
  await until('its processes', async () => (await hub.ask('GET', '/processes')).body.length > 0);
  return { hub, supervisor };
}

const SLEEPER = '[program:sleeper]\ncommand=/bin/sleep 1000\nstartsecs=0\n';

test('a browser gets everything once, then numbered changes without a gap', async (t) => {
  const { hub, supervisor } = await oneHost(t, SLEEPER);
  const socket = browser(t, hub);
  const first = new Promise<Parameters<HubToBrowser['fleet']>[0]>((done) => socket.on('fleet', done));
  const deltas: FleetDelta[] = [];
  socket.on('delta', (delta) => void deltas.push(delta));
  socket.emit('watch');
  const fleet = await first;
  t.expect(fleet.processes.map((process) => process.name)).toEqual(['sleeper']);
  const { pid } = await supervisor.state('sleeper', 'RUNNING');
  process.kill(Number(pid), 'SIGKILL');
  await until('the new child', () =>
    deltas.some((delta) => delta.processes.some((process) => process.pid !== 0 && process.pid !== pid)),
  );
  t.expect(deltas.map((delta) => delta.seq)).toEqual(deltas.map((_, i) => fleet.seq + 1 + i));
  const last = deltas.flatMap((delta) => delta.processes).at(-1);
  t.expect(last).toMatchObject({ restarts: 1, flapping: false, fresh: true });
});

test('H27 a browser that lost its link sees on its return what is, and nothing that is gone', async (t) => {
  const { hub, supervisor } = await oneHost(t, `${SLEEPER}[program:other]\ncommand=/bin/sleep 1000\n`);
  const two = await hub.ask('POST', '/hosts', { name: 'two', url: 'http://127.0.0.1:1' });
  const proxy = await TcpProxy.to(t, Number(new URL(hub.hub.address).port));
  const socket: Browser = io(`http://127.0.0.1:${proxy.port}/live`, {
    transports: ['websocket'],
    reconnectionDelay: 50,
    forceNew: true,
    extraHeaders: { cookie: hub.session.cookie, origin: `http://127.0.0.1:${proxy.port}` },
  });
  t.onTestFinished(() => void socket.close());
  const fleets: Parameters<HubToBrowser['fleet']>[0][] = [];
  socket.on('fleet', (fleet) => void fleets.push(fleet));
  socket.on('connect', () => socket.emit('watch'));
  await until('the fleet', () => fleets.length === 1);
  proxy.refuse(true);
  proxy.cut();
  await until('it to notice', () => !socket.connected);
  await supervisor.rpc('stopProcess', 'sleeper');
  await hub.ask('DELETE', `/hosts/${two.body.id}`);
  await until('the hub to know', async () => {
    const { body } = await hub.ask('GET', '/fleet');
    return (
      body.hosts.length === 1 && body.processes.some((one: { state: string }) => one.state === 'STOPPED')
    );
  });
  t.expect(fleets).toHaveLength(1);
  proxy.refuse(false);
  await until('the fleet anew', () => fleets.length === 2);
  const names = (fleet: (typeof fleets)[0] | undefined) => fleet?.hosts.map(({ name }) => name);
  t.expect([names(fleets[0]), names(fleets[1])]).toEqual([['one', 'two'], ['one']]);
  t.expect(fleets[1]?.processes.find(({ name }) => name === 'sleeper')?.state).toBe('STOPPED');
});

test('abuse 4: a page of another site, and a browser without a session, get nothing, over either transport', async (t) => {
  const hub = await startTestHub(t);
  const wrong: Record<string, string>[] = [
    { origin: 'http://evil.example' },
    { origin: 'null' },
    { origin: `${hub.hub.address}.evil.example` },
    { 'sec-fetch-site': 'cross-site', origin: '' },
    { cookie: '' },
    { cookie: 'fleetvisor=planted' },
  ];
  for (const transport of ['websocket', 'polling'] as const) {
    t.expect([transport, await connects(t, hub, {}, transport)]).toEqual([transport, true]);
    for (const headers of wrong)
      t.expect([transport, headers, await connects(t, hub, headers, transport)]).toEqual([
        transport,
        headers,
        false,
      ]);
  }
});

function connects(
  t: TestContext,
  hub: TestHub,
  headers: Record<string, string>,
  transport: 'websocket' | 'polling',
): Promise<boolean> {
  const socket: Browser = io(`${hub.hub.address}/live`, {
    transports: [transport],
    reconnection: false,
    forceNew: true,
    extraHeaders: { cookie: hub.session.cookie, origin: hub.hub.address, ...headers },
  });
  t.onTestFinished(() => void socket.close());
  return new Promise((done) => {
    socket.on('connect', () => done(true));
    socket.on('connect_error', () => done(false));
  });
}

test('signing out ends open sockets', async (t) => {
  const hub = await startTestHub(t);
  const socket = browser(t, hub);
  await new Promise<void>((done) => socket.on('connect', done));
  const told = new Promise<string>((done) => socket.on('signed-out', ({ says }) => done(says)));
  await hub.ask('DELETE', '/session');
  t.expect(await told).toBe('You are signed out.');
  await until('it is closed', () => socket.disconnected);
});

test('a tail sends no line without credit, and goes on when it is granted', async (t) => {
  const { hub, supervisor } = await oneHost(
    t,
    '[program:writer]\ncommand=/bin/sleep 1000\nstdout_logfile={dir}/writer.log\nstartsecs=0\n',
  );
  const log = join(supervisor.dir, 'writer.log');
  writeFileSync(log, Array.from({ length: 5_000 }, (_, i) => `line ${i}\n`).join(''));
  const socket = browser(t, hub);
  const lines: TailLine[] = [];
  socket.on('tail:lines', (tail) => void lines.push(...tail.lines));
  const open = {
    tailId: 't1',
    target: 'one/writer:writer',
    channels: ['stdout'] as const,
    lastBytes: 1_000_000,
  };
  const opened = await new Promise((done) => socket.emit('tail:open', open, done));
  t.expect(opened).toEqual({ ok: true });

  await until('the first lines', () => lines.length >= 1_000);
  await hub.ask('GET', '/fleet');
  t.expect(lines.length).toBeLessThan(1_600);
  socket.emit('tail:credit', { tailId: 't1', lines: 10_000 });
  await until('all lines', () => lines.length >= 5_000);
  t.expect(lines.flatMap((line) => (line.kind === 'line' ? line.text : []))).toEqual(
    Array.from({ length: 5_000 }, (_, i) => `line ${i}`),
  );
});

test('over HTTP a tail is lines of JSON: the last ones, then the end; or what is written from then on', async (t) => {
  const { hub, supervisor } = await oneHost(
    t,
    '[program:writer]\ncommand=/bin/sh -c "while read l < {dir}/fifo; do echo $l; done"\nstdout_logfile={dir}/writer.log\nstartsecs=0\n',
  );
  const log = join(supervisor.dir, 'writer.log');
  writeFileSync(log, 'caf\u00e9\r\nsecond\n');
  const once = await hub.raw('GET', '/api/v1/tail?target=one/writer:writer&bytes=4096', {
    cookie: hub.session.cookie,
  });
  if (once.status !== 200) throw new Error(await once.text());
  t.expect(once.headers.get('content-type')).toBe('application/x-ndjson');
  const texts = (await once.text())
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
    .filter((line) => line.kind === 'line');
  t.expect(texts.map((line) => [line.source, line.text])).toEqual([
    ['one/writer:writer', 'café'],
    ['one/writer:writer', 'second'],
  ]);
  const abort = new AbortController();
  const follow = await fetch(`${hub.hub.address}/api/v1/tail?target=one/*&follow=1&bytes=0`, {
    headers: { cookie: hub.session.cookie },
    signal: abort.signal,
  });
  let seen = '';
  const hear = async () => {
    for await (const part of follow.body ?? []) seen += Buffer.from(part).toString();
  };
  const heard = hear().catch(() => {}); // ends with the abort
  await until('the newer line', () => {
    writeFileSync(log, 'newer\n', { flag: 'a' });
    return seen.includes('"newer"');
  });
  t.expect(seen).not.toContain('second');
  abort.abort();
  await heard;
});
