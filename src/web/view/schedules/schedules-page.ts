import { mapLoaded } from '../loaded.ts';
import type { PageMaker } from '../page.ts';
import { mayAct } from '../reader.ts';
import { shown } from '../settings/part.ts';
import { tree } from '../side.ts';
import { scheduleReads } from './reads.ts';
import { runLine, scheduleLine } from './schedule-line.ts';

const FIRST_COMMAND =
  "fleetvisor schedules add nightly restart group worker --rolling --cron '0 3 * * *' --dry-run";

/** What is done at which times. */
export const schedulesPage: PageMaker = (world, reader, { get }) => ({
  nav: 'actions',
  title: reader.say('nav.schedules'),
  found: true,
  side: { template: 'partials/tree', model: tree(world, reader, {}) },
  main: {
    template: 'pages/schedules',
    model: {
      mayAdd: mayAct(reader),
      command: FIRST_COMMAND,
      list: shown(get(scheduleReads.all()), (all) => all.map((one) => scheduleLine(one, reader))),
    },
  },
});

/** One schedule with its runs, newest first. */
export const schedulePage: PageMaker = (world, reader, { parts: [id = ''], params, get }) => {
  const schedule = get(scheduleReads.one(id));
  const before = params.get('before') ?? '';
  const runs = get(scheduleReads.runs(id, /^\d{1,15}$/.test(before) ? before : ''));
  const next = mapLoaded(runs, (page) => page.next, null);
  return {
    nav: 'actions',
    title: mapLoaded(schedule, ({ name }) => name, reader.say('nav.schedules')),
    found: schedule.kind !== 'problem' || schedule.problem.status !== 404,
    side: { template: 'partials/tree', model: tree(world, reader, {}) },
    main: {
      template: 'pages/schedule',
      model: {
        one: shown(schedule, (one) => scheduleLine(one, reader)),
        runs: shown(runs, (page) => page.runs.map((run) => runLine(run, reader))),
        newest: before === '' ? null : `/schedules/${encodeURIComponent(id)}`,
        older: next === null ? null : `/schedules/${encodeURIComponent(id)}?before=${next}`,
      },
    },
  };
};
