import type { AlertChannelView, AlertRule, NewAlertRule } from '../../../api/contract.ts';
import { SEVERITIES, TROUBLES } from '../../../fleet/alert.ts';
import { exactly } from '../format.ts';
import type { Reader } from '../reader.ts';
import { stateWord } from './rule-words.ts';

const KINDS = ['process-state', 'flapping', 'host-unreachable', 'memory-over'] as const;
const REPEATS = [0, 15, 30, 60, 240, 1_440];
const MIB = 2 ** 20;

/** By their names in the API: the form says at each what is wrong with it. */
export const RULE_FIELDS: ReadonlySet<string> = new Set([
  'name',
  'states',
  'restarts',
  'withinSeconds',
  'bytes',
  'selector',
  'forSeconds',
  'clearSeconds',
  'channels',
]);

/** What a new rule's form begins with. */
const FIRST: NewAlertRule = {
  name: '',
  condition: { kind: 'process-state', states: ['FATAL'] },
  selector: '*',
  forSeconds: 0,
  clearSeconds: 60,
  severity: 'warning',
  channels: 'all',
  repeatMinutes: 0,
};

/** What the form of a rule says, as it was typed. */
export function ruleTyped(given: URLSearchParams): NewAlertRule {
  const text = (name: string): string => (given.get(name) ?? '').trim();
  const channels = given.getAll('channel');
  return {
    name: text('name'),
    condition: conditionTyped(given),
    selector: text('selector') || '*',
    forSeconds: number(text('forSeconds')),
    clearSeconds: number(text('clearSeconds')),
    severity: SEVERITIES.find((one) => one === text('severity')) ?? 'warning',
    channels: channels.includes('all') ? 'all' : channels,
    repeatMinutes: number(text('repeatMinutes')),
  };
}

function conditionTyped(given: URLSearchParams): NewAlertRule['condition'] {
  const of = (name: string): number => number(given.get(name) ?? '');
  const kind = KINDS.find((one) => one === given.get('kind')) ?? 'process-state';
  switch (kind) {
    case 'process-state':
      return { kind, states: TROUBLES.filter((one) => given.getAll('state').includes(one)) };
    case 'flapping':
      return { kind, restarts: of('restarts'), withinSeconds: of('withinMinutes') * 60 };
    case 'host-unreachable':
      return { kind };
    case 'memory-over':
      return { kind, bytes: Math.round(of('mebibytes') * MIB) };
    default:
      return kind satisfies never;
  }
}

/** What is no number is refused as one. */
const number = (text: string): number => (text.trim() === '' ? Number.NaN : Number(text));

/** The fields of a rule's form, filled in. */
export function ruleFields(
  rule: AlertRule | NewAlertRule | null,
  channels: readonly Pick<AlertChannelView, 'id' | 'name'>[],
  { say }: Pick<Reader, 'say'>,
) {
  const shown = rule ?? FIRST;
  const { condition } = shown;
  const told = shown.channels ?? 'all';
  const repeat = shown.repeatMinutes ?? 0;
  const option = (value: string | number, text: string, on: boolean) => ({ value, text, on });
  return {
    name: shown.name,
    kinds: KINDS.map((kind) => option(kind, say(`rules.kindOf.${kind}`), kind === condition.kind)),
    states: TROUBLES.map((state) =>
      option(
        state,
        stateWord(state, say),
        condition.kind === 'process-state' ? condition.states.includes(state) : state === 'FATAL',
      ),
    ),
    restarts: figure(condition.kind === 'flapping' ? condition.restarts : 3),
    withinMinutes: figure(condition.kind === 'flapping' ? condition.withinSeconds / 60 : 20),
    mebibytes: figure(condition.kind === 'memory-over' ? Math.round(condition.bytes / MIB) : 1_024),
    selector: shown.selector ?? '*',
    forSeconds: figure(shown.forSeconds ?? 0),
    clearSeconds: figure(shown.clearSeconds ?? 60),
    severities: SEVERITIES.map((one) => option(one, say(`alerts.severityOf.${one}`), one === shown.severity)),
    all: told === 'all',
    channels: channels.map(({ id, name }) => option(id, name, told !== 'all' && told.includes(id))),
    repeats: [...new Set([...REPEATS, ...(Number.isFinite(repeat) ? [repeat] : [])])]
      .sort((one, other) => one - other)
      .map((minutes) =>
        option(
          minutes,
          minutes === 0
            ? say('rules.repeatNever')
            : say('rules.repeatEvery', { time: exactly(minutes * 60_000, { say }) }),
          minutes === repeat,
        ),
      ),
  };
}

const figure = (value: number): string => (Number.isFinite(value) ? String(value) : '');
