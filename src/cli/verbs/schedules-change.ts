import type {
  NewSchedule,
  SchedulePatch,
  SchedulePreview,
  ScheduleRun,
  ScheduleView,
} from '../../api/contract.ts';
import { wordOf } from '../confirm-plan.ts';
import { stampText } from '../durations.ts';
import { CliFailure } from '../failure.ts';
import type { HubApi } from '../hub-api.ts';
import { planLines } from '../plan-text.ts';
import { actionFrom, SCHEDULE_OPTIONS, timingFrom } from '../schedule-options.ts';
import { oneLine } from '../terminal-text.ts';
import { type CliContext, type FleetVerb, type Given, textOption } from '../verb.ts';
import { changeableSchedule, pathOf, scheduleLines } from './schedules.ts';

const DRY_RUN = [
  '--dry-run',
  'show the next five runs and what it would touch now, and save nothing',
] as const;

export const schedulesAdd: FleetVerb = {
  name: 'schedules add',
  words: '<NAME> <VERB> [SELECTOR...]',
  summary: 'do something at certain times, in your rights',
  examples: [
    "fleetvisor schedules add nightly restart group worker --rolling --cron '0 3 * * *' --zone Europe/Berlin",
    "fleetvisor schedules add weekend stop 'batch*/*' --cron '0 20 * * FRI' --dry-run",
    "fleetvisor schedules add rotate signal USR1 'web*/nginx' --cron @daily --missed once --within 6h",
  ],
  options: [...SCHEDULE_OPTIONS, DRY_RUN, ['--paused', 'add it paused']],
  completes: 'none',
  async run([name = '', ...words], given, context) {
    const { io, output, hub } = context;
    const { cron, ...timing } = timingFrom(given);
    if (cron === undefined)
      throw new CliFailure('usage', 'when does it run?', 'Give --cron, as in --cron "0 3 * * *".');
    const action = actionFrom(words, given);
    if (action === undefined)
      throw new CliFailure('usage', 'what does it do?', 'Give a verb and a selector: restart group worker.');
    const api = hub();
    const timeZone = timing.timeZone ?? ownZone();
    const wish: NewSchedule = { name, cron, ...timing, timeZone, action, enabled: given.paused !== true };
    const preview = await previewOf(api, wish);
    if (given.dryRun === true) return show(preview, timeZone, context);
    const confirm = await confirmOf(preview, given, context);
    const schedule = await api.post<ScheduleView>('/schedules', { ...wish, ...confirm });
    if (output === 'json') io.json(schedule);
    else for (const line of scheduleLines(schedule)) io.line(line);
    return 'done';
  },
};

export const schedulesEdit: FleetVerb = {
  name: 'schedules edit',
  words: '<NAME> [VERB] [SELECTOR...]',
  summary: 'change a schedule; what is not given stays, and it runs in your rights from then on',
  examples: [
    "fleetvisor schedules edit nightly --cron '30 3 * * 1-5'",
    'fleetvisor schedules edit nightly restart group worker --rolling --batch 25%',
    'fleetvisor schedules edit nightly --mine',
  ],
  options: [
    ['--rename <name>', 'its new name'],
    ...SCHEDULE_OPTIONS,
    ['--mine', 'change nothing else: from now on it runs in your rights'],
    DRY_RUN,
  ],
  completes: 'schedules',
  async run([name = '', ...words], given, context) {
    const { io, output, hub } = context;
    const api = hub();
    const before = await changeableSchedule(api, name);
    const patch = patchFrom(words, given);
    if (Object.keys(patch).length === 0 && given.mine !== true)
      throw new CliFailure('usage', 'nothing is to be changed', 'See: fleetvisor schedules edit --help');
    const { cron = before.cron, timeZone = before.timeZone, action = before.action } = patch;
    const preview = await previewOf(api, { cron, timeZone, action });
    if (given.dryRun === true) return show(preview, timeZone, context);
    const confirm = await confirmOf(preview, given, context);
    const schedule = await api.patch<ScheduleView>(pathOf(before), { ...patch, ...confirm });
    if (output === 'json') io.json(schedule);
    else for (const line of scheduleLines(schedule)) io.line(line);
    return 'done';
  },
};

function patchFrom(words: readonly string[], given: Given): SchedulePatch {
  const rename = textOption(given, 'rename');
  const action = actionFrom(words, given);
  return {
    ...(rename === undefined ? {} : { name: rename }),
    ...timingFrom(given),
    ...(action === undefined ? {} : { action }),
  };
}

