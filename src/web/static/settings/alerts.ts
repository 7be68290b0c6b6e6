import type { AlertChannelTest, AlertChannelView, AlertRule } from '../../../api/contract.ts';
import {
  CHANNEL_FIELDS,
  channelChange,
  channelFields,
  channelTexts,
  channelTyped,
} from '../../view/alerts/channel-fields.ts';
import { alertReads } from '../../view/alerts/reads.ts';
import { RULE_FIELDS, ruleFields, ruleTyped } from '../../view/alerts/rule-fields.ts';
import { ruleTexts } from '../../view/alerts/rule-words.ts';
import { conflictRows, type FieldTexts, onlyChanged } from '../../view/conflict.ts';
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

/** Something as it was when its form was opened. */
interface Edited<T> {
  value: T;
  version: string | null;
  readonly path: string;
}

interface FieldSheet<T extends { readonly name: string }> {
  readonly title: string;
  readonly button: string;
  readonly fields: 'alert-rule' | 'alert-channel';
  readonly ownFaults: ReadonlySet<string>;
  /** Null: it is new. */
  readonly edited: Edited<T> | null;
  model(given: URLSearchParams | null): object;
  /** What the form says, as the API takes it. */
  wanted(given: URLSearchParams): object;
  add(given: URLSearchParams): Promise<Answer<T>>;
  textsOf(value: T): FieldTexts;
  done(value: T): void;
}

/** A sheet over fields that stay as they were typed when they are refused. */
function fieldSheet<T extends { readonly name: string }>(wish: FieldSheet<T>): void {
  let given: URLSearchParams | null = null;
  const { title, button, fields, ownFaults, edited } = wish;
  const patchOf = (typedNow: URLSearchParams, { value }: Edited<T>) =>
    onlyChanged(wish.wanted(typedNow), value);
  openForm<T>({
    template: 'partials/fields-sheet',
    kind: 'sheet',
    ownFaults,
    model: () => ({ ...wish.model(given), icon: 'bell', title, button, fields }),
    send(form) {
      given = typed(form);
      if (edited === null) return wish.add(given);
      return call('PATCH', edited.path, patchOf(given, edited), edited.version);
    },
    async conflict(form) {
      if (edited === null) return null;
      const now = await call<T>('GET', edited.path);
      if (!now.ok) return null;
      const was = edited.value;
      const mine = { ...was, ...patchOf(typed(form), edited) };
      return {
        rows: conflictRows(wish.textsOf(was), wish.textsOf(now.value), wish.textsOf(mine)),
        keepMine: () => {
          edited.version = now.etag;
        },
        takeTheirs: () => {
          given = null;
          [edited.value, edited.version] = [now.value, now.etag];
        },
      };
    },
    done: wish.done,
  });
}

async function ruleSheet(edited: Edited<AlertRule> | null): Promise<void> {
  const asked = await call<readonly AlertChannelView[]>('GET', alertReads.channels().path);
  const channels = asked.ok ? asked.value : [];
  fieldSheet<AlertRule>({
    title: edited === null ? say('rules.addTitle') : say('rules.editTitle', { name: edited.value.name }),
    button: say('rules.save'),
    fields: 'alert-rule',
    ownFaults: RULE_FIELDS,
    edited,
    model: (given) =>
      ruleFields(given === null ? (edited?.value ?? null) : ruleTyped(given), channels, reader()),
    wanted: ruleTyped,
    add: (given) => call('POST', '/alert-rules', ruleTyped(given)),
    textsOf: (rule) => ruleTexts(rule, channels, reader()),
    done: ({ name }) => changed(say('rules.saved', { name })),
  });
}

onDo('add-rule', () => void ruleSheet(null));
onDo('edit-rule', (on) => {
  const path = rulePath(on.dataset.id ?? '');
  void doNow(call<AlertRule>('GET', path), (value, version) => void ruleSheet({ value, version, path }));
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

function channelSheet(edited: Edited<AlertChannelView> | null): void {
  fieldSheet<AlertChannelView>({
    title:
      edited === null ? say('channels.addTitle') : say('channels.editTitle', { name: edited.value.name }),
    button: say('channels.save'),
    fields: 'alert-channel',
    ownFaults: CHANNEL_FIELDS,
    edited,
    model: (given) => channelFields(edited?.value ?? null, given ?? new URLSearchParams(), reader()),
    wanted: (given) => (edited === null ? channelTyped(given) : channelChange(edited.value, given)),
    add: (given) => call('POST', '/alert-channels', channelTyped(given)),
    textsOf: (channel) => channelTexts(channel, reader()),
    done: ({ name }) => changed(say('channels.saved', { name })),
  });
}

onDo('add-channel', () => channelSheet(null));
onDo('edit-channel', (on) => {
  const path = channelPath(on.dataset.id ?? '');
  void doNow(call<AlertChannelView>('GET', path), (value, version) => channelSheet({ value, version, path }));
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
