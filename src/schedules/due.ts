import type { Schedule } from '../fleet/schedule.ts';
import { type CronTimes, lastTime } from './cron.ts';

/** Later than this is missed: the hub was away, or the clock jumped. */
export const IN_TIME_MS = 60_000;
const MINUTE_MS = 60_000;
const MOST_COUNTED = 1_000;

/** What is to be done about the times that passed. */
export interface Due {
  readonly atMs: number;
  readonly what: 'run' | 'run late' | 'leave out';
  /** How many times passed, counted up to a thousand: one of them is run, or none. */
  readonly times: number;
}

/** Of the times in `(doneUntilMs, nowMs]` at most the last is run. Null: none passed. */
export function dueNow(
  times: CronTimes,
  doneUntilMs: number,
  nowMs: number,
  { missed, missedMinutes }: Pick<Schedule, 'missed' | 'missedMinutes'>,
): Due | null {
  const atMs = lastTime(times, doneUntilMs, nowMs);
  if (atMs === null) return null;
  const lateMs = nowMs - atMs;
  const isWanted = missed === 'once' && lateMs <= missedMinutes * MINUTE_MS;
  const what = lateMs <= IN_TIME_MS ? 'run' : isWanted ? 'run late' : 'leave out';
  return { atMs, what, times: countUntil(times, doneUntilMs, atMs) };
}

function countUntil(times: CronTimes, afterMs: number, untilMs: number): number {
  let count = 0;
  for (let at = times.after(afterMs); at !== null && at <= untilMs; at = times.after(at))
    if (++count === MOST_COUNTED) break;
  return count;
}
