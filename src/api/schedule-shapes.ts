import { z } from 'zod';
import type { Told } from '../fleet/said.ts';
import { MISSED, RUN_CAUSES, RUN_STATES, type ScheduleRun } from '../fleet/schedule.ts';
import { plan } from './action-shapes.ts';
import { said } from './said-shape.ts';
import { actionRequest } from './schemas.ts';
import { shapeOf } from './shape.ts';
import { atMs, count } from './words.ts';

/** As it is asked for: what is left out has its default. */
export const scheduledActionWish = actionRequest.omit({ confirm: true });
const scheduledAction = scheduledActionWish.meta({
  id: 'ScheduledAction',
  description: 'What is done each time: a request to begin an action, without the typed word.',
});

const why = shapeOf<Told>()(z.strictObject({ says: z.string(), said: said.exactOptional() }));

export const scheduleRun = shapeOf<ScheduleRun>()(
  z
    .strictObject({
      id: z.int().describe('Grows with every run.'),
      dueAtMs: atMs,
      cause: z
        .enum(RUN_CAUSES)
        .describe('`due`: in time; `late`: once the hub was back; `hand`: asked for by somebody.'),
      state: z
        .enum(RUN_STATES)
        .describe('`beginning`: written down, its action is not begun yet; `skipped`: left out on purpose.'),
      beganAtMs: atMs.describe('When it was written down.'),
      endedAtMs: atMs.nullable(),
      askedBy: z.string().nullable().describe('Who asked for it by hand.'),
      why: why.nullable().describe('Why it failed or was skipped.'),
      actionId: z.string().nullable(),
    })
    .meta({ id: 'ScheduleRun', description: 'One time a schedule was due, and what became of it.' }),
);

const written = {
  id: z.string(),
  name: z.string(),
  cron: z.string(),
  timeZone: z.string(),
  action: scheduledAction,
  confirmed: z
    .array(z.string())
    .describe(
      'Protected environments that were typed when it was saved: of those it touches no others. Of reload and shutdown also the verb.',
    ),
  enabled: z.boolean(),
  stopped: why.nullable().describe('Why the hub paused it itself.'),
  missed: z.enum(MISSED),
  missedMinutes: z.int(),
  owner: z.string().describe('Who saved it last: it runs in their rights.'),
};

export const scheduleView = z
  .strictObject({
    ...written,
    nextAtMs: atMs.nullable().describe('Null while it is paused.'),
    last: scheduleRun.nullable(),
    mayChange: z.boolean().describe('Whether the asker may change, pause, run and remove it.'),
  })
  .meta({ id: 'Schedule', description: 'An action at certain times, in the rights of its owner.' });

export const schedulePreview = z
  .strictObject({
    nextAtMs: z.array(atMs).describe('The next five times.'),
    plan: plan.describe('What it would touch now.'),
    confirm: z
      .string()
      .nullable()
      .describe(
        'It names protected environments, or ends supervisors: what has to be sent as `confirm` to save it, or to run it by hand.',
      ),
    refused: why.nullable().describe('Why it cannot be saved.'),
  })
  .meta({ id: 'SchedulePreview', description: 'When a schedule would run, and what it would touch.' });

export const runPage = z
  .strictObject({
    runs: z.array(scheduleRun).describe('Newest first.'),
    next: count.nullable().describe('Goes on with this as `before`; null: there are no more.'),
  })
  .meta({ id: 'ScheduleRunPage' });
