import { rightsOfRole } from '../../accounts/rights.ts';
import type { GrantView, UserMade, UserPatch, UserView } from '../../api/contract.ts';
import {
  draftOf,
  draftViews,
  FIRST_DRAFT,
  type GrantDraft,
  grantOfDraft,
  namesToPick,
  WHERES,
} from '../view/settings/grant-draft.ts';
import { RIGHT_NAMES, separateRights } from '../view/settings/grant-words.ts';
import { type FormAsk, type FormPage, field, type PlainForm, type Sent, shownAgain } from './form.ts';
import { oncePage } from './you.ts';

const userPath = (id: string): string => `/users/${encodeURIComponent(id)}`;
const person = {
  right: 'manage-people',
  nav: 'settings',
  of: ['data-id'],
  back: ({ of }: FormAsk): string => `/settings/people/${encodeURIComponent(of)}`,
} as const;

/** What an administrator does about people. */
export const PEOPLE_FORMS = {
  'add-person': {
    right: 'manage-people',
    nav: 'settings',
    back: '/settings/people',
    page: addPage,
    async send(ask) {
      const drafts = draftsIn(ask.given);
      if (ask.given.has('grant')) return { kind: 'shown', page: addPage(ask) };
      const body = { name: field(ask.given, 'name'), grants: drafts.map(grantOfDraft) };
      return passwordShown(await ask.call<UserMade>('POST', '/users', body), ask);
    },
  },
  'edit-grants': {
    ...person,
    page: grantsPage,
    async send(ask) {
      if (ask.given.has('grant')) return { kind: 'shown', page: await grantsPage(ask) };
      const [first, ...more] = draftsIn(ask.given).map(grantOfDraft);
      const grants: readonly GrantView[] = first === undefined ? [] : [first, ...more];
      const { name } = await ask.call<UserView>('PATCH', userPath(ask.of), { grants });
      return { kind: 'done', said: { key: 'people.saved', values: { name } } };
    },
  },
  'reset-password': {
    ...person,
    page: (ask) => askPage(ask, 'key', 'people.resetTitle', 'people.resetText', 'people.resetButton'),
    send: async (ask) =>
      passwordShown(await ask.call<UserMade>('POST', `${userPath(ask.of)}/password`, {}), ask),
  },
  'drop-factor-of': {
    ...person,
    page: async (ask) => ({
      ...(await askPage(ask, 'shield-lock', 'people.dropTitle', 'people.dropText', 'people.dropButton')),
      danger: true,
    }),
    async send(ask) {
      const { name } = await ask.call<UserView>('GET', userPath(ask.of));
      await ask.call('DELETE', `${userPath(ask.of)}/second-factor`);
      return { kind: 'done', said: { key: 'people.dropped', values: { name } } };
    },
  },
  'disable-person': {
    ...person,
    page: async (ask) => ({
      ...(await askPage(ask, 'user', 'people.disableTitle', 'people.disableText', 'people.disableButton')),
      danger: true,
    }),
    send: (ask) => patched(ask, { disabled: true }, 'people.isDisabled'),
  },
  'enable-person': { ...person, send: (ask) => patched(ask, { disabled: false }, 'people.isEnabled') },
} as const satisfies Record<string, PlainForm>;

function addPage(ask: FormAsk): FormPage {
  const { say } = ask.reader;
  const words = {
    title: say('people.addTitle'),
    text: say('people.addText'),
    button: say('people.addPlain'),
  };
  return grantPage(ask, words, [FIRST_DRAFT], { adding: true });
}

async function grantsPage(ask: FormAsk): Promise<FormPage> {
  const { say } = ask.reader;
  const { name, grants } = await ask.call<UserView>('GET', userPath(ask.of));
  const words = {
    title: say('people.editTitle', { name }),
    text: say('people.editText'),
    button: say('people.saveButton'),
  };
  const version = await ask.versionOf(userPath(ask.of));
  return { ...grantPage(ask, words, grants.map(draftOf), {}), version };
}

async function patched(
  { of, call }: FormAsk,
  patch: UserPatch,
  key: 'people.isDisabled' | 'people.isEnabled',
): Promise<Sent> {
  const { name } = await call<UserView>('PATCH', userPath(of), patch);
  return { kind: 'done', said: { key, values: { name } } };
}

type AskKey<Part extends string> = `people.${'reset' | 'drop' | 'disable'}${Part}`;

async function askPage(
  { of, call, reader: { say } }: FormAsk,
  icon: string,
  title: AskKey<'Title'>,
  text: AskKey<'Text'>,
  button: AskKey<'Button'>,
): Promise<FormPage> {
  const { name } = await call<UserView>('GET', userPath(of));
  return {
    icon,
    title: say(title, { name }),
    text: say(text, { name }),
    button: say(button, { name }),
    shape: 'one',
  };
}

function passwordShown({ user, password }: UserMade, { reader: { say } }: FormAsk): Sent {
  const title = say('people.made', { name: user.name });
  return { kind: 'shown', page: oncePage('user', title, say('people.madeText'), password ?? '') };
}

/** Who may what where, each grant with all its fields: no script hides those that do not count. */
function grantPage(
  { given, world, reader }: FormAsk,
  words: Pick<FormPage, 'title' | 'text' | 'button'>,
  first: readonly GrantDraft[],
  more: object,
): FormPage {
  const drafts = given.has('role') ? draftsIn(given) : first;
  return {
    ...words,
    icon: 'user',
    fields: 'person',
    shape: 'one',
    model: {
      ...more,
      plain: true,
      given: shownAgain(given),
      grants: draftViews(drafts, world, reader).map((view, at) => ({
        ...view,
        prefix: `${at} `,
        named: true,
        groupable: true,
        rights: separateRights('admin').map((right) => ({
          right,
          label: reader.say(RIGHT_NAMES[right] ?? 'right.act'),
          on: drafts[at]?.out.includes(right) !== true,
        })),
      })),
      lists: namesToPick(world),
    },
  };
}

/** The grants as the form has them, one more or one less where that was asked for. */
function draftsIn(given: URLSearchParams): GrantDraft[] {
  const [wheres, names, groups] = [given.getAll('where'), given.getAll('name-of'), given.getAll('group')];
  const ticks = new Set(given.getAll('right'));
  const drafts = given.getAll('role').map((asked, at): GrantDraft => {
    const role = (['viewer', 'operator', 'admin'] as const).find((one) => one === asked) ?? 'viewer';
    return {
      role,
      where: WHERES.find((one) => one === wheres[at]) ?? 'everything',
      name: names[at] ?? '',
      group: groups[at] ?? '',
      out: rightsOfRole(role).filter(
        (right) => RIGHT_NAMES[right] !== undefined && !ticks.has(`${at} ${right}`),
      ),
    };
  });
  const wish = given.get('grant');
  if (wish === 'more') return [...drafts, { ...FIRST_DRAFT, where: 'environment' }];
  return wish === null ? drafts : drafts.filter((_, at) => at !== Number(wish));
}
