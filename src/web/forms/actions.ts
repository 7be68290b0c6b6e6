import type { Action, SentInput } from '../../api/contract.ts';
import { clockTime } from '../view/format.ts';
import { linkTo } from '../view/links.ts';
import { type FormAsk, NotDone, type PlainForm, type Sent } from './form.ts';

const action = {
  right: 'act',
  nav: 'actions',
  of: ['data-id'],
  back: ({ of }: FormAsk): string => linkTo.action(of),
} as const;

async function post(
  { of, call }: FormAsk,
  what: 'cancel' | 'resume' | 'approve' | 'decline',
  body: object = {},
): Promise<Sent> {
  await call<Action>('POST', `/actions/${encodeURIComponent(of)}/${what}`, body);
  return { kind: 'done', said: { key: `forms.${what}` } };
}

/** What is done about an action under way, and about a process by its input. */
export const ACTION_FORMS = {
  'cancel-action': { ...action, send: (ask) => post(ask, 'cancel') },
  'resume-action': { ...action, send: (ask) => post(ask, 'resume') },
  'approve-action': { ...action, send: (ask) => post(ask, 'approve') },
  'decline-action': {
    ...action,
    send: (ask) => post(ask, 'decline', { reason: ask.given.get('reason') ?? '' }),
  },
  'send-input': {
    right: 'send-input',
    nav: 'processes',
    back: ({ of }) => `${inputPath(of)}?tab=input`,
    async send({ of, given, call, reader }) {
      // A form sends ends of lines as CR LF, whatever was typed.
      const typed = (given.get('text') ?? '').replaceAll('\r\n', '\n');
      const text = typed + (given.has('newline') ? '\n' : '');
      if (text === '') throw new NotDone(422, { cause: reader.say('forms.noInput'), mend: '' });
      const { bytes } = await call<SentInput>('POST', `${inputPath(of)}/input`, { text });
      return {
        kind: 'done',
        said: { key: 'input.sent', values: { n: bytes, time: clockTime(reader.nowMs, reader) } },
      };
    },
  },
} as const satisfies Record<string, PlainForm>;

/** `/processes/HOST/GROUP:NAME/input` of the API is a page of the console but for its last part. */
const inputPath = (of: string): string =>
  /^(\/processes\/[^/?#]+\/[^/?#]+)\/input$/.exec(of)?.[1] ?? '/processes';