const ownZone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone;

const previewOf = (
  api: HubApi,
  { cron, timeZone, action }: Pick<NewSchedule, 'cron' | 'timeZone' | 'action'>,
): Promise<SchedulePreview> => api.post('/schedules/preview', { cron, timeZone, action });

function show(preview: SchedulePreview, timeZone: string, { io, output }: CliContext): 'done' {
  if (output === 'json') {
    io.json(preview);
    return 'done';
  }
  io.line('Would run:');
  for (const atMs of preview.nextAtMs) io.line(`  ${stampText(atMs)}${inZone(atMs, timeZone)}`);
  for (const line of planLines(preview.plan)) io.line(line);
  if (preview.confirm !== null) io.note(`Saving it asks for the word ${oneLine(preview.confirm)}.`);
  if (preview.refused !== null) io.note(`It cannot be saved: ${oneLine(preview.refused.says)}.`);
  return 'done';
}

/** The same moment by the clocks there; empty where they are those of this machine. */
function inZone(atMs: number, timeZone: string): string {
  if (timeZone === ownZone()) return '';
  const there = new Intl.DateTimeFormat('sv-SE', { dateStyle: 'short', timeStyle: 'short', timeZone });
  return ` (${there.format(atMs)} ${timeZone})`;
}

async function confirmOf(
  { confirm }: SchedulePreview,
  given: Given,
  { io }: CliContext,
): Promise<{ readonly confirm?: string }> {
  const word = await wordOf(confirm ?? undefined, textOption(given, 'confirm'), io);
  return word === undefined ? {} : { confirm: word };
}

export const schedulesPause = decision('pause', 'leave out what is due until it is resumed', 'is paused');
export const schedulesResume = decision('resume', 'let a paused schedule run again', 'runs again');

function decision(does: 'pause' | 'resume', summary: string, became: string): FleetVerb {
  return {
    name: `schedules ${does}`,
    words: '<NAME>',
    summary,
    examples: [`fleetvisor schedules ${does} nightly`],
    options: [],
    completes: 'schedules',
    async run([name = ''], _given, { io, output, hub }) {
      const api = hub();
      const schedule = await api.post<ScheduleView>(
        `${pathOf(await changeableSchedule(api, name))}/${does}`,
        {},
      );
      if (output === 'json') io.json(schedule);
      else io.line(`${oneLine(schedule.name)} ${became}.`);
      return 'done';
    },
  };
}

export const schedulesRun: FleetVerb = {
  name: 'schedules run',
  words: '<NAME>',
  summary: 'run a schedule once, now, in the rights of its owner; also while it is paused',
  examples: ['fleetvisor schedules run nightly', 'fleetvisor schedules run nightly --dry-run'],
  options: [
    ['--confirm <word>', 'what a protected environment asks for, instead of typing it'],
    ['--dry-run', 'show what it would touch now, and do nothing'],
  ],
  completes: 'schedules',
  async run([name = ''], given, context) {
    const { io, output, hub } = context;
    const api = hub();
    const schedule = await changeableSchedule(api, name);
    const preview = await previewOf(api, schedule);
    if (given.dryRun === true) return show(preview, schedule.timeZone, context);
    const confirm = await confirmOf(preview, given, context);
    const run = await api.post<ScheduleRun>(`${pathOf(schedule)}/run`, confirm);
    if (output === 'json') io.json(run);
    else if (run.why !== null) io.note(`${oneLine(schedule.name)} ${run.state}: ${oneLine(run.why.says)}`);
    else io.line(`${oneLine(schedule.name)} runs; see it with: fleetvisor actions ${run.actionId ?? ''}`);
    return run.why === null ? 'done' : 'failed';
  },
};

export const schedulesRemove: FleetVerb = {
  name: 'schedules remove',
  words: '<NAME>',
  summary: 'remove a schedule; what it has begun goes on',
  examples: ['fleetvisor schedules remove nightly'],
  options: [],
  completes: 'schedules',
  async run([name = ''], _given, { io, output, hub }) {
    const api = hub();
    const schedule = await changeableSchedule(api, name);
    await api.delete(pathOf(schedule));
    if (output === 'json') io.json({ removed: schedule.id });
    else io.line(`${oneLine(schedule.name)} is removed.`);
    return 'done';
  },
};
