import { get, type IncomingMessage } from 'node:http';
import { expect, test } from 'vitest';
import { startTestHub, type TestHub } from '../support/hub.ts';
import { processesKnown } from '../support/streams.ts';
import { type Lifetime, startSupervisor, type TestSupervisor } from '../support/supervisors.ts';
import { TcpProxy } from '../support/tcp-proxy.ts';
import { until } from '../support/until.ts';

const CONFIG = `[program:web]
command=/bin/sleep 1000
startsecs=0
[program:cron]
command=/bin/sleep 1000
startsecs=0
[program:crash]
command=/bin/sh -c 'echo reading config >&2; echo no such file >&2; exit 3'
startsecs=0
autorestart=false
autostart=false
`;

async function oneHost(t: Lifetime, hub: TestHub): Promise<TestSupervisor> {
  const supervisor = await startSupervisor(t, 'supervisord', { config: CONFIG });
  await hub.ask('POST', '/hosts', { name: 'one', url: `unix://${supervisor.socketPath}` });
  await processesKnown(hub, 3);
  return supervisor;
}

/** Reads server-sent events through a proxy, and comes back with the last number after each cut. */
class EventReader {
  readonly ids: number[] = [];
  readonly gaps: string[] = [];
  readonly #port: number;
  readonly #cookie: string;
  #answer: IncomingMessage | null = null;
  #stopped = false;

  constructor(hub: TestHub, port: number, last: readonly number[] = []) {
    this.#port = port;
    this.#cookie = hub.session.cookie;
    this.ids.push(...last);
    this.#open();
  }

  stop(): void {
    this.#stopped = true;
    this.#answer?.destroy();
  }

