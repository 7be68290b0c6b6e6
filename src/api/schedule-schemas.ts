import { z } from 'zod';
import { MISSED } from '../fleet/schedule.ts';
import { scheduledActionWish } from './schedule-shapes.ts';

const name = z.string().trim().min(1).max(80);
const cron = z
  .string()
  .trim()
  .min(1)
  .max(200)
  .describe('Minute, hour, day of the month, month, weekday: `0 3 * * 1-5`; or `@daily` and the like.');
const timeZone = z.string().trim().min(1).max(100).describe('IANA: `Europe/Berlin`.');
const missed = z.enum(MISSED).describe('What becomes of a time that passed while the hub was away.');
const missedMinutes = z
  .int()
  .min(1)
  .max(7 * 1_440)
  .describe('With `once`: how long after its time it is still run.');
const confirm = z
  .string()
  .max(1_000)
  .optional()
  .describe('The word that protected environments ask for, once, when it is saved.');

export const newSchedule = z
  .strictObject({
    name,
    cron,
    timeZone: timeZone.default('UTC'),
    action: scheduledActionWish,
    enabled: z.boolean().default(true),
    missed: missed.default('skip'),
    missedMinutes: missedMinutes.default(60),
    confirm,
  })
  .meta({
    example: {
      name: 'nightly workers',
      cron: '0 3 * * *',
      timeZone: 'Europe/Berlin',
      action: { verb: 'restart', selector: 'group worker', pace: { mode: 'rolling' } },
    },
  });

export const schedulePatch = z.strictObject({
  name: name.optional(),
  cron: cron.optional(),
  timeZone: timeZone.optional(),
  action: scheduledActionWish.optional(),
  missed: missed.optional(),
  missedMinutes: missedMinutes.optional(),
  confirm,
});

export const schedulePreview = z
  .strictObject({ cron, timeZone: timeZone.default('UTC'), action: scheduledActionWish })
  .meta({ example: { cron: '@daily', action: { verb: 'restart', selector: 'group worker' } } });

export const runNow = z.strictObject({
  confirm: z.string().max(1_000).optional().describe('The word that protected environments ask for.'),
});

export const runsQuery = z.strictObject({
  before: z.coerce.number().int().min(1).max(Number.MAX_SAFE_INTEGER).optional(),
  limit: z.coerce.number().int().min(1).max(500).default(50),
});
