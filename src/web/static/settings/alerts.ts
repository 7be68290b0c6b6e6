import type { AlertChannelTest, AlertChannelView, AlertRule } from '../../../api/contract.ts';
import {
  CHANNEL_FIELDS,
  channelChange,
  channelFields,
  channelTyped,
} from '../../view/alerts/channel-fields.ts';
import { alertReads } from '../../view/alerts/reads.ts';
import { RULE_FIELDS, ruleFields, ruleTyped } from '../../view/alerts/rule-fields.ts';
import { sentence } from '../../view/sentence.ts';
import { type Answer, call, problemWords } from '../api.ts';
import { stale } from '../asked.ts';
import { onDo } from '../doers.ts';
import { tell } from '../dom.ts';
import { doNow, openForm } from '../form-sheet.ts';
import { say } from '../page-root.ts';
import { reader } from '../screen.ts';

const rulePath = (id: string): string => `/alert-rules/${encodeURIComponent(id)}`;
const channelPath = (id: string): string => `/alert-channels/${encodeURIComponent(id)}`;
const typed = (given: FormData): URLSearchParams =>
  new URLSearchParams([...given].map(([name, value]) => [name, String(value)]));

function changed(says: string): void {
  stale('/alert');
  tell(says);
}

interface FieldSheet<T extends { readonly name: string }> {
  readonly title: string;
  readonly button: string;
  readonly fields: 'alert-rule' | 'alert-channel';
  readonly ownFaults: ReadonlySet<string>;
  model(given: URLSearchParams | null): object;
  send(given: URLSearchParams): Promise<Answer<T>>;
  done(value: T): void;
}

/** A sheet over fields that stay as they were typed when they are refused. */
function fieldSheet<T extends { readonly name: string }>(wish: FieldSheet<T>): void {
  let given: URLSearchParams | null = null;
  const { title, button, fields, ownFaults } = wish;
  openForm<T>({
    template: 'partials/fields-sheet',
    kind: 'sheet',
    ownFaults,
    model: () => ({ ...wish.model(given), icon: 'bell', title, button, fields }),
    send(form) {
      given = typed(form);
      return wish.send(given);
    },
    done: wish.done,
  });
}

async function ruleSheet(
  known: AlertRule | null,
  send: (given: URLSearchParams) => Promise<Answer<AlertRule>>,
): Promise<void> {
  const asked = await call<readonly AlertChannelView[]>('GET', alertReads.channels().path);
  const channels = asked.ok ? asked.value : [];
  fieldSheet<AlertRule>({
    title: known === null ? say('rules.addTitle') : say('rules.editTitle', { name: known.name }),
    button: say('rules.save'),
    fields: 'alert-rule',
    ownFaults: RULE_FIELDS,
    model: (given) => ruleFields(given === null ? known : ruleTyped(given), channels, reader()),
    send,
    done: ({ name }) => changed(say('rules.saved', { name })),
  });
}

onDo('add-rule', () => void ruleSheet(null, (given) => call('POST', '/alert-rules', ruleTyped(given))));
onDo('edit-rule', (on) => {
  const path = rulePath(on.dataset.id ?? '');
  void doNow(
    call<AlertRule>('GET', path),
    (rule, version) => void ruleSheet(rule, (given) => call('PATCH', path, ruleTyped(given), version)),
  );
});
onDo('turn-rule', (on) => {
  const enabled = on.dataset.verb === 'on';
  void doNow(call<AlertRule>('PATCH', rulePath(on.dataset.id ?? ''), { enabled }), ({ name }) =>
    changed(say(enabled ? 'rules.isOn' : 'rules.isOff', { name })),
  );
});
onDo('remove-rule', ({ dataset: { id = '', name = '' } }) =>
  askToRemove({
    title: say('rules.removeTitle', { name }),
    text: say('rules.removeText'),
    button: say('rules.removeButton'),
    path: rulePath(id),
    done: say('rules.removed', { name }),
  }),
);

function channelSheet(
  known: AlertChannelView | null,
  send: (given: URLSearchParams) => Promise<Answer<AlertChannelView>>,
): void {
  fieldSheet<AlertChannelView>({
    title: known === null ? say('channels.addTitle') : say('channels.editTitle', { name: known.name }),
    button: say('channels.save'),
    fields: 'alert-channel',
    ownFaults: CHANNEL_FIELDS,
    model: (given) => channelFields(known, given ?? new URLSearchParams(), reader()),
    send,
    done: ({ name }) => changed(say('channels.saved', { name })),
  });
}

onDo('add-channel', () =>
  channelSheet(null, (given) => call('POST', '/alert-channels', channelTyped(given))),
);
onDo('edit-channel', (on) => {
  const path = channelPath(on.dataset.id ?? '');
  void doNow(call<AlertChannelView>('GET', path), (channel, version) =>
    channelSheet(channel, (given) => call('PATCH', path, channelChange(channel, given), version)),
  );
});
onDo('turn-channel', (on) => {
  const enabled = on.dataset.verb === 'on';
  void doNow(call<AlertChannelView>('PATCH', channelPath(on.dataset.id ?? ''), { enabled }), ({ name }) =>
    changed(say(enabled ? 'channels.isOn' : 'channels.isOff', { name })),
  );
});
onDo('remove-channel', ({ dataset: { id = '', name = '' } }) =>
  askToRemove({
    title: say('channels.removeTitle', { name }),
    text: say('channels.removeText'),
    button: say('channels.removeButton'),
    path: channelPath(id),
    done: say('channels.removed', { name }),
  }),
);

/** The result stands beside its channel until the next one. */
onDo('test-channel', async (on) => {
  const result = on.closest('.alert-channel')?.querySelector<HTMLElement>('.test-result');
  if (!result) return;
  const show = (kind: string, text: string): void => {
    result.dataset.result = kind;
    result.textContent = text;
  };
  show('asked', say('channels.testing'));
  const answer = await call<AlertChannelTest>('POST', `${channelPath(on.dataset.id ?? '')}/test`, {});
  if (!answer.ok) return show('failed', Object.values(problemWords(answer.problem)).join(' '));
  const { ok, says, said, mend, mendSaid } = answer.value;
  const now = reader();
  const words = [sentence(said, says, now), sentence(mendSaid, mend, now)].filter(Boolean);
  show(ok ? 'done' : 'failed', words.join(now.language === 'zh' ? '。' : '. '));
  stale('/alert-channels', '/alert-deliveries');
});

function askToRemove(wish: {
  readonly title: string;
  readonly text: string;
  readonly button: string;
  readonly path: string;
  readonly done: string;
}): void {
  const { title, text, button } = wish;
  openForm<null>({
    template: 'partials/ask-sheet',
    model: () => ({ icon: 'trash', title, text, button, danger: true }),
    send: () => call('DELETE', wish.path),
    done: () => changed(wish.done),
  });
}