  #open(): void {
    if (this.#stopped) return;
    const last = this.ids.at(-1);
    let hasEnded = false;
    const again = (): void => {
      if (!hasEnded) setTimeout(() => this.#open(), 20);
      hasEnded = true;
    };
    const sent = get(
      {
        host: '127.0.0.1',
        port: this.#port,
        path: `/api/v1/events/stream?after=0`,
        headers: { cookie: this.#cookie, ...(last === undefined ? {} : { 'last-event-id': String(last) }) },
        agent: false,
      },
      (answer) => {
        this.#answer = answer;
        let rest = '';
        answer.setEncoding('utf8');
        answer.on('data', (part: string) => {
          const blocks = (rest + part).split('\n\n');
          rest = blocks.pop() ?? '';
          for (const block of blocks) this.#take(block);
        });
        answer.on('error', () => {}); // cut on purpose
        answer.on('close', again);
      },
    );
    sent.on('error', again);
  }

  #take(block: string): void {
    const id = /^id: (\d+)$/m.exec(block)?.[1];
    if (/^event: event$/m.test(block)) this.ids.push(Number(id));
    if (/^event: gap$/m.test(block)) this.gaps.push(block);
  }
}

test('B35 a stream of events over cut connections: no hole, nothing twice', async (t) => {
  const hub = await startTestHub(t);
  const supervisor = await oneHost(t, hub);
  const proxy = await TcpProxy.to(t, Number(new URL(hub.hub.address).port));
  const reader = new EventReader(hub, proxy.port);
  t.onTestFinished(() => reader.stop());
  for (let i = 0; i < 8; i++) {
    await supervisor.rpc(i % 2 === 0 ? 'stopProcess' : 'startProcess', 'web');
    await until('the hub to know', async () => {
      const { body } = await hub.ask('GET', '/processes?selector=web');
      return body[0].state === (i % 2 === 0 ? 'STOPPED' : 'RUNNING');
    });
    proxy.cut();
  }
  const written = await until('all to be written', async () => {
    const { body } = await hub.ask('GET', '/events?after=0&limit=1000');
    return body.events.length >= 8 && body.events.map(({ id }: { id: number }) => id);
  });
  await until('the reader to have them', () => reader.ids.at(-1) === written.at(-1));
  expect(reader.ids).toEqual(written);
  expect(reader.ids).toEqual(reader.ids.map((_, at) => (reader.ids[0] as number) + at));
  expect(proxy.accepted).toBeGreaterThan(3);
  expect(reader.gaps).toEqual([]);
});

test('events are paged, by selector and kind, forwards and backwards', async (t) => {
  const hub = await startTestHub(t);
  const supervisor = await oneHost(t, hub);
  for (const name of ['web', 'cron', 'web']) {
    await supervisor.rpc('stopProcess', name);
    await until(
      `${name} stopped`,
      async () => (await hub.ask('GET', `/processes?selector=${name}`)).body[0].state === 'STOPPED',
    );
    await supervisor.rpc('startProcess', name);
    await until(
      `${name} running`,
      async () => (await hub.ask('GET', `/processes?selector=${name}`)).body[0].state === 'RUNNING',
    );
  }
  const list = async (query: string) => (await hub.ask('GET', `/events?${query}`)).body;
  await until('all', async () => (await list('kind=process')).events.length >= 6);
  const all = (await list('limit=1000')).events;
  expect(all.some((event: { kind: string }) => event.kind === 'host')).toBe(true);
  const web = (await list('selector=web&kind=process')).events;
  expect(new Set(web.map((event: { process: string }) => event.process))).toEqual(new Set(['web']));
  const first = await list('after=0&limit=2');
  expect([first.events.length, first.more]).toEqual([2, true]);
  const rest = await list(`after=${first.cursor}&limit=1000`);
  expect([...first.events, ...rest.events]).toEqual(all);
  const last = await list('limit=2');
  const earlier = await list(`limit=1000&before=${last.events[0].id}`);
  expect([...earlier.events, ...last.events]).toEqual(all);
  expect((await list('selector=other/*')).events).toEqual([]);
});

test('a process that died before the hub saw its host: its last words are asked for, and kept once', async (t) => {
  const supervisor = await startSupervisor(t, 'supervisord', { config: CONFIG });
  await supervisor.rpc('startProcess', 'crash').catch(() => {}); // it may be gone before it counts as started
  await until(
    'its end',
    async () => (await supervisor.rpc('getProcessInfo', 'crash')).statename === 'EXITED',
  );
  const { stop } = await supervisor.rpc('getProcessInfo', 'crash');
  const first = await startTestHub(t);
  await first.ask('POST', '/hosts', { name: 'one', url: `unix://${supervisor.socketPath}` });
  const crashes = async (hub: TestHub) => (await hub.ask('GET', '/processes/one/crash/crashes')).body;
  const [crash] = await until('its last words', async () => {
    const list = await crashes(first);
    return list?.length > 0 && list;
  });
  expect(crash).toMatchObject({
    state: 'EXITED',
    exitStatus: 3,
    lastLines: ['reading config', 'no such file'],
  });
  expect(Math.abs(crash.atMs - stop * 1_000)).toBeLessThan(2_000);
  const words = async (hub: TestHub) => (await hub.ask('GET', '/processes/one/crash')).body?.process?.crash;
  expect(await words(first)).toMatchObject({ lines: crash.lastLines });
  await first.hub.close();
  const second = await startTestHub(t, { dataFolder: first.dataFolder, password: first.password });
  await until('the hub to have it again', async () => (await words(second))?.lines.length === 2);
  expect(await crashes(second)).toEqual([crash]);
  expect([...first.bugs, ...second.bugs]).toEqual([]);
});

test('B13 crashes are kept with their last words, over a restart of the hub', async (t) => {
  const first = await startTestHub(t);
  const supervisor = await oneHost(t, first);
  await supervisor.rpc('startProcess', 'crash').catch(() => {}); // it may be gone before it counts as started
  const crash = await until(
    'the crash',
    async () => (await first.ask('GET', '/processes/one/crash:crash/crashes')).body[0],
  );
  expect(crash).toMatchObject({
    state: 'EXITED',
    exitStatus: 3,
    lastLines: ['reading config', 'no such file'],
  });
  const detail = (await first.ask('GET', '/processes/one/crash')).body;
  expect(detail).toMatchObject({ host: { name: 'one' }, process: { name: 'crash' }, crashes: [crash] });
  expect(detail.events[0].id).toBe(crash.id);
  expect((await first.ask('GET', '/processes/one/nothing/crashes')).status).toBe(404);
  await first.hub.close();
  const second = await startTestHub(t, { dataFolder: first.dataFolder, password: first.password });
  expect((await second.ask('GET', '/processes/one/crash:crash/crashes')).body).toEqual([crash]);
});

test('B2 a host that goes away and comes back is history, a restart of the hub is not, and keeps what it knew last', async (t) => {
  const first = await startTestHub(t);
  const supervisor = await oneHost(t, first);
  supervisor.child.kill('SIGSTOP');
  const states = async (hub: TestHub): Promise<string[]> =>
    (await hub.ask('GET', '/events?kind=host')).body.events.map(({ state }: { state: string }) => state);
  await until('away', async () => (await states(first)).at(-1) === 'unreachable', { withinMs: 30_000 });
  supervisor.child.kill('SIGCONT');
  await until('back', async () => (await states(first)).at(-1) === 'reachable', { withinMs: 30_000 });
  const before = await states(first);
  await first.hub.close();
  const second = await startTestHub(t, { dataFolder: first.dataFolder, password: first.password });
  await processesKnown(second, 3);
  expect(await states(second)).toEqual(before);
  const { body: seen } = await second.ask('GET', '/hosts/one');
  await second.hub.close();
  await supervisor.stop();
  const third = await startTestHub(t, { dataFolder: first.dataFolder, password: first.password });
  const away = await until('its host is away', async () => {
    const { body } = await third.ask('GET', '/hosts/one');
    return body.reachability.kind === 'unreachable' ? body : null;
  });
  expect(away).toMatchObject({ facts: seen.facts, processCount: 3 });
  expect(away.lastSeenMs).toBeGreaterThanOrEqual(seen.lastSeenMs);
  const { body: crash } = await third.ask('GET', '/processes/one/crash');
  expect(crash.process).toMatchObject({ state: 'STOPPED', fresh: false });
});

test('a number that was never given is told as a gap, and the stream goes on with what is new', async (t) => {
  const hub = await startTestHub(t);
  const supervisor = await oneHost(t, hub);
  const reader = new EventReader(hub, Number(new URL(hub.hub.address).port), [1_000_000]);
  t.onTestFinished(() => reader.stop());
  await until('the gap', () => reader.gaps.length > 0);
  await supervisor.rpc('stopProcess', 'web');
  await until('the news', () => reader.ids.length > 1);
  expect(reader.gaps).toHaveLength(1);
  expect(reader.ids[1]).toBeLessThan(1_000);
});
