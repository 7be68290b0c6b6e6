import { expect, onTestFinished, test, vi } from 'vitest';
import type { TailLine } from '../../src/api/contract.ts';
import { inPalette } from '../../src/web/static/logs/ansi-palette.ts';
import { LateLogs } from '../../src/web/static/logs/late-logs.ts';
import { type Kept, LogMemory } from '../../src/web/static/logs/log-memory.ts';
import { PastTimes } from '../../src/web/static/logs/log-past-times.ts';
import { rejoined } from '../../src/web/static/logs/log-rejoin.ts';
import { BARS, LogVolume } from '../../src/web/static/logs/log-volume.ts';
import { LogZones } from '../../src/web/static/logs/log-zones.ts';
import { writtenAt } from '../../src/web/static/logs/written-at.ts';
import { CHANGING, clockOf, shownBy } from '../../src/web/static/logs/zone-offsets.ts';
import { compiled, forHub } from '../../src/web/view/log-pattern.ts';
import { logLink, logStateOf } from '../../src/web/view/log-state.ts';

const line = (text: string, source = 'h/g:p'): TailLine => ({
  kind: 'line',
  source,
  channel: 'stdout',
  text,
  atMs: 0,
});
const kept = (n: number, text = 'x'): Kept => ({
  n,
  line: line(text),
  ansi: '',
  matches: false,
  barMs: 0,
  height: 0,
});
const texts = (lines: readonly TailLine[]): string[] =>
  lines.map((one) => (one.kind === 'line' ? one.text : one.says));

test('a log in the browser stays within its bounds in lines and in characters, and counts what it forgot', () => {
  const byLines = new LogMemory({ lines: 100, chars: 1e9 });
  for (let n = 0; n < 1_000; n++) byLines.add([kept(n)]);
  expect(byLines.lines.length).toBeLessThanOrEqual(125);
  expect(byLines.lines.at(-1)?.n).toBe(999);
  expect(byLines.forgotten + byLines.lines.length).toBe(1_000);
  const byChars = new LogMemory({ lines: 1e9, chars: 100_000 });
  for (let n = 0; n < 100; n++) byChars.add([kept(n, 'x'.repeat(10_000))]);
  expect(byChars.lines.length).toBeLessThanOrEqual(12);
});

test('after the line was lost, what is known already is not shown twice', () => {
  const shown = ['a', 'b', 'c', 'd'].map((text) => line(text));
  const { lines, isWhole } = rejoined(
    shown,
    ['b', 'c', 'd', 'e', 'f'].map((text) => line(text)),
  );
  expect(texts(lines)).toEqual(['e', 'f']);
  expect(isWhole).toBe(true);
});

test('a past that does not reach back to what is known is shown whole, and counts as a gap', () => {
  const shown = ['a', 'b', 'c'].map((text) => line(text));
  const { lines, isWhole } = rejoined(
    shown,
    ['x', 'y'].map((text) => line(text)),
  );
  expect(texts(lines)).toEqual(['x', 'y']);
  expect(isWhole).toBe(false);
});

test('each log finds its own place, among equal lines the latest', () => {
  const shown = [line('tick', 'a'), line('tick', 'a'), line('tick', 'a'), line('one', 'b')];
  const past = [line('tick', 'a'), line('tick', 'a'), line('tick', 'a'), line('one', 'b'), line('two', 'b')];
  expect(texts(rejoined(shown, past).lines)).toEqual(['two']);
});

test('of a log that came back late only what is new is passed on, and nothing once its tail is closed', () => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const passed: string[] = [];
  const late = new LateLogs((lines) => passed.push(...texts(lines)));
  const comesBackWith = (...past: string[]): void => {
    late.again();
    vi.advanceTimersByTime(2_000);
    expect(late.take(past.map((text) => line(text)))).toEqual([]);
  };
  late.take(['a', 'b', 'c'].map((text) => line(text)));
  comesBackWith('a', 'b', 'c', 'd');
  vi.advanceTimersByTime(2_000);
  expect(passed).toEqual(['d']);
  comesBackWith('b', 'c', 'd', 'e');
  late.close();
  vi.advanceTimersByTime(2_000);
  expect(passed).toEqual(['d']);
});

test('bars span two minutes at least and half an hour at most, and take no more memory than that', () => {
  const volume = new LogVolume();
  for (let second = 0; second < 7_200; second++) volume.add(second * 1_000, 10, second % 10 === 0 ? 1 : 0);
  const bars = volume.bars(7_200_000);
  expect(bars).toHaveLength(BARS);
  expect(bars.reduce((sum, { lines }) => sum + lines, 0)).toBeGreaterThanOrEqual(17_900);
  expect(7_200_000 - (bars[0]?.fromMs ?? 0)).toBeLessThanOrEqual(31 * 60_000);
  volume.clearMatches();
  expect(volume.bars(7_200_000).every(({ matches }) => matches === 0)).toBe(true);
});

