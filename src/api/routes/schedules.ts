import { z } from 'zod';
import type { Accounts } from '../../accounts/accounts.ts';
import type { Clock } from '../../clock.ts';
import type { ActionRunner } from '../../control/action-runner.ts';
import type { FleetState } from '../../control/fleet-state.ts';
import type { Schedule } from '../../fleet/schedule.ts';
import { nextTimes } from '../../schedules/cron.ts';
import { planRun, protectionOfSchedule } from '../../schedules/plan-run.ts';
import { mayChangeSchedule, seesSchedule } from '../../schedules/schedule-sight.ts';
import type { Scheduler } from '../../schedules/scheduler.ts';
import type { Schedules, StoredSchedule } from '../../store/schedules.ts';
import { randomId } from '../../store/secret.ts';
import type { Settings } from '../../store/settings.ts';
import { note } from '../audited.ts';
import type { ScheduleView } from '../contract.ts';
import { ApiProblem } from '../problems.ts';
import { type Call, guardedRoute, type Route } from '../route.ts';
import * as schemas from '../schedule-schemas.ts';
import * as shapes from '../schedule-shapes.ts';
import { jsonObject, sendLarge } from '../send-large.ts';
import type { LineStreamPorts } from '../stream-lines.ts';
import { etagOf, mustBeCurrent } from '../versions.ts';
import { isTaken, mustBeSavable, mustBeTyped, readSchedule } from './saved-schedule.ts';

export interface SchedulePorts extends LineStreamPorts {
  readonly fleet: FleetState;
  readonly actions: ActionRunner;
  readonly settings: Settings;
  readonly schedules: Schedules;
  readonly scheduler: Scheduler;
  readonly accounts: Accounts;
  readonly clock: Clock;
}

const MOST = 200;
const SHOWN_TIMES = 5;

