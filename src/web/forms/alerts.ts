import type { Alert, AlertChannelTest, AlertChannelView, AlertRule } from '../../api/contract.ts';
import { subjectText } from '../../fleet/alert.ts';
import { CHANNEL_FIELDS, channelChange, channelFields, channelTyped } from '../view/alerts/channel-fields.ts';
import { alertReads } from '../view/alerts/reads.ts';
import { RULE_FIELDS, ruleFields, ruleTyped } from '../view/alerts/rule-fields.ts';
import { sentence } from '../view/sentence.ts';
import { type FormAsk, type FormPage, field, firstWord, type PlainForm, shownAgain } from './form.ts';

const rulePath = (id: string): string => `/alert-rules/${encodeURIComponent(id)}`;
const channelPath = (id: string): string => `/alert-channels/${encodeURIComponent(id)}`;
const idsIn = (of: string): string[] => of.split(' ').filter((id) => /^\d+$/.test(id));

const settings = { right: 'manage-hosts', nav: 'settings', back: '/settings/alerts' } as const;
const alerts = { right: 'act', nav: 'alerts', back: ({ from }: FormAsk): string => from } as const;

/** What is done about alerts, their rules and their channels. */
export const ALERT_FORMS = {
  'ack-alert': {
    ...alerts,
    of: ['data-ids'],
    back: '/alerts',
    async page({ of, given, call, reader: { say } }) {
      const asked = await Promise.all(idsIn(of).map((id) => call<Alert>('GET', `/alerts/${id}`)));
      const n = asked.length;
      if (n === 0) return null;
      return {
        icon: 'check',
        title: say('alerts.ackTitle', { n }),
        text: say('alerts.ackText', { n }),
        button: say('alerts.ackButton', { n }),
        fields: 'ack',
        shape: 'one',
        model: { given: shownAgain(given), subject: asked.map(subjectText).join(', ') },
      };
    },
    async send({ of, given, call }) {
      const ids = idsIn(of);
      for (const id of ids) await call('POST', `/alerts/${id}/acknowledge`, { note: field(given, 'note') });
      return { kind: 'done', said: { key: 'alerts.acked', values: { n: ids.length } } };
    },
  },
  'unack-alert': {
    ...alerts,
    of: ['data-id'],
    async send({ of, call, from }) {
      for (const id of idsIn(of)) await call('POST', `/alerts/${id}/unacknowledge`, {});
      return { kind: 'done', said: { key: 'alerts.unacked' }, to: from };
    },
  },
  'add-rule': {
    ...settings,
    page: (ask) => rulePage(ask, null),
    async send({ given, call }) {
      const { name } = await call<AlertRule>('POST', '/alert-rules', ruleTyped(given));
      return { kind: 'done', said: { key: 'rules.saved', values: { name } } };
    },
  },
  'edit-rule': {
    ...settings,
    of: ['data-id'],
    async page(ask) {
      const version = await ask.versionOf(rulePath(ask.of));
      return { ...(await rulePage(ask, await ask.call<AlertRule>('GET', rulePath(ask.of)))), version };
    },
    async send({ of, given, call }) {
      const { name } = await call<AlertRule>('PATCH', rulePath(of), ruleTyped(given));
      return { kind: 'done', said: { key: 'rules.saved', values: { name } } };
    },
  },
  'turn-rule': {
    ...settings,
    of: ['data-verb', 'data-id'],
    async send({ of, call }) {
      const [verb, id] = firstWord(of);
      const { name, enabled } = await call<AlertRule>('PATCH', rulePath(id), { enabled: verb === 'on' });
      return { kind: 'done', said: { key: enabled ? 'rules.isOn' : 'rules.isOff', values: { name } } };
    },
  },
  'remove-rule': {
    ...settings,
    of: ['data-id'],
    async page({ of, call, reader: { say } }) {
      const { name } = await call<AlertRule>('GET', rulePath(of));
      return {
        icon: 'trash',
        title: say('rules.removeTitle', { name }),
        text: say('rules.removeText'),
        button: say('rules.removeButton'),
        danger: true,
      };
    },
    async send({ of, call }) {
      const { name } = await call<AlertRule>('GET', rulePath(of));
      await call('DELETE', rulePath(of));
      return { kind: 'done', said: { key: 'rules.removed', values: { name } } };
    },
  },
  'add-channel': {
    ...settings,
    page: (ask) => channelPage(ask, null),
    async send({ given, call }) {
      const { name } = await call<AlertChannelView>('POST', '/alert-channels', channelTyped(given));
      return { kind: 'done', said: { key: 'channels.saved', values: { name } } };
    },
  },
  'edit-channel': {
    ...settings,
    of: ['data-id'],
    async page(ask) {
      const version = await ask.versionOf(channelPath(ask.of));
      const channel = await ask.call<AlertChannelView>('GET', channelPath(ask.of));
      return { ...channelPage(ask, channel), version };
    },
    async send({ of, given, call }) {
      const known = await call<AlertChannelView>('GET', channelPath(of));
      const change = channelChange(known, given);
      const { name } = await call<AlertChannelView>('PATCH', channelPath(of), change);
      return { kind: 'done', said: { key: 'channels.saved', values: { name } } };
    },
  },
  'turn-channel': {
    ...settings,
    of: ['data-verb', 'data-id'],
    async send({ of, call }) {
      const [verb, id] = firstWord(of);
      const enabled = verb === 'on';
      const { name } = await call<AlertChannelView>('PATCH', channelPath(id), { enabled });
      return { kind: 'done', said: { key: enabled ? 'channels.isOn' : 'channels.isOff', values: { name } } };
    },
  },
  'test-channel': {
    ...settings,
    of: ['data-id'],
    async send({ of, call, reader }) {
      const { name } = await call<AlertChannelView>('GET', channelPath(of));
      const test = await call<AlertChannelTest>('POST', `${channelPath(of)}/test`, {});
      const says = sentence(test.said, test.says, reader);
      const mend = sentence(test.mendSaid, test.mend, reader);
      const page: FormPage = {
        icon: 'bell',
        title: reader.say('channels.tested', { name }),
        text: [says, mend].filter(Boolean).join(reader.language === 'zh' ? '。' : '. '),
      };
      return { kind: 'shown', page };
    },
  },
  'remove-channel': {
    ...settings,
    of: ['data-id'],
    async page({ of, call, reader: { say } }) {
      const { name } = await call<AlertChannelView>('GET', channelPath(of));
      return {
        icon: 'trash',
        title: say('channels.removeTitle', { name }),
        text: say('channels.removeText'),
        button: say('channels.removeButton'),
        danger: true,
      };
    },
    async send({ of, call }) {
      const { name } = await call<AlertChannelView>('GET', channelPath(of));
      await call('DELETE', channelPath(of));
      return { kind: 'done', said: { key: 'channels.removed', values: { name } } };
    },
  },
} as const satisfies Record<string, PlainForm>;

async function rulePage({ given, call, reader }: FormAsk, known: AlertRule | null): Promise<FormPage> {
  const { say } = reader;
  const channels = await call<readonly AlertChannelView[]>('GET', alertReads.channels().path);
  return {
    icon: 'bell',
    title: known === null ? say('rules.addTitle') : say('rules.editTitle', { name: known.name }),
    button: say('rules.save'),
    fields: 'alert-rule',
    ownFaults: RULE_FIELDS,
    model: ruleFields(given.has('kind') ? ruleTyped(given) : known, channels, reader),
  };
}

function channelPage({ given, reader }: FormAsk, known: AlertChannelView | null): FormPage {
  const { say } = reader;
  return {
    icon: 'bell',
    title: known === null ? say('channels.addTitle') : say('channels.editTitle', { name: known.name }),
    button: say('channels.save'),
    fields: 'alert-channel',
    ownFaults: CHANNEL_FIELDS,
    model: channelFields(known, given, reader),
  };
}