test('a line says when it was written, and whether it names its zone', () => {
  const ms = Date.UTC(2026, 10, 26, 10, 13, 59);
  const at = { kind: 'instant', ms };
  expect(writtenAt('2026-11-26T10:13:59Z GET /')).toEqual(at);
  expect(writtenAt('2026-11-26 10:13:59 UTC [1] LOG: ready')).toEqual(at);
  expect(writtenAt('[2026-11-26 12:13:59,000 +0200] worker: up')).toEqual(at);
  expect(writtenAt('2026-11-26 12:13:59.000123+02:00 worker: up')).toEqual(at);
  expect(writtenAt('10.0.0.1 - - [26/Nov/2026:05:13:59 -0500] "GET / HTTP/1.1" 200')).toEqual(at);
  expect(writtenAt(`{"level":30,"time":${ms},"msg":"up"}`)).toEqual(at);
  expect(writtenAt(`{"ts":${ms / 1000},"msg":"up"}`)).toEqual(at);
  expect(writtenAt('2026-11-26 10:13:59,250 INFO without a zone')).toEqual({ kind: 'local', ms: ms + 250 });
  expect(writtenAt('2026/11/26 10:13:59 [error] 7#7: without a zone')).toEqual({ kind: 'local', ms });
  expect(writtenAt('2026-99-26T10:13:59Z is no day')).toBeNull();
});

test('what was there before stands where it says, its stack trace with it, and the rest is counted as untimed', () => {
  const times = new PastTimes();
  times.opened(0);
  const now = Date.UTC(2026, 10, 26, 10, 20);
  const came = (text: string, source = 'a'): TailLine => ({ ...line(text, source), atMs: now });
  const written = now - 360_000;
  expect(times.place(came('2026-11-26T10:14:00Z failed'), 100)).toBe(written);
  expect(times.place(came('  at main.js:3'), 100)).toBe(written);
  expect(times.place(came('no time at all', 'b'), 100)).toBeNull();
  expect(times.place(came('2026-11-26 10:14:00 no zone', 'b'), 100)).toBeNull();
  expect(times.untimed).toBe(2);
  expect(times.place(came('2026-11-26T10:14:00Z a polled host tells late', 'c'), 3_000)).toBe(written);
  expect(times.place(came('2026-11-26T10:20:00Z just now', 'c'), 3_100)).toBe(now);
  expect(times.place(came('2026-11-26 05:19:59 just now, somewhere', 'd'), 3_100)).toBe(now);
  expect(times.place(came('2026-11-26 05:14:00 now in no zone', 'd'), 3_200)).toBeNull();
  expect(times.place(came('2026-11-26T10:14:00Z copied from elsewhere', 'c'), 60_000)).toBe(now);
});

test('a past without zones is placed once lines seen as they came agree on one, its stack trace with it', () => {
  const times = new PastTimes();
  times.opened(0);
  const now = Date.UTC(2026, 10, 26, 10, 20);
  const zoneless = (text: string, atMs = now): Kept => ({
    ...kept(0),
    line: { ...line(text), atMs },
    barMs: atMs,
  });
  const past = ['no time yet', '2026-11-26 11:14:00,5 failed', '  at main.js:3'].map((text) =>
    zoneless(text),
  );
  for (const one of past) one.barMs = times.place(one.line, 100);
  expect(past.map(({ barMs }) => barMs)).toEqual([null, null, null]);
  const live = ['11:20:01', '11:20:02', '11:20:03'].map((time, at) =>
    zoneless(`2026-11-26 ${time} up`, now + 1_000 * (at + 1)),
  );
  expect(live.map((one, at) => times.learn([one], 1_000 * (at + 1)))).toEqual([false, false, true]);
  expect(times.placeAgain([...past, ...live])).toEqual(past.slice(1));
  expect(past.map(({ barMs }) => barMs)).toEqual([null, now - 359_500, now - 359_500]);
  expect(times.untimed).toBe(1);
  times.clear();
  times.opened(60_000);
  expect(times.place(zoneless('2026-11-26 11:13:59 asked for again').line, 60_100)).toBe(now - 361_000);
});

test('an offset is known after lines that agree and came apart, not after one block that is late', () => {
  const now = Date.UTC(2026, 10, 26, 10, 20);
  const hour = 3_600_000;
  const zones = new LogZones();
  const block = [-900_300, -900_200, -900_100, -900_000].map((late) => zones.hear('late', now + late, now));
  expect(block).toEqual([false, false, false, false]);
  expect(zones.instant('late', now, now)).toBeNull();
  const hear = (log: string, offsetMs: number, n: number): boolean =>
    zones.hear(log, now + n * 2_000 + offsetMs - 900, now + n * 2_000);
  expect([0, 1, 2, 3].map((n) => hear('katmandu', 5.75 * hour, n))).toEqual([false, false, true, false]);
  expect(zones.instant('katmandu', now + 4.75 * hour, now)).toBe(now - hour);
  expect([0, 1, 2, 3, 4].map((n) => hear('two clocks', (n % 2) * hour, n))).not.toContain(true);
  expect([0, 1, 2, 3].map((n) => hear('wrong clock', 420_000, n))).not.toContain(true);
  expect([0, 1, 2, 3].map((n) => hear('no zone is so far', 20 * hour, n))).not.toContain(true);
  for (const n of [0, 1, 2]) hear('the quarter before', -900_000, n);
  expect(zones.instant('the quarter before', now, now)).toBeNull();
  hear('katmandu', hour, 5);
  expect(zones.instant('katmandu', now, now)).toBeNull();
});