/** Actions at certain times: what they do, when, in whose rights, and what became of them. */
export function scheduleRoutes(ports: SchedulePorts): Route[] {
  const { schedules, scheduler, clock } = ports;
  return [
    guardedRoute({
      method: 'get',
      path: '/schedules',
      right: 'see-fleet',
      says: 'Lists schedules by name: one’s own, and those that name something one sees.',
      answers: { 200: z.array(shapes.scheduleView) },
      run({ res, visitor: { person } }) {
        const seen = schedules.all().filter((stored) => seesSchedule(person, stored, ports.fleet));
        res.json(seen.map((stored) => viewOf(stored, person, ports)));
      },
    }),
    guardedRoute({
      method: 'post',
      path: '/schedules/preview',
      right: 'see-fleet',
      changes: 'nothing',
      says: 'Tells when a schedule would run and what it would touch now; keeps nothing.',
      body: schemas.schedulePreview,
      answers: { 200: shapes.schedulePreview },
      problems: ['unusable'],
      async run(call) {
        const read = await readSchedule(call.body, call.visitor.person, clock.wallMs(), ports);
        const nextAtMs = nextTimes(read.times, clock.wallMs(), SHOWN_TIMES);
        const confirm = read.typed.length === 0 ? null : read.typed.join(' ');
        return sendLarge(
          call,
          jsonObject({ nextAtMs, plan: read.plan, confirm, refused: read.refused }),
          ports,
        );
      },
    }),
    guardedRoute({
      method: 'post',
      path: '/schedules',
      right: 'act',
      says: 'Adds a schedule, which runs in the rights of whoever adds it.',
      body: schemas.newSchedule,
      answers: { 201: shapes.scheduleView },
      problems: ['unusable', 'not-confirmed'],
      async run(call) {
        if (schedules.all().length >= MOST)
          throw new ApiProblem('unusable', {
            problems: [
              { where: 'name', says: `there are ${MOST} schedules already`, hint: 'Remove one first.' },
            ],
          });
        const { confirm, ...wish } = call.body;
        const stored = await saved({ id: randomId('s'), stopped: null, ...wish }, confirm, call, ports);
        schedules.add(stored, clock.wallMs());
        scheduler.changed();
        note(call.req, { target: stored.schedule.name, after: stored.schedule });
        send(call, stored, ports, 201);
      },
    }),
    guardedRoute({
      method: 'get',
      path: '/schedules/:id',
      right: 'see-fleet',
      says: 'Gives one schedule; send its `etag` as `if-match` with a change.',
      answers: { 200: shapes.scheduleView },
      run: (call) => send(call, asked(call, ports), ports),
    }),
    guardedRoute({
      method: 'patch',
      path: '/schedules/:id',
      right: 'act',
      says: 'Changes a schedule; what is left out stays. It runs in the rights of whoever changes it from then on.',
      body: schemas.schedulePatch,
      headers: ['if-match'],
      answers: { 200: shapes.scheduleView },
      problems: ['unusable', 'not-confirmed'],
      async run(call) {
        const before = changeable(call, ports);
        mustBeCurrent(call, before.schedule);
        const { confirm, ...wish } = call.body;
        const given = Object.entries(wish).filter(([, value]) => value !== undefined);
        const after = await saved({ ...before.schedule, ...Object.fromEntries(given) }, confirm, call, ports);
        mustBeCurrent(call, changeable(call, ports).schedule); // others may have had the hub in between
        schedules.change(after);
        scheduler.changed();
        note(call.req, { target: after.schedule.name, before: before.schedule, after: after.schedule });
        send(call, after, ports);
      },
    }),
    guardedRoute({
      method: 'post',
      path: '/schedules/:id/pause',
      right: 'act',
      says: 'Pauses a schedule: what is due meanwhile is left out.',
      answers: { 200: shapes.scheduleView },
      run(call) {
        const stored = changeable(call, ports);
        const schedule = { ...stored.schedule, enabled: false, stopped: null };
        change(call, { ...stored, schedule }, ports);
      },
    }),
    guardedRoute({
      method: 'post',
      path: '/schedules/:id/resume',
      right: 'act',
      says: 'Lets a paused schedule run again, in the rights of its owner.',
      answers: { 200: shapes.scheduleView },
      problems: ['not-possible'],
      async run(call) {
        const asked = changeable(call, ports);
        const planned = await planRun(asked, ports.accounts.owner(asked.ownerId), ports);
        const stored = changeable(call, ports);
        if (planned.kind === 'stops') throw new ApiProblem('not-possible', { detail: planned.why.says });
        const schedule = { ...stored.schedule, enabled: true, stopped: null };
        const doneUntilMs = stored.schedule.enabled ? stored.doneUntilMs : clock.wallMs();
        change(call, { ...stored, schedule, doneUntilMs }, ports);
      },
    }),
    guardedRoute({
      method: 'post',
      path: '/schedules/:id/run',
      right: 'act',
      says: 'Runs a schedule once, now, in the rights of its owner, also while it is paused.',
      body: schemas.runNow,
      answers: { 202: shapes.scheduleRun },
      problems: ['not-confirmed'],
      async run(call) {
        const stored = changeable(call, ports);
        const planned = await planRun(stored, ports.accounts.owner(stored.ownerId), ports);
        if (planned.kind === 'planned')
          mustBeTyped(
            protectionOfSchedule(stored.schedule.action, planned.plan, ports).typed,
            call.body.confirm,
          );
        const run = await scheduler.runNow(stored, call.visitor.person.name);
        note(call.req, { target: stored.schedule.name, after: run });
        call.res.status(202).json(run);
      },
    }),
    guardedRoute({
      method: 'delete',
      path: '/schedules/:id',
      right: 'act',
      says: 'Removes a schedule; for ten minutes it can be restored. What it has begun goes on.',
      headers: ['if-match'],
      answers: { 204: 'nothing' },
      run(call) {
        const { schedule } = changeable(call, ports);
        mustBeCurrent(call, schedule);
        schedules.setRemoved(schedule.id, clock.wallMs());
        scheduler.changed();
        note(call.req, { target: schedule.name, before: schedule });
        call.res.status(204).end();
      },
    }),
    guardedRoute({
      method: 'post',
      path: '/schedules/:id/restore',
      right: 'act',
      says: 'Brings back a schedule that was removed lately.',
      answers: { 200: shapes.scheduleView },
      problems: ['not-possible'],
      run(call) {
        const stored = changeable(call, ports, 'removed');
        const { id, name } = stored.schedule;
        if (isTaken(name, id, schedules))
          throw new ApiProblem('not-possible', { detail: 'its name was given to another one' });
        schedules.setRemoved(id, null);
        change(call, { ...stored, doneUntilMs: clock.wallMs() }, ports);
      },
    }),
    guardedRoute({
      method: 'get',
      path: '/schedules/:id/runs',
      right: 'see-fleet',
      says: 'Lists the runs of a schedule, newest first, each with what became of it.',
      query: schemas.runsQuery,
      answers: { 200: shapes.runPage },
      run(call) {
        const { limit, before } = call.query;
        const some = schedules.runsOf(asked(call, ports).schedule.id, limit + 1, before);
        const runs = some.slice(0, limit);
        call.res.json({ runs, next: some.length > limit ? (runs.at(-1)?.id ?? null) : null });
      },
    }),
  ];
}

