import { Router } from 'express';
import type { SchedulePreview, ScheduleRun, ScheduleView } from '../../src/api/contract.ts';
import { told } from '../../src/fleet/said.ts';

const HOUR_MS = 3_600_000;

/** Schedules of the made-up fleet: one that went well, one that the hub stopped, one that is paused and never ran. */
export function madeUpSchedules(nowMs: () => number) {
  const run = (id: number, hours: number, more: Partial<ScheduleRun> = {}): ScheduleRun => ({
    id,
    dueAtMs: nowMs() - hours * HOUR_MS,
    cause: 'due',
    state: 'done',
    beganAtMs: nowMs() - hours * HOUR_MS,
    endedAtMs: nowMs() - hours * HOUR_MS,
    askedBy: null,
    why: null,
    actionId: 'a-101',
    ...more,
  });
  const gone = told('schedule.ownerGone', { owner: 'tom' });
  const runs = [
    run(9, 4),
    run(8, 28, { state: 'skipped', why: told('schedule.overlaps'), actionId: null }),
    run(7, 52, { state: 'failed', cause: 'late', why: told('schedule.outcome', { failed: 2, n: 8 }) }),
    run(6, 53, { cause: 'hand', askedBy: 'mei' }),
  ];
  const schedule = (id: string, more: Partial<ScheduleView>): ScheduleView => ({
    id,
    name: 'nightly workers',
    cron: '30 2 * * *',
    timeZone: 'Asia/Shanghai',
    action: { verb: 'restart', selector: 'group worker' },
    confirmed: ['prod'],
    enabled: true,
    stopped: null,
    missed: 'once',
    missedMinutes: 90,
    owner: 'mei',
    nextAtMs: nowMs() + 20 * HOUR_MS,
    last: runs[0] ?? null,
    mayChange: true,
    ...more,
  });
  const all = [
    schedule('s_1', {}),
    schedule('s_2', {
      name: 'the batch of the whole department of billing and of shipping stops',
      action: { verb: 'stop', selector: 'env=prod/batch*:* env=stage/batch*:*' },
      enabled: false,
      stopped: gone,
      nextAtMs: null,
      owner: 'tom',
      last: run(5, 30, { state: 'failed', why: gone, actionId: null }),
    }),
    schedule('s_3', { name: 'rotate', cron: '@daily', enabled: false, nextAtMs: null, last: null }),
  ];
  const preview: SchedulePreview = {
    nextAtMs: [20, 44, 68, 92, 116].map((hours) => nowMs() + hours * HOUR_MS),
    plan: { verb: 'restart', selector: 'group worker', targets: [], leftAlone: [], hosts: [] },
    confirm: 'prod',
    refused: null,
  };
  return { all, runs, preview };
}

/** The same over the API, as browsers ask for it. */
export function madeUpScheduleRoutes(nowMs: () => number): Router {
  const made = madeUpSchedules(nowMs);
  const router = Router();
  router.get('/schedules', (_req, res) => void res.json(made.all));
  router.get(
    '/schedules/:id',
    ({ params }, res) => void res.json(made.all.find(({ id }) => id === params.id)),
  );
  router.get('/schedules/:id/runs', (_req, res) => void res.json({ runs: made.runs, next: 6 }));
  router.post('/schedules/preview', (_req, res) => void res.json(made.preview));
  return router;
}
