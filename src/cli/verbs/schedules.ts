import type { ScheduleRun, ScheduleRunPage, ScheduleView } from '../../api/contract.ts';
import { stampText } from '../durations.ts';
import type { HubApi } from '../hub-api.ts';
import { namedOne } from '../named-one.ts';
import { type Paint, paintFor } from '../paint.ts';
import { doesText, missedText } from '../schedule-options.ts';
import { type Cell, table } from '../table.ts';
import { oneLine } from '../terminal-text.ts';
import { type FleetVerb, textOption } from '../verb.ts';

/** What is done at which times, and what became of it. */
export const schedules: FleetVerb = {
  name: 'schedules',
  words: '',
  summary: 'list schedules: what is done when, the next run and the outcome of the last',
  examples: ['fleetvisor schedules', 'fleetvisor schedules show nightly'],
  options: [],
  completes: 'none',
  async run(_words, _given, { io, output, hub }) {
    const list = await hub().get<readonly ScheduleView[]>('/schedules');
    const paint = paintFor(io);
    if (output === 'json') io.json(list);
    else {
      for (const line of table(list.map((one) => rowOf(one, paint)))) io.line(line);
      if (list.length === 0)
        io.note(
          "No schedule. Add one: fleetvisor schedules add nightly restart group worker --rolling --cron '0 3 * * *'",
        );
    }
    return 'done';
  },
};

export const schedulesList: FleetVerb = {
  ...schedules,
  name: 'schedules list',
  summary: 'the same as "schedules"',
  examples: ['fleetvisor schedules list --json'],
};

function rowOf(schedule: ScheduleView, paint: Paint): Cell[] {
  const { name, cron, timeZone, action, owner, last } = schedule;
  return [
    { text: oneLine(name) },
    { text: oneLine(doesText(action)) },
    { text: `${cron} ${timeZone}` },
    { text: nextText(schedule) },
    last === null ? { text: 'never ran' } : runCell(last, paint),
    { text: `as ${oneLine(owner)}` },
  ];
}

function nextText({ enabled, stopped, nextAtMs }: ScheduleView): string {
  if (stopped !== null) return 'stopped';
  if (!enabled) return 'paused';
  return nextAtMs === null ? 'never' : `next ${stampText(nextAtMs)}`;
}

const TONES = {
  beginning: 'quiet',
  running: 'quiet',
  done: 'good',
  failed: 'bad',
  skipped: 'warning',
} as const;

function runCell({ state, dueAtMs }: ScheduleRun, paint: Paint): Cell {
  const text = `${state} ${stampText(dueAtMs)}`;
  return { text, shown: paint(TONES[state], text) };
}

export const schedulesShow: FleetVerb = {
  name: 'schedules show',
  words: '<NAME>',
  summary: 'show a schedule and its last runs, each with what became of it',
  examples: ['fleetvisor schedules show nightly', 'fleetvisor schedules show nightly --limit 100 --json'],
  options: [
    ['--limit <count>', 'runs to show, at most 500 (default: 10)'],
    ['--before <run>', 'go on where a list before ended'],
  ],
  completes: 'schedules',
  async run([name = ''], given, { io, output, hub }) {
    const api = hub();
    const schedule = await namedSchedule(api, name);
    const before = textOption(given, 'before');
    const page = await api.get<ScheduleRunPage>(`${pathOf(schedule)}/runs`, {
      limit: textOption(given, 'limit') ?? '10',
      ...(before === undefined ? {} : { before }),
    });
    if (output === 'json') io.json({ schedule, ...page });
    else {
      const paint = paintFor(io);
      for (const line of scheduleLines(schedule)) io.line(line);
      for (const line of table(page.runs.map((run) => runRow(run, paint)))) io.line(line);
      if (page.next !== null) io.note(`There are more: --before ${page.next}`);
    }
    return 'done';
  },
};

export function scheduleLines(schedule: ScheduleView): string[] {
  const { name, action, cron, timeZone, owner, confirmed, stopped } = schedule;
  const rows = [
    ['does', doesText(action)],
    ['when', `${cron} ${timeZone}, ${nextText(schedule)}`],
    ['missed', missedText(schedule)],
    ['as', owner],
    ...(confirmed.length === 0
      ? []
      : [['touches', `${confirmed.join(', ')}, as was typed when it was saved`]]),
    ...(stopped === null ? [] : [['stopped', stopped.says]]),
  ];
  return [
    oneLine(name),
    ...table(rows.map(([what = '', says = '']) => [{ text: `  ${what}` }, { text: oneLine(says) }])),
  ];
}

function runRow(run: ScheduleRun, paint: Paint): Cell[] {
  const { cause, askedBy, why, actionId } = run;
  const how = cause === 'hand' ? `by hand, ${oneLine(askedBy ?? '')}` : cause === 'late' ? 'late' : '';
  return [
    { text: `  ${stampText(run.dueAtMs)}` },
    { text: run.state, shown: paint(TONES[run.state], run.state) },
    { text: how },
    { text: actionId ?? '' },
    { text: oneLine(why?.says ?? '') },
  ];
}

export async function namedSchedule(api: HubApi, name: string): Promise<ScheduleView> {
  const list = await api.get<readonly ScheduleView[]>('/schedules');
  return namedOne(list, name, { what: 'schedule', see: 'fleetvisor schedules' });
}

/** The same for who wants to change it: the hub says whether the name is wrong, or the right is missing. */
export async function changeableSchedule(api: HubApi, name: string): Promise<ScheduleView> {
  const list = await api.get<readonly ScheduleView[]>('/schedules');
  const isThere = list.some((one) => one.id === name || one.name.toLowerCase() === name.toLowerCase());
  if (!isThere) await api.post(`${pathOf({ id: name })}/pause`, {});
  return namedOne(list, name, { what: 'schedule', see: 'fleetvisor schedules' });
}

export const pathOf = ({ id }: Pick<ScheduleView, 'id'>): string => `/schedules/${encodeURIComponent(id)}`;
