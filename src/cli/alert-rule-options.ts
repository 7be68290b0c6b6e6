import type { AlertRule, NewAlertRule } from '../api/contract.ts';
import { bytesText } from '../fleet/bytes-text.ts';
import { parseSpan, spanText } from './durations.ts';
import { CliFailure } from './failure.ts';
import { type Given, listOption, textOption } from './verb.ts';

type Condition = NewAlertRule['condition'];
type State = Extract<Condition, { kind: 'process-state' }>['states'][number];

const STATES: Readonly<Record<string, State>> = {
  fatal: 'FATAL',
  exited: 'exited-unexpectedly',
  backoff: 'BACKOFF',
};

/** What a rule looks for, for `--help`. */
export const CONDITION_OPTIONS = [
  [
    '--when <what...>',
    'what it looks for: fatal, exited (unexpectedly) or backoff, also several; or flapping, unreachable, memory',
  ],
  ['--restarts <count>', 'flapping: so many restarts (default: 3)'],
  ['--within <time>', 'flapping: within so long (default: 20m)'],
  ['--over <size>', 'memory: more than this, as in 512MB or 2GB'],
] as const;

export const RULE_OPTIONS = [
  ['--on <selector>', 'what it looks at (default: everything)'],
  ['--for <time>', 'it must hold so long before an alert opens (default: 0)'],
  ['--clear <time>', 'it must be well so long before the alert closes (default: 1m)'],
  ['--severity <severity>', '"warning" or "critical" (default: warning)'],
  ['--channel <name...>', 'who is told: names of channels, "all" or "none" (default: all)'],
  ['--repeat <time>', 'tell of an open alert again so often; 0: never (default: 0)'],
] as const;

/** Null: nothing is said of it. */
export function conditionFrom(given: Given): Condition | null {
  const what = listOption(given, 'when');
  const [first, ...more] = what;
  if (first === undefined) return null;
  if (what.every((word) => STATES[word] !== undefined))
    return { kind: 'process-state', states: what.flatMap((word) => STATES[word] ?? []) };
  if (more.length > 0)
    throw new CliFailure('usage', `--when: ${what.join(' ')} cannot be one rule`, 'Make a rule of each.');
  if (first === 'unreachable') return { kind: 'host-unreachable' };
  if (first === 'flapping') {
    const restarts = Number(textOption(given, 'restarts') ?? '3');
    return { kind: 'flapping', restarts, withinSeconds: secondsIn(given, 'within') ?? 1_200 };
  }
  if (first === 'memory') return { kind: 'memory-over', bytes: bytesIn(textOption(given, 'over') ?? '') };
  throw new CliFailure(
    'usage',
    `--when: "${first}" is nothing a rule looks for`,
    'Take fatal, exited, backoff, flapping, unreachable or memory.',
  );
}

/** What was given besides the condition; channels by their ids. */
export function ruleFrom(
  given: Given,
  channels: NewAlertRule['channels'],
): Partial<Omit<NewAlertRule, 'name'>> {
  const selector = textOption(given, 'on');
  const [forSeconds, clearSeconds] = [secondsIn(given, 'for'), secondsIn(given, 'clear')];
  const repeat = secondsIn(given, 'repeat');
  const severity = textOption(given, 'severity');
  const condition = conditionFrom(given);
  return {
    ...(condition === null ? {} : { condition }),
    ...(selector === undefined ? {} : { selector }),
    ...(forSeconds === null ? {} : { forSeconds }),
    ...(clearSeconds === null ? {} : { clearSeconds }),
    ...(repeat === null ? {} : { repeatMinutes: Math.ceil(repeat / 60) }),
    ...(severity === undefined ? {} : { severity: severity as NewAlertRule['severity'] & string }),
    ...(channels === undefined ? {} : { channels }),
  };
}

function secondsIn(given: Given, option: string): number | null {
  const text = textOption(given, option);
  if (text === undefined) return null;
  const ms = parseSpan(text);
  if (ms === null)
    throw new CliFailure('usage', `--${option}: "${text}" is not a time`, 'Write it like 30s, 20m or 2h.');
  return Math.round(ms / 1_000);
}

const UNITS: Readonly<Record<string, number>> = { '': 1, K: 1024, M: 1024 ** 2, G: 1024 ** 3, T: 1024 ** 4 };

function bytesIn(text: string): number {
  const [, amount, unit = ''] = /^(\d+(?:\.\d+)?)\s*([KMGT])?(?:i?B)?$/i.exec(text) ?? [];
  if (amount === undefined)
    throw new CliFailure('usage', `--over: "${text}" is not a size`, 'Write it like 512MB or 2GB.');
  return Math.round(Number(amount) * (UNITS[unit.toUpperCase()] ?? 1));
}

/** `FATAL`, `3 restarts within 20 min`, `memory over 2 GiB`. */
export function conditionText(condition: AlertRule['condition']): string {
  switch (condition.kind) {
    case 'process-state':
      return condition.states.join(', ');
    case 'flapping':
      return `${condition.restarts} restarts within ${spanText(condition.withinSeconds * 1_000)}`;
    case 'host-unreachable':
      return 'host unreachable';
    case 'memory-over':
      return `memory over ${bytesText(condition.bytes)}`;
    default:
      return condition satisfies never;
  }
}
