import { join } from 'node:path';
import { expect, type TestContext, test } from 'vitest';
import { KEEP_MINUTES_MS, UsageHistory } from '../../src/control/usage-history.ts';
import { openStore } from '../../src/store/store.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { tempDir } from '../support/supervisors.ts';

const MIGRATIONS = join(import.meta.dirname, '../../migrations');
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const MIB = 2 ** 20;
/** A full hour. */
const START_MS = 1_699_999_200_000;
const WEB = { hostId: 'h1', group: 'web', process: 'a:b' };
const HOST = { hostId: 'h1', group: '', process: '' };

function history(t: TestContext) {
  const clock = new FakeClock(START_MS);
  const store = openStore({ dataFolder: tempDir(t), migrations: MIGRATIONS, nowMs: START_MS });
  t.onTestFinished(() => store.close());
  const failures: unknown[] = [];
  const usage = new UsageHistory(store.metrics, clock, (error) => failures.push(error));
  const measure = (cpu: number, mib: number, times = 1): void => {
    for (let nth = 0; nth < times; nth++) {
      usage.measured(
        'h1',
        new Map([
          ['web:a:b', [cpu, mib * MIB] as const],
          ['x:y', [1, MIB] as const],
        ]),
      );
      clock.advance(5_000);
    }
  };
  const last = (ms: number, stepMs?: number) =>
    usage.series(WEB, { fromMs: clock.wallMs() - ms, toMs: clock.wallMs(), stepMs }).points;
  return { clock, store, usage, measure, last, failures };
}

test('the last hour is told every 15 s, and a while without a measurement is a gap', (t) => {
  const { clock, measure, last } = history(t);
  measure(10, 100, 3);
  measure(40, 160, 3);
  clock.advance(5 * MINUTE_MS);
  measure(20, 120, 3);
  expect(last(HOUR_MS).map(({ atMs, cpu, memory }) => [(atMs - START_MS) / 1000, cpu, memory / MIB])).toEqual(
    [
      [0, 10, 100],
      [15, 40, 160],
      [330, 20, 120],
    ],
  );
});

test('minutes and hours have a mean and a peak, of a host the sum, and outlive the hub', (t) => {
  const { clock, store, usage, measure } = history(t);
  measure(10, 100, 6);
  measure(30, 300, 6);
  measure(50, 100, 12);
  usage.close();
  const again = new UsageHistory(store.metrics, clock, () => {});
  const wish = { fromMs: START_MS, toMs: clock.wallMs() };
  expect(again.series(WEB, { ...wish, stepMs: MINUTE_MS }).points).toMatchObject([
    { atMs: START_MS, cpu: 20, cpuMost: 30, memory: 200 * MIB, memoryMost: 300 * MIB },
    { atMs: START_MS + MINUTE_MS, cpu: 50, memory: 100 * MIB },
  ]);
  expect(again.series(HOST, { ...wish, stepMs: MINUTE_MS }).points[0]).toMatchObject({
    cpu: 21,
    memory: 201 * MIB,
  });
  expect(again.series(WEB, { ...wish, stepMs: HOUR_MS }).points).toMatchObject([{ cpu: 35, cpuMost: 50 }]);
  again.close();
});

test('what was measured before and after a restart within one hour is one hour', (t) => {
  const { clock, store, usage, measure } = history(t);
  measure(10, 100, 12);
  usage.close();
  const again = new UsageHistory(store.metrics, clock, () => {});
  for (let nth = 0; nth < 36; nth++) {
    again.measured('h1', new Map([['web:a:b', [50, 500 * MIB] as const]]));
    clock.advance(5_000);
  }
  again.close();
  const hour = store.metrics.points(WEB, 'hour', START_MS, START_MS + HOUR_MS);
  expect(hour).toMatchObject([{ cpu: 40, cpuMost: 50, memory: 400 * MIB, memoryMost: 500 * MIB }]);
});

test('a host at a glance is 30 whiles of 2 minutes, also from before a restart', (t) => {
  const { clock, store, usage, measure } = history(t);
  expect(usage.glance('h1')).toBeNull();
  measure(10, 100, 48);
  usage.close();
  const again = new UsageHistory(store.metrics, clock, () => {});
  again.measured('h1', new Map([['web:a:b', [30, 100 * MIB] as const]]));
  const glance = again.glance('h1');
  expect(glance).toMatchObject({ cpuPercent: 30, memoryBytes: 100 * MIB });
  expect(glance?.cpu).toHaveLength(30);
  expect(glance?.cpu.slice(-4)).toEqual([null, 11, 11, 30]);
  again.close();
});

test('minutes go after a day, hours stay; numbers given out by a commit that failed are not believed', (t) => {
  const { clock, store, usage, measure, last } = history(t);
  measure(10, 100, 12);
  clock.advance(KEEP_MINUTES_MS + HOUR_MS);
  store.metrics.removeBefore(clock.wallMs() - KEEP_MINUTES_MS, 0);
  expect(store.metrics.points(WEB, 'minute', 0, clock.wallMs())).toEqual([]);
  expect(last(2 * KEEP_MINUTES_MS)).toMatchObject([{ atMs: START_MS, cpu: 10 }]);
  usage.close();
  const row = { owner: { ...WEB, process: 'new' }, grain: 'minute' as const, atMs: START_MS, samples: 1 };
  const good = { cpu: 1, cpuMost: 1, memory: 1, memoryMost: 1 };
  expect(() =>
    store.metrics.put([
      { ...row, ...good },
      { ...row, ...good, cpu: Number.NaN },
    ]),
  ).toThrow();
  store.metrics.put([{ ...row, ...good }]);
  expect(store.metrics.points(row.owner, 'minute', START_MS, START_MS + MINUTE_MS)).toHaveLength(1);
});
