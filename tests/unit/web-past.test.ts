import { expect, test } from 'vitest';
import type { Crash } from '../../src/api/contract.ts';
import type { UsageSeries } from '../../src/fleet/metrics.ts';
import { type StateMark, timelineOf } from '../../src/fleet/timeline.ts';
import { bandOf, numbersOf } from '../../src/web/view/band.ts';
import { chartAt, chartOf } from '../../src/web/view/chart.ts';
import { crashCount, crashList, crashMarks } from '../../src/web/view/past/crash-list.ts';
import { reachedWords } from '../../src/web/view/past/up-words.ts';
import type { Reader } from '../../src/web/view/reader.ts';
import { sayIn } from '../../src/web/view/say.ts';

const NOW = Date.UTC(2026, 10, 23, 6, 24, 8);
const MINUTE_MS = 60_000;
const MIB = 2 ** 20;
const reader: Reader = {
  nowMs: NOW,
  language: 'en',
  say: sayIn('en'),
  zone: 'UTC',
  ownZone: false,
  base: '',
  user: 'mei',
  csrf: '',
  role: 'operator',
  may: () => true,
};
const crash = (id: number, minutes: number): Crash => ({
  id,
  atMs: NOW - minutes * MINUTE_MS,
  state: 'EXITED',
  exitStatus: -1,
  exitSignal: 'SIGKILL',
  spawnError: '',
  lastLines: ['last'],
});
const ended = (minutes: number): StateMark[] => [
  { atMs: NOW - minutes * MINUTE_MS, state: 'EXITED' },
  { atMs: NOW - minutes * MINUTE_MS + 2_000, state: 'STARTING' },
  { atMs: NOW - minutes * MINUTE_MS + 4_000, state: 'RUNNING' },
];
const hour = (marks: readonly StateMark[]) => timelineOf(marks, NOW - 60 * MINUTE_MS, NOW);
const series = (points: readonly (readonly [minutesAgo: number, mib: number])[]): UsageSeries => ({
  fromMs: NOW - 60 * MINUTE_MS,
  toMs: NOW,
  stepMs: 15_000,
  points: points.map(([minutes, mib]) => ({
    atMs: NOW - minutes * MINUTE_MS,
    cpu: 10,
    cpuMost: 10,
    memory: mib * MIB,
    memoryMost: mib * MIB,
  })),
});

test('crashes within the hour are numbered from the oldest; each says how long it had run and what it used', () => {
  const past = {
    crashes: [crash(3, 5), crash(2, 10), crash(1, 90)],
    timeline: hour([{ atMs: NOW - 200 * MINUTE_MS, state: 'RUNNING' }, ...ended(10), ...ended(5)]),
    usage: series([
      [10.2, 300],
      [5.1, 498],
    ]),
  };
  expect(crashMarks(past).map(({ n, atMs }) => [n, (NOW - atMs) / MINUTE_MS])).toEqual([
    [1, 10],
    [2, 5],
  ]);
  const list = crashList(past, reader) as Record<string, unknown>[];
  expect(list.map(({ number, open, after, memory }) => [number, open, after, memory])).toEqual([
    [2, true, 'after 4 min 58 s', '498 MiB'],
    [1, false, '', '300 MiB'],
    ['', false, '', ''],
  ]);
});

test('each crash has its own lines: what the one before said already is left out, and never all', () => {
  const said = (...logs: string[][]): unknown[] => {
    const crashes = logs.map((lastLines, id) => ({ ...crash(id, id), lastLines }));
    return (crashList({ crashes, timeline: null, usage: null }, reader) as { lines: string[] }[]).map(
      ({ lines }) => lines,
    );
  };
  expect(said(['a', 'b', 'c', 'd'], ['a', 'b'])).toEqual([
    ['c', 'd'],
    ['a', 'b'],
  ]);
  expect(said(['b', 'c'], ['a', 'b'], ['x'])).toEqual([['c'], ['a', 'b'], ['x']]);
  expect(said(['a', 'b', 'a', 'b'], ['a', 'b', 'a', 'b'])[0]).toEqual(['a', 'b']);
});

test('of very many crashes the list holds the latest, and says of how many', () => {
  const crashes = Array.from({ length: 44 }, (_, at) => crash(44 - at, at + 1));
  const past = { crashes, timeline: hour([]), usage: null };
  expect(crashMarks(past)).toHaveLength(44);
  expect((crashList(past, reader) as { number: number }[]).map(({ number }) => number)).toEqual(
    Array.from({ length: 20 }, (_, at) => 44 - at),
  );
  expect([crashCount(past, reader), crashCount({ crashes: crashes.slice(0, 3) }, reader)]).toEqual([
    'the last 20 of 44',
    '3',
  ]);
});

