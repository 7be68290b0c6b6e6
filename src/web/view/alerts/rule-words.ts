import type { AlertChannelView, AlertRule } from '../../../api/contract.ts';
import type { FieldTexts } from '../conflict.ts';
import { bytesWithUnit, exactly } from '../format.ts';
import type { Reader } from '../reader.ts';
import type { Say } from '../say.ts';

type Channels = readonly Pick<AlertChannelView, 'id' | 'name'>[];
type Words = Pick<Reader, 'say'>;

/** `Any process is FATAL → critical → ops-slack`, its parts one by one. */
export function ruleWords(rule: AlertRule, channels: Channels, reader: Words) {
  const { say } = reader;
  const what = conditionWords(rule, say);
  return {
    what:
      rule.forSeconds === 0
        ? what
        : say('rules.saidFor', { what, time: exactly(rule.forSeconds * 1_000, reader) }),
    severity: say(`alerts.severityOf.${rule.severity}`),
    tells: channelWords(rule, channels, say),
    again:
      rule.repeatMinutes === 0
        ? ''
        : say('rules.again', { time: exactly(rule.repeatMinutes * 60_000, reader) }),
  };
}

/** A rule as text, field by field: for whom it changed while they had it open. */
export function ruleTexts(rule: AlertRule, channels: Channels, reader: Words): FieldTexts {
  const { say } = reader;
  const time = (seconds: number): string => exactly(seconds * 1_000, reader);
  return [
    [say('rules.name'), rule.name],
    [say('rules.kind'), conditionWords({ ...rule, selector: '*' }, say)],
    [say('rules.selector'), rule.selector],
    [say('rules.for'), time(rule.forSeconds)],
    [say('rules.clear'), time(rule.clearSeconds)],
    [say('rules.severity'), say(`alerts.severityOf.${rule.severity}`)],
    [
      say('rules.repeat'),
      rule.repeatMinutes === 0 ? say('rules.repeatNever') : time(rule.repeatMinutes * 60),
    ],
    [say('rules.tells'), channelWords(rule, channels, say)],
    [say('conflict.disabled'), rule.enabled ? '' : say('conflict.disabled')],
  ];
}

function conditionWords(
  { condition, selector }: Pick<AlertRule, 'condition' | 'selector'>,
  say: Say,
): string {
  const isAll = selector.trim() === '*';
  const process = isAll ? say('rules.anyProcess') : say('rules.processOf', { what: selector });
  switch (condition.kind) {
    case 'process-state': {
      const states = condition.states.map((state) => stateWord(state, say)).join(' / ');
      return say('rules.saidState', { who: process, states });
    }
    case 'flapping':
      return say('rules.saidFlapping', {
        who: process,
        n: condition.restarts,
        time: exactly(condition.withinSeconds * 1_000, { say }),
      });
    case 'host-unreachable': {
      const who = isAll ? say('rules.anyHost') : say('rules.hostOf', { what: selector });
      return say('rules.saidUnreachable', { who });
    }
    case 'memory-over':
      return say('rules.saidMemory', { who: process, size: bytesWithUnit(condition.bytes) });
    default:
      return condition satisfies never;
  }
}

export const stateWord = (state: string, say: Say): string =>
  state === 'exited-unexpectedly' ? say('rules.exited') : state;

function channelWords({ channels }: AlertRule, known: Channels, say: Say): string {
  if (channels === 'all') return say('rules.allChannels');
  if (channels.length === 0) return say('rules.noChannel');
  const nameOf = (id: string): string => known.find((one) => one.id === id)?.name ?? say('rules.goneChannel');
  return channels.map(nameOf).join(', ');
}
