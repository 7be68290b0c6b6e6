import { io } from 'socket.io-client';
import { until } from '../../tests/support/until.ts';
import { HubUnderTest } from './hub-under-test.ts';
import { STOP_MS } from './stub-supervisors.ts';
import { Stubs } from './stubs.ts';
import { median, type Table } from './table.ts';

const quiet = (ms: number) => new Promise((done) => setTimeout(done, ms));
async function withStubs(
  hosts: number,
  processes: number,
  measure: (hub: HubUnderTest, stubs: Stubs) => Promise<void>,
) {
  const stubs = new Stubs(hosts, processes);
  const told = await stubs.hear();
  const hub = await HubUnderTest.start();
  try {
    for (const [index, port] of (told.kind === 'ports' ? told.ports : []).entries()) {
      await hub.api('POST', '/hosts', { name: `stub-${index}`, url: `http://127.0.0.1:${port}` });
    }
    await until('all stubs reachable', async () => (await hub.reachable()) === hosts, {
      withinMs: 60_000,
      everyMs: 200,
    });
    await measure(hub, stubs);
  } finally {
    await hub.stop();
    stubs.stop();
  }
}

async function pageAndApiMs(hub: HubUnderTest, cookie: string): Promise<number> {
  const taken: number[] = [];
  for (let round = 0; round < 40; round += 1) {
    const at = performance.now();
    await (await fetch(`${hub.address}/`, { headers: { cookie } })).text();
    await hub.api('GET', '/fleet');
    taken.push(performance.now() - at);
  }
  return median(taken);
}

/** A host that accepts and never answers, and viewers, over 50 hosts of 4 processes. */
export async function fifty(table: Table): Promise<void> {
  await withStubs(50, 4, async (hub, stubs) => {
    const cookie = await hub.cookie();
    await pageAndApiMs(hub, cookie);
    const ratios: number[] = [];
    for (let round = 0; round < 3; round += 1) {
      const healthy = await pageAndApiMs(hub, cookie);
      stubs.tell({ kind: 'hole', index: 7 });
      await until('one hole', async () => (await hub.reachable()) === 49, { withinMs: 30_000, everyMs: 200 });
      ratios.push((await pageAndApiMs(hub, cookie)) / healthy);
      stubs.tell({ kind: 'hole', index: null });
      await until('no hole', async () => (await hub.reachable()) === 50, { withinMs: 30_000, everyMs: 200 });
    }
    table.row('page and API p50, 1 of 50 hosts a black hole ÷ all healthy', median(ratios), '×', 1.5, 1.05);
    table.row(
      'RPCs per host caused by 50 browsers ÷ by 1',
      await viewerRatio(hub, stubs, cookie, table),
      '×',
      1.1,
      1.0,
    );
  });
}

/** A stop of one group on 50 hosts of 4 processes, three times over. */
export async function stopEverywhere(table: Table): Promise<void> {
  await withStubs(50, 4, async (hub, stubs) => {
    const taken: number[] = [];
    for (let round = 0; round < 3; round += 1) {
      await stubs.counted();
      const before = hub.cpuMs();
      taken.push(await actionMs(hub, 'stop'));
      const calls = (await stubs.counted()).reduce((sum, each) => sum + each, 0);
      table.note(
        `stop ${round + 1}: ${Math.round(taken[round] ?? 0)} ms, hub CPU ${Math.round(hub.cpuMs() - before)} ms, ${calls} calls`,
      );
      await actionMs(hub, 'start');
      await quiet(3_000);
    }
    const what = 'fleet-wide stop group, 50 hosts × 4, minus the slowest stop, p50 of 3';
    table.row(what, median(taken) - STOP_MS, 'ms', 1000, 300);
  });
}

/** From the request to the moment the hub had every outcome. */
async function actionMs(hub: HubUnderTest, verb: string): Promise<number> {
  const atMs = Date.now();
  const action = await hub.api('POST', '/actions', { verb, selector: 'group web' });
  const over = async () => {
    const now = await hub.api('GET', `/actions/${action.id}`);
    return now.finishedAtMs === null ? undefined : now;
  };
  const report = await until('the report', over, { everyMs: 200 });
  const done = report.targets.filter(
    (target: { outcome: { kind: string } }) => target.outcome.kind === 'done',
  ).length;
  if (done !== 200) throw new Error(`${done} of 200 done`);
  return report.finishedAtMs - atMs;
}

async function viewerRatio(hub: HubUnderTest, stubs: Stubs, cookie: string, table: Table): Promise<number> {
  const count = async (browsers: number): Promise<number> => {
    const sockets = Array.from({ length: browsers }, () => {
      const socket = io(`${hub.address}/live`, {
        transports: ['websocket'],
        extraHeaders: { cookie, origin: hub.address },
        forceNew: true,
      });
      socket.on('connect', () => socket.emit('watch'));
      return socket;
    });
    await until('viewers', () => sockets.every((socket) => socket.connected));
    await quiet(6_000);
    await stubs.counted();
    await quiet(15_000);
    const calls = await stubs.counted();
    for (const socket of sockets) socket.disconnect();
    return calls.reduce((sum, each) => sum + each, 0) / calls.length;
  };
  const one = await count(1);
  const many = await count(50);
  table.note(`RPCs per host in 15 s: ${one.toFixed(1)} with 1 browser, ${many.toFixed(1)} with 50`);
  return many / one;
}

/** Steady polling of 200 supervisords with 50 processes each. */
export async function twoHundred(table: Table): Promise<void> {
  await withStubs(200, 50, async (hub) => {
    await quiet(15_000);
    const before = hub.cpuMs();
    await quiet(20_000);
    table.row(
      'polling 200 supervisords × 50 processes: hub CPU',
      (hub.cpuMs() - before) / 200,
      '% of a core',
      20,
      5,
    );
  });
}