test('a while without an answer is one gap, whatever the hub missed of it', () => {
  const states = ['reachable', 'unreachable', 'not-seen', 'unreachable', 'reachable', 'unreachable'] as const;
  const marks = states.map((state, at) => ({ atMs: NOW - (50 - at) * MINUTE_MS, state }));
  expect(reachedWords(hour(marks), reader)).toContain('reachable, 2 gaps');
  const chinese = { ...reader, language: 'zh', say: sayIn('zh') } as const;
  expect(reachedWords(hour(marks), chinese)).toMatch(/，[^,]*2/);
});

test('numbers that would stand on each other are left out, never the newest', () => {
  const marks = [1, 2, 3, 4].map((n) => ({ n, atMs: n }));
  const shown = numbersOf(marks, (ms) => 50 + ms, 1.5);
  expect(shown.map(({ n, wide }) => [n, wide])).toEqual([
    [4, false],
    [2, true],
  ]);
});

test('a band covers its whole width, and a state of a second is still seen', () => {
  const band = bandOf(
    hour([
      { atMs: 0, state: 'RUNNING' },
      { atMs: NOW - 30 * MINUTE_MS, state: 'FATAL' },
      { atMs: NOW - 30 * MINUTE_MS + 1_000, state: 'RUNNING' },
    ]),
    [],
    reader,
  ) as {
    rects: { kind: string; width: string; title: string }[];
  };
  expect(band.rects.map(({ kind }) => kind)).toEqual(['running', 'fatal', 'running']);
  expect(Number(band.rects[1]?.width)).toBeGreaterThanOrEqual(0.25);
  expect(band.rects[1]?.title).toBe('FATAL, 05:54:08, 1.0 s');
});

test('an end among the crashes looks otherwise than one that was expected', () => {
  const timeline = hour([{ atMs: 0, state: 'RUNNING' }, ...ended(20), ...ended(5)]);
  const marks = [{ n: 1, atMs: NOW - 5 * MINUTE_MS }];
  const { rects } = bandOf(timeline, marks, reader) as { rects: { kind: string }[] };
  const kinds = ['running', 'exited', 'starting', 'running', 'crashed', 'starting', 'running'];
  expect(rects.map(({ kind }) => kind)).toEqual(kinds);
});

test('of a thousand changes the worst of each piece is drawn', () => {
  const marks = Array.from(
    { length: 3_000 },
    (_, nth): StateMark => ({
      atMs: NOW - 60 * MINUTE_MS + nth * 1_200,
      state: nth === 1_500 ? 'FATAL' : nth % 2 === 0 ? 'RUNNING' : 'STARTING',
    }),
  );
  const { rects } = bandOf(hour(marks), [], reader) as { rects: { kind: string }[] };
  expect(rects.length).toBeLessThanOrEqual(400);
  expect(rects.some(({ kind }) => kind === 'fatal')).toBe(true);
});

test('a while without a measurement is a gap in the line, and a point alone is still seen', () => {
  const measured = series([
    [40, 100],
    [39.75, 100],
    [20, 200],
    [0.25, 250],
    [0, 250],
  ]);
  const drawn = (fresh: boolean) =>
    chartOf('memory', measured, { marks: [], fresh }, reader) as {
      line: string;
      now: string;
      range: string;
      scale: string[];
    };
  const chart = drawn(true);
  expect(drawn(false).now, 'of a host that is away').toBe('');
  expect(chart.line.match(/M/g)).toHaveLength(3);
  expect(chart.line).toContain('h2');
  expect([chart.now, chart.range, chart.scale]).toEqual([
    '250 MiB now',
    '100 MiB to 250 MiB',
    ['300', '150', '0'],
  ]);
  expect(chartOf('cpu', series([]), { marks: [], fresh: true }, reader)).toBeNull();
});

test('under the pointer stands the nearest point, and nothing where nothing was measured', () => {
  const told = series([
    [30, 100],
    [29.75, 150],
  ]);
  expect(chartAt('memory', told, 0.5, reader)?.text).toBe('05:54:08  100 MiB');
  expect(chartAt('memory', told, 0.9, reader)).toBeNull();
});
