import { type AskedAction, isVerb, VERBS } from '../../../fleet/action.ts';
import { AT_ONCE, type Pace } from '../../../fleet/pace.ts';
import { MISSED, type Missed } from '../../../fleet/schedule.ts';
import { FIRST_ROLL, paceView, picked } from '../plan-pace.ts';
import type { Reader } from '../reader.ts';

/** By their names in the API: the form says at each what is wrong with it. */
export const SCHEDULE_FIELDS: ReadonlySet<string> = new Set([
  'name',
  'cron',
  'timeZone',
  'selector',
  'signal',
  'missedMinutes',
  'confirm',
]);

const USUAL = ['@hourly', '@daily', '0 3 * * *', '30 4 * * 1-5', '0 22 * * FRI', '0 6 1 * *'];
const PACES = ['batch', 'order', 'settleMs', 'pauseMs', 'maxFailures'];

/** What the form says, or is filled with: a schedule that is there, or will be. */
export interface ScheduleForm {
  readonly name: string;
  readonly cron: string;
  readonly timeZone: string;
  readonly action: AskedAction;
  readonly missed: Missed;
  readonly missedMinutes: number;
  readonly confirm?: string;
}

/** What the form of a schedule says, as it was typed. */
export function scheduleTyped(given: URLSearchParams): ScheduleForm {
  const text = (name: string): string => (given.get(name) ?? '').trim();
  const verb = text('verb');
  const only = text('only').split('\n').filter(Boolean);
  const isSignal = verb === 'signal';
  const word = text('confirm');
  return {
    name: text('name'),
    cron: text('cron').replace(/\s+/g, ' '),
    timeZone: text('timeZone'),
    action: {
      verb: isVerb(verb) ? verb : 'restart',
      selector: text('selector'),
      ...(isSignal ? { signal: text('signal') || 'HUP' } : {}),
      ...(only.length === 0 ? {} : { only }),
      pace: paceTyped(given),
    },
    missed: MISSED.find((one) => one === text('missed')) ?? 'skip',
    missedMinutes: text('missedMinutes') === '' ? Number.NaN : Number(text('missedMinutes')),
    ...(word === '' ? {} : { confirm: word }),
  };
}

function paceTyped(given: URLSearchParams): Pace {
  const resume = given.get('resume') === 'ask' ? 'ask' : 'continue';
  if (given.get('mode') !== 'rolling') {
    const limit = given.get('limit') ?? '';
    return { mode: 'parallel', limit: limit === '' ? null : Number(limit), resume };
  }
  const rolling = PACES.reduce((pace, name) => {
    const value = given.get(name);
    return value === null ? pace : picked(pace, name, value);
  }, FIRST_ROLL);
  return { ...rolling, resume };
}

/** The fields of a schedule's form, filled in. */
export function scheduleFields(known: ScheduleForm | null, reader: Reader) {
  const { say } = reader;
  const shown: Partial<ScheduleForm> = known ?? {};
  const action: AskedAction = known?.action ?? { verb: 'restart', selector: '', pace: FIRST_ROLL };
  const { pace = AT_ONCE } = action;
  const isRolling = pace.mode === 'rolling';
  const option = (value: string, text: string, on: boolean) => ({ value, text, on });
  const minutes = shown.missedMinutes ?? 60;
  return {
    name: shown.name ?? '',
    cron: shown.cron ?? '',
    usual: USUAL,
    timeZone: shown.timeZone ?? reader.zone ?? 'UTC',
    zones: Intl.supportedValuesOf('timeZone'),
    verbs: VERBS.map((verb) => option(verb, say(`verb.${verb}`), verb === action.verb)),
    selector: action.selector,
    only: action.only?.join('\n') ?? '',
    onlySays: action.only === undefined ? '' : say('schedules.only', { n: action.only.length }),
    signal: action.signal ?? 'HUP',
    modes: [
      option('parallel', say('pace.parallel'), !isRolling),
      option('rolling', say('pace.rolling'), isRolling),
    ],
    pace: paceView(isRolling ? pace : FIRST_ROLL, reader),
    resume: pace.resume,
    limit: isRolling ? '' : (pace.limit ?? ''),
    missed: MISSED.map((one) =>
      option(one, say(`schedules.missedOf.${one}`), one === (shown.missed ?? 'skip')),
    ),
    missedMinutes: Number.isFinite(minutes) ? String(minutes) : '',
    confirm: shown.confirm ?? '',
  };
}
