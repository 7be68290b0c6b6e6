import { expect, test } from 'vitest';
import { cronTimes, lastTime, nextTimes } from '../../src/schedules/cron.ts';
import { dueNow } from '../../src/schedules/due.ts';

const at = (iso: string): number => Date.parse(iso);
const iso = (ms: number | null): string | null =>
  ms === null ? null : `${new Date(ms).toISOString().slice(0, 16)}Z`;

function timesOf(cron: string, zone = 'UTC') {
  const times = cronTimes(cron, zone);
  if (!times.ok) throw new Error(JSON.stringify(times.problems));
  return times.value;
}
const next = (cron: string, zone: string, from: string, count = 3): (string | null)[] =>
  nextTimes(timesOf(cron, zone), at(from), count).map(iso);

test.each([
  ['30 2 * * *', 'Europe/Berlin', '2026-03-28T12:00Z', ['2026-03-29T01:00Z', '2026-03-30T00:30Z']],
  ['30 2 * * *', 'America/New_York', '2026-03-07T12:00Z', ['2026-03-08T07:00Z', '2026-03-09T06:30Z']],
  ['15 2 * * *', 'Australia/Lord_Howe', '2026-10-03T12:00Z', ['2026-10-03T15:30Z', '2026-10-04T15:15Z']],
])(
  '%s in %s, on the day the clock leaves it out, comes when the clock goes on',
  (cron, zone, from, times) => {
    expect(next(cron, zone, from, 2)).toEqual(times);
  },
);

test.each([
  ['30 2 * * *', 'Europe/Berlin', '2026-10-24T12:00Z', ['2026-10-25T00:30Z', '2026-10-26T01:30Z']],
  ['30 1 * * *', 'America/New_York', '2026-10-31T12:00Z', ['2026-11-01T05:30Z', '2026-11-02T06:30Z']],
])('%s in %s, on the day the clock has it twice, comes once, the first time', (cron, zone, from, times) => {
  expect(next(cron, zone, from, 2)).toEqual(times);
});

test.each(['*/30 * * * *', '0 * * * *', '@hourly'])('%s goes on through both days of the year', (cron) => {
  for (const from of ['2026-03-28T22:00Z', '2026-10-24T22:00Z']) {
    const times = nextTimes(timesOf(cron, 'Europe/Berlin'), at(from), 12);
    const steps = new Set(times.slice(1).map((time, index) => time - (times[index] ?? 0)));
    expect([...steps]).toEqual([cron === '*/30 * * * *' ? 1_800_000 : 3_600_000]);
  }
});

test.each([
  ['@daily', ['2026-11-27T00:00Z', '2026-11-28T00:00Z']],
  ['0 9 * * 1-5', ['2026-11-26T09:00Z', '2026-11-27T09:00Z']],
  ['0 0 1 * MON', ['2026-11-30T00:00Z', '2026-12-01T00:00Z']],
  ['0 0 29 2 *', ['2028-02-29T00:00Z', '2032-02-29T00:00Z']],
  ['0 0 30 2 *', []],
])('%s is due when cron says', (cron, times) => {
  expect(next(cron, 'UTC', '2026-11-26T00:00Z', 2)).toEqual(times);
});

test.each([
  '* * * *',
  '0 * * * * *',
  '60 * * * *',
  '@reboot',
  '@every 5m',
  '2026-01-01T00:00:00',
  'every day',
  '',
])('%j is refused with how to write it', (cron) => {
  expect(cronTimes(cron, 'UTC')).toMatchObject({
    ok: false,
    problems: [{ where: 'cron', hint: expect.stringContaining('0 3 * * *') }],
  });
});

test('a time zone that there is not is refused', () => {
  expect(cronTimes('@daily', 'Mars/Olympus')).toMatchObject({ ok: false, problems: [{ where: 'timeZone' }] });
});

test('the last time before now is found among however many', () => {
  const every = timesOf('* * * * *');
  expect(iso(lastTime(every, at('2020-01-01T00:00Z'), at('2026-11-26T10:00:30Z')))).toBe('2026-11-26T10:00Z');
  expect(lastTime(every, at('2026-11-26T10:00Z'), at('2026-11-26T10:00:59Z'))).toBeNull();
  const yearly = timesOf('0 0 1 1 *');
  expect(iso(lastTime(yearly, at('2020-06-01T00:00Z'), at('2026-11-26T00:00Z')))).toBe('2026-01-01T00:00Z');
  expect(iso(lastTime(yearly, at('2025-06-01T00:00Z'), at('2026-01-01T00:00Z')))).toBe('2026-01-01T00:00Z');
});

test('of what passed at most the last is run: in time, late within its bound, or not at all', () => {
  const hourly = timesOf('@hourly');
  const look = (from: string, now: string, missed: 'skip' | 'once', missedMinutes = 30) =>
    dueNow(hourly, at(from), at(now), { missed, missedMinutes });
  expect(look('2026-11-26T09:59Z', '2026-11-26T10:00:01Z', 'skip')).toMatchObject({ what: 'run', times: 1 });
  expect(look('2026-11-26T09:59Z', '2026-11-26T10:20Z', 'skip')).toMatchObject({ what: 'leave out' });
  expect(look('2026-11-26T07:59Z', '2026-11-26T10:20Z', 'once')).toMatchObject({
    what: 'run late',
    times: 3,
  });
  expect(look('2026-11-26T09:59Z', '2026-11-26T10:40Z', 'once')).toMatchObject({ what: 'leave out' });
  expect(look('2026-11-26T10:00Z', '2026-11-26T10:40Z', 'once')).toBeNull();
  expect(look('2020-01-01T00:00Z', '2026-11-26T10:20Z', 'once')).toMatchObject({ times: 1_000 });
});
