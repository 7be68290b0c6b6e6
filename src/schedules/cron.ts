import { Cron } from 'croner';
import { asDate } from '../clock.ts';
import type { Parsed } from '../fleet/problem.ts';

/** When something is due, by a cron expression in a time zone. */
export interface CronTimes {
  /** The first time after this one; null: never. */
  after(atMs: number): number | null;
}

const NICKNAME = /^@(?:yearly|annually|monthly|weekly|daily|midnight|hourly)$/i;
const FIVE_FIELDS = /^\S+(?: \S+){4}$/;

/**
 * Reads five fields or a nickname. A time that the clock leaves out comes when the clock goes on (02:30 at 03:00), one
 * that it has twice comes the first time; what is due every few minutes or every hour goes on through both.
 */
export function cronTimes(expression: string, timeZone: string): Parsed<CronTimes> {
  if (!isZone(timeZone))
    return no('timeZone', `"${timeZone}" is no time zone`, 'Write it like Europe/Berlin, or UTC.');
  if (!FIVE_FIELDS.test(expression) && !NICKNAME.test(expression))
    return no(
      'cron',
      `"${expression}" has not five fields`,
      'Write minute, hour, day, month and weekday, as in "0 3 * * *", or @daily.',
    );
  try {
    const cron = new Cron(expression, { timezone: timeZone, mode: '5-part' });
    const after = (atMs: number): number | null => cron.nextRun(asDate(atMs))?.getTime() ?? null;
    return { ok: true, value: { after } };
  } catch (error) {
    const says = error instanceof Error ? error.message.replace(/^CronPattern: /, '') : String(error);
    return no('cron', `"${expression}" cannot be read: ${says}`, 'As in "0 3 * * *": every day at 03:00.');
  }
}

export function nextTimes(times: CronTimes, afterMs: number, count: number): number[] {
  const next: number[] = [];
  for (let at = times.after(afterMs); at !== null && next.length < count; at = times.after(at)) next.push(at);
  return next;
}

/** The last time in `(afterMs, untilMs]`, however many there are; null: none. */
export function lastTime(times: CronTimes, afterMs: number, untilMs: number): number | null {
  let last = times.after(afterMs);
  if (last === null || last > untilMs) return null;
  for (let end = untilMs; end - last > 1_000; ) {
    const middle: number = last + Math.floor((end - last) / 2);
    const next = times.after(middle);
    if (next !== null && next <= untilMs) last = next;
    else end = middle;
  }
  return last;
}

function isZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

const no = (where: string, says: string, hint: string): Parsed<never> => ({
  ok: false,
  problems: [{ where, says, hint }],
});
