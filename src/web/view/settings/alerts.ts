import type { AlertChannelView, AlertDelivery, AlertRule } from '../../../api/contract.ts';
import { alertReads } from '../alerts/reads.ts';
import { ruleWords } from '../alerts/rule-words.ts';
import { clockOrDay, fullTime, roughly } from '../format.ts';
import { mapLoaded } from '../loaded.ts';
import type { Reader } from '../reader.ts';
import { sentence } from '../sentence.ts';
import { type PartMaker, shown } from './part.ts';

/** Rules, the ways out, and what was sent on them. */
export const alertsPart: PartMaker = (_world, reader, { get }) => {
  const channels = get(alertReads.channels());
  const known = mapLoaded(channels, (all) => all, []);
  return {
    title: reader.say('settings.alerts'),
    template: 'pages/alert-settings',
    model: {
      rules: shown(get(alertReads.rules()), (rules) => rules.map((rule) => ruleLine(rule, known, reader))),
      channels: shown(channels, (all) => all.map((channel) => channelLine(channel, reader))),
      deliveries: shown(get(alertReads.deliveries()), ({ deliveries }) =>
        deliveries.map((delivery) => deliveryLine(delivery, reader)),
      ),
    },
  };
};

function ruleLine(rule: AlertRule, channels: readonly AlertChannelView[], reader: Reader) {
  return {
    id: rule.id,
    name: sentence(undefined, rule.name, reader),
    enabled: rule.enabled,
    turn: rule.enabled ? 'off' : 'on',
    critical: rule.severity === 'critical',
    ...ruleWords(rule, channels, reader),
  };
}

function channelLine(channel: AlertChannelView, reader: Reader) {
  const { id, name, kind, enabled, waiting, last } = channel;
  const { say, nowMs } = reader;
  return {
    id,
    name,
    enabled,
    turn: enabled ? 'off' : 'on',
    kind: say(`channels.kindOf.${kind}`),
    place: placeOf(channel),
    signed: channel.kind === 'webhook' && channel.signed,
    last:
      last === null
        ? say('channels.never')
        : say(`channels.lastOf.${last.state}`, { time: roughly(nowMs - last.atMs, reader) }),
    lastTitle: last === null ? '' : fullTime(last.atMs, reader),
    failed: last !== null && last.state !== 'delivered',
    error: sentence(undefined, last?.error ?? '', reader),
    waiting: waiting === 0 ? '' : say('channels.waiting', { n: waiting }),
  };
}

const placeOf = (channel: AlertChannelView): string =>
  channel.kind === 'email' ? `${channel.to.join(', ')} · ${channel.host}:${channel.port}` : channel.url;

function deliveryLine(delivery: AlertDelivery, reader: Reader) {
  const { id, channel, reason, says, createdAtMs, state, attempts, lastError } = delivery;
  const { say } = reader;
  return {
    id,
    channel,
    reason: say(`deliveries.reasonOf.${reason}`),
    says,
    when: clockOrDay(createdAtMs, reader),
    whenTitle: fullTime(createdAtMs, reader),
    state: say(`deliveries.stateOf.${state}`),
    mark: state === 'delivered' ? 'done' : state === 'waiting' ? 'waiting' : 'crashed',
    attempts: attempts > 1 ? say('deliveries.attempts', { n: attempts }) : '',
    error: state === 'delivered' ? '' : sentence(undefined, lastError ?? '', reader),
  };
}