test('every zone whose clocks change does so as one of the list', () => {
  const weeks = Array.from({ length: 53 }, (_, week) => Date.UTC(2026, 0, 1 + 7 * week));
  const yearOf = (zone: string): string => {
    const clock = clockOf(zone);
    return weeks.map((ms) => shownBy(clock, ms)).join();
  };
  const listed = new Set(CHANGING.map(yearOf));
  const others = Intl.supportedValuesOf('timeZone').filter((zone) => {
    const year = yearOf(zone);
    return new Set(year.split(',')).size > 1 && !listed.has(year);
  });
  expect(others).toEqual([]);
});

test('what was written before a zone changed its summer time stands nowhere', () => {
  const hour = 3_600_000;
  const winter = Date.UTC(2026, 9, 25, 1, 30); // half an hour after it began in Berlin
  const zones = new LogZones();
  for (const n of [0, 1, 2]) zones.hear('berlin', winter + hour + n * 1_000, winter + n * 1_000);
  expect(zones.instant('berlin', winter + hour - 600_000, winter)).toBe(winter - 600_000);
  expect(zones.instant('berlin', winter, winter)).toBeNull();
  expect(zones.instant('berlin', Date.UTC(2026, 9, 24, 12), winter)).toBeNull();
  expect(zones.instant('berlin', winter + hour, Date.UTC(2027, 6, 1))).toBeNull();
});

test('the past of several logs is merged by the times its lines carry, where most of them carry one', () => {
  const written = (n: number, source: string, barMs: number | null): Kept => ({
    ...kept(n),
    line: { ...line(`${source}${n}`, source), atMs: 100 },
    barMs,
  });
  const order = (memory: LogMemory): string =>
    memory.lines.map(({ line: { source }, n }) => `${source}${n}`).join(' ');
  const timed = new LogMemory({ lines: 100, chars: 10_000 });
  timed.add([written(0, 'a', 10), written(1, 'a', null), written(2, 'a', 40)]);
  timed.add([written(3, 'b', 20), written(4, 'b', 50), written(5, 'c', 100)]);
  expect(timed.mergePast()).toBe(true);
  expect(texts(timed.lines.map((one) => one.line))).toEqual(['a0', 'a1', 'b3', 'a2', 'b4', 'c5']);
  expect(order(timed)).toBe('a0 a1 b2 a3 b4 c5');
  expect(timed.mergePast()).toBe(false);
  const untimed = new LogMemory({ lines: 100, chars: 10_000 });
  untimed.add([written(0, 'a', null), written(1, 'a', null), written(2, 'b', 50), written(3, 'c', 10)]);
  untimed.add([written(4, 'c', null)]);
  expect(untimed.mergePast()).toBe(false);
});

test('plain text is looked for as it stands, an expression as one, and a broken one says why', () => {
  const plain = compiled({ find: 'a.b', regex: false });
  expect(plain.kind === 'ready' && plain.marks.test('axb')).toBe(false);
  expect(forHub({ find: 'a.b', regex: false })).toBe('(?i)a\\.b');
  expect(forHub({ find: 'a|b', regex: true })).toBe('(?i)a|b');
  expect(compiled({ find: '(', regex: true })).toMatchObject({ kind: 'wrong' });
  expect(forHub({ find: '', regex: true })).toBeUndefined();
});

test('every view of the logs is a link', () => {
  const link =
    '/logs?target=%23prod%2Fweb%3Agun*&off=web-01%2Fweb%3Astatic&find=a%7Cb&regex=1&only=1&stream=stderr';
  expect(logLink(logStateOf(new URLSearchParams(link.slice('/logs'.length))))).toBe(link);
  expect(logLink(logStateOf(new URLSearchParams('')))).toBe('/logs');
});

test('colours out of millions become the nearest with a name; no style attribute is left', () => {
  const html =
    '<span style="color:rgb(250,90,80)">a</span><span style="font-weight:bold" class="ansi-green-fg">b</span>';
  expect(inPalette(html)).toBe(
    '<span class="ansi-bright-red-fg">a</span><span class="ansi-green-fg ansi-bold">b</span>',
  );
  expect(inPalette('&lt;span style="color:red"&gt;')).toBe('&lt;span style="color:red"&gt;');
});