/** A schedule as whoever asks saves it: it is theirs from now on, and nothing that has passed is made up for. */
async function saved(
  wish: Omit<Schedule, 'owner' | 'confirmed' | 'action'> & Pick<Parameters<typeof readSchedule>[0], 'action'>,
  confirm: string | undefined,
  { visitor: { person } }: Call,
  ports: SchedulePorts,
): Promise<StoredSchedule> {
  const nowMs = ports.clock.wallMs();
  const read = await readSchedule(wish, person, nowMs, ports);
  mustBeSavable(read, wish, confirm, ports.schedules);
  const schedule = { ...wish, action: read.action, confirmed: read.typed, owner: person.name };
  return { schedule, ownerId: person.userId, limit: person.limit ?? null, doneUntilMs: nowMs };
}

function change(call: Call, stored: StoredSchedule, ports: SchedulePorts): void {
  ports.schedules.change(stored);
  ports.scheduler.changed();
  note(call.req, { target: stored.schedule.name, after: stored.schedule });
  send(call, ports.schedules.byId(stored.schedule.id) ?? stored, ports);
}

/** With its version. Never 304: the times are of this moment. */
function send(call: Call, stored: StoredSchedule, ports: SchedulePorts, status = 200): void {
  const { req, res, visitor } = call;
  delete req.headers['if-none-match'];
  res
    .status(status)
    .set('etag', etagOf(stored.schedule))
    .json(viewOf(stored, visitor.person, ports));
}

function viewOf(
  stored: StoredSchedule,
  person: Call['visitor']['person'],
  ports: SchedulePorts,
): ScheduleView {
  const { schedule } = stored;
  return {
    ...schedule,
    nextAtMs: ports.scheduler.nextMs(schedule),
    last: ports.schedules.runsOf(schedule.id, 1)[0] ?? null,
    mayChange: mayChangeSchedule(person, stored),
  };
}

function asked(
  { req, visitor }: Call,
  { schedules, fleet }: SchedulePorts,
  which: 'there' | 'removed' = 'there',
): StoredSchedule {
  const stored = schedules.byId(String(req.params.id), which);
  if (stored === null || !seesSchedule(visitor.person, stored, fleet)) throw new ApiProblem('not-found');
  return stored;
}

function changeable(call: Call, ports: SchedulePorts, which: 'there' | 'removed' = 'there'): StoredSchedule {
  const stored = asked(call, ports, which);
  if (mayChangeSchedule(call.visitor.person, stored)) return stored;
  throw new ApiProblem('not-allowed', { detail: 'it may touch what is beyond your rights' });
}
