import { fork } from 'node:child_process';
import { until } from '../../tests/support/until.ts';
import { HubUnderTest } from './hub-under-test.ts';
import type { Table } from './table.ts';

const PER_PROCESS = 500;
/** V8 still compiles what the joining made hot. */
const WARMING_S = 45;
const STEADY_S = 60;
const quiet = (ms: number) => new Promise((done) => setTimeout(done, ms));
/** `must` and `aim` of design: RSS MiB, CPU %, fan-out s, reconnect s, API ms meanwhile. */
const BOUNDS: Readonly<Record<number, readonly [must: readonly number[], aim: readonly number[]]>> = {
  1000: [
    [150, 5, 0.5, 30, 300],
    [150, 5, 0.5, 10, 300],
  ],
  5000: [
    [250, 10, 1, 60, 300],
    [250, 10, 1, 10, 300],
  ],
};

/** `count` agents on one hub: memory, steady CPU, a stop on every host, and all of them back after a restart. */
export async function agents(table: Table, count: number): Promise<void> {
  const hub = await HubUnderTest.start();
  const joinToken = hub.verb('join-token', '--uses', `${count}`);
  const players = [];
  for (let first = 0; first < count; first += PER_PROCESS) {
    const args = [
      'play-agents',
      hub.address,
      joinToken,
      `${first}`,
      `${Math.min(PER_PROCESS, count - first)}`,
    ];
    players.push(fork(process.argv[1] as string, args));
  }
  try {
    const all = (what: string) =>
      until(what, async () => (await hub.reachable()) === count, { withinMs: 420_000, everyMs: 1_000 });
    await all(`${count} agents`);
    const warming = await cpuPercent(hub, WARMING_S);
    const cpu = await cpuPercent(hub, STEADY_S);
    table.note(`CPU of the first ${WARMING_S} s after the last came: ${warming.toFixed(1)} % of a core`);
    const steady = await hub.memory();
    const beforeStop = hub.cpuMs();
    const fanOut = await stopEverywhere(hub, count, table);
    table.note(`hub CPU of the stop: ${Math.round(hub.cpuMs() - beforeStop)} ms`);
    const { rss, heapUsed, heapTotal } = await hub.memory();
    table.note(`steady RSS ${steady.rss.toFixed(0)} MiB; heap of ${heapTotal.toFixed(0)} MiB after the stop`);
    await hub.restart();
    const at = performance.now();
    const asked: number[] = [];
    await until(`${count} agents back`, async () => (await timed(asked, () => hub.reachable())) === count, {
      withinMs: 420_000,
      everyMs: 100,
    });
    const backMs = performance.now() - at;
    const backCpuMs = hub.cpuMs();
    const hosts = await hub.api('GET', '/hosts');
    if (hosts.length !== count) throw new Error(`${hosts.length} hosts after the restart, not ${count}`);
    asked.sort((a, b) => a - b);
    const [must, aim] = BOUNDS[count] ?? [[], []];
    const again = await hub.memory();
    const rows: readonly [string, number, string][] = [
      ['RSS', Math.max(steady.rss, rss, again.rss), 'MiB'],
      ['steady CPU', cpu, '% of a core'],
      ['one process stopped on each, p99', fanOut, 's'],
      ['all back after a hub restart', backMs / 1000, 's'],
      ['API (all hosts) while they come back, p95', asked[Math.floor(asked.length * 0.95)] ?? 0, 'ms'],
    ];
    rows.forEach(([what, value, unit], index) => {
      table.row(`${count} agents: ${what}`, value, unit, must[index], aim[index]);
    });
    table.row(`${count} agents: heap in use, garbage included`, heapUsed, 'MiB');
    table.row(`${count} agents: hub CPU to have all back`, backCpuMs / 1000, 's');
  } finally {
    for (const player of players) player.disconnect();
    await hub.stop();
  }
}

/** Per cent of a core that the hub used over the next `seconds`. */
async function cpuPercent(hub: HubUnderTest, seconds: number): Promise<number> {
  const before = hub.cpuMs();
  await quiet(seconds * 1_000);
  return (hub.cpuMs() - before) / seconds / 10;
}

async function timed<T>(taken: number[], work: () => Promise<T>): Promise<T> {
  const at = performance.now();
  const answer = await work();
  taken.push(performance.now() - at);
  return answer;
}

async function stopEverywhere(hub: HubUnderTest, count: number, table: Table): Promise<number> {
  const { id } = await hub.api('POST', '/actions', { verb: 'stop', selector: 'web:p00' });
  const report = await until(
    'the report',
    async () => {
      const now = await hub.api('GET', `/actions/${id}`);
      return now.finishedAtMs === null ? undefined : now;
    },
    { withinMs: 60_000, everyMs: 250 },
  );
  const took = report.targets
    .filter((target: { outcome: { kind: string } }) => target.outcome.kind === 'done')
    .map((target: { outcome: { tookMs: number } }) => target.outcome.tookMs)
    .sort((a: number, b: number) => a - b);
  if (took.length !== count) throw new Error(`${took.length} of ${count} stopped`);
  const at = (part: number): number => took[Math.floor(took.length * part)];
  table.note(
    `stop: p50 ${at(0.5)} ms, p90 ${at(0.9)} ms, all ${report.finishedAtMs - report.startedAtMs} ms`,
  );
  return at(0.99) / 1000;
}
