import type { NewSchedule, ScheduleView } from '../api/contract.ts';
import { isVerb, VERBS } from '../fleet/action.ts';
import { requestFrom } from './action-request.ts';
import { parseSpan, spanText } from './durations.ts';
import { CliFailure } from './failure.ts';
import { PACE_OPTIONS, paceFrom } from './pace-options.ts';
import { NARROW_OPTIONS } from './selector-words.ts';
import { type Given, textOption } from './verb.ts';

type ActionWish = NewSchedule['action'];

/** When and how a schedule runs, for `--help`. */
export const SCHEDULE_OPTIONS: readonly (readonly [flags: string, says: string])[] = [
  ['--cron <expression>', 'when: minute, hour, day, month and weekday, as in "0 3 * * 1-5"; or @daily'],
  ['--zone <zone>', 'the time zone of --cron, as in Europe/Berlin (default: the one of this machine)'],
  ['--missed <policy>', 'of a time that passed while the hub was away: skip or once (default: skip)'],
  ['--within <time>', 'with --missed once: how late it is still run (default: 1h)'],
  ...NARROW_OPTIONS,
  ...PACE_OPTIONS,
  ['--confirm <word>', 'what a protected environment asks for, instead of typing it'],
];

/** The action after a schedule's name: `restart group worker`; undefined: none is given. */
export function actionFrom(words: readonly string[], given: Given): ActionWish | undefined {
  const [verb, ...rest] = words;
  if (verb === undefined) return undefined;
  if (!isVerb(verb))
    throw new CliFailure(
      'usage',
      `"${verb}" is nothing a schedule does`,
      `Write one of ${VERBS.join(', ')}.`,
    );
  const pace = paceFrom(given);
  return { ...requestFrom(verb, rest, given), ...(pace === undefined ? {} : { pace }) };
}

/** What was given besides the action. */
export function timingFrom(given: Given): Partial<Omit<NewSchedule, 'name' | 'action'>> {
  const [cron, timeZone, missed] = [
    textOption(given, 'cron'),
    textOption(given, 'zone'),
    textOption(given, 'missed'),
  ];
  if (missed !== undefined && missed !== 'skip' && missed !== 'once')
    throw new CliFailure('usage', `--missed: "${missed}" is neither skip nor once`, 'Write --missed once.');
  const missedMinutes = minutesIn(given);
  return {
    ...(cron === undefined ? {} : { cron }),
    ...(timeZone === undefined ? {} : { timeZone }),
    ...(missed === undefined ? {} : { missed }),
    ...(missedMinutes === undefined ? {} : { missedMinutes }),
  };
}

function minutesIn(given: Given): number | undefined {
  const text = textOption(given, 'within');
  if (text === undefined) return undefined;
  const ms = parseSpan(text);
  if (ms === null)
    throw new CliFailure('usage', `--within: "${text}" is not a time`, 'Write it like 30m or 2h.');
  return Math.ceil(ms / 60_000);
}

/** `restart group worker, rolling`. */
export function doesText({ verb, signal, selector, pace }: ScheduleView['action']): string {
  const what = [verb, signal, selector].filter(Boolean).join(' ');
  return pace?.mode === 'rolling' ? `${what}, rolling` : what;
}

/** `once, within 1 h`. */
export function missedText({
  missed,
  missedMinutes,
}: Pick<ScheduleView, 'missed' | 'missedMinutes'>): string {
  return missed === 'skip' ? 'left out' : `run once, at most ${spanText(missedMinutes * 60_000)} late`;
}
