import type { SavedView } from '../../api/contract.ts';
import { entriesIn, linkOfView, viewsRead } from '../view/saved-views.ts';
import { type FormAsk, type FormPage, field, firstWord, type PlainForm, type Sent } from './form.ts';

const viewPath = (id: string): string => `/views/${encodeURIComponent(id)}`;
const view = {
  right: null,
  nav: 'processes',
  of: ['data-id'],
  back: ({ from }: FormAsk): string => from,
} as const;
const wishIn = (given: URLSearchParams) => ({
  name: field(given, 'name'),
  shared: given.has('shared'),
  opensFirst: given.has('first'),
});

/** What is done about saved views; a new one is of the list's page and its query. */
export const VIEW_FORMS = {
  'save-view': {
    ...view,
    back: ({ of }) => linkOfView(listIn(of)),
    async page(ask) {
      const { page, query } = listIn(ask.of);
      const { say, may } = ask.reader;
      const none = { name: '', shared: false, opensFirst: false, query };
      const all = await ask.call<readonly SavedView[]>('GET', viewsRead.path);
      const views = entriesIn(all, page, new URLSearchParams(query), ask.reader);
      return {
        ...viewPage(ask, none, say('views.save')),
        below: 'view-list',
        model: {
          ...typed(ask, none),
          views: views.map((one) => ({
            ...one,
            removable: one.own || may('manage-hub'),
            first: one.opensFirst ? 'no' : 'yes',
          })),
        },
      };
    },
    async send({ of, given, call }) {
      const made = await call<SavedView>('POST', '/views', { ...listIn(of), ...wishIn(given) });
      return saved(made);
    },
  },
  'edit-view': {
    ...view,
    async page(ask) {
      const all = await ask.call<readonly SavedView[]>('GET', viewsRead.path);
      const now = all.find(({ id }) => id === ask.of);
      return now === undefined ? null : viewPage(ask, now, ask.reader.say('views.edit'));
    },
    send: async ({ of, given, call }) => saved(await call<SavedView>('PATCH', viewPath(of), wishIn(given))),
  },
  'view-first': {
    ...view,
    of: ['data-id', 'data-verb'],
    async send({ of, call }) {
      const [id, verb] = firstWord(of);
      return saved(await call<SavedView>('PATCH', viewPath(id), { opensFirst: verb === 'yes' }));
    },
  },
  'remove-view': {
    ...view,
    of: ['data-id', 'data-label'],
    async send({ of, from, call }) {
      const [id, name] = firstWord(of);
      await call('DELETE', viewPath(id));
      return { kind: 'done', said: { key: 'views.removed', values: { name } }, to: from };
    },
  },
} as const satisfies Record<string, PlainForm>;

const saved = (made: SavedView): Sent => ({
  kind: 'done',
  said: { key: 'views.saved', values: { name: made.name } },
  to: linkOfView(made),
});

function listIn(of: string): Pick<SavedView, 'page' | 'query'> {
  const [, page, query = ''] = /^(processes|logs)(?:\?(.*))?$/s.exec(of) ?? [];
  return { page: page === 'logs' ? 'logs' : 'processes', query };
}

type Told = Pick<SavedView, 'name' | 'shared' | 'opensFirst' | 'query'>;

function typed({ given, reader: { say } }: FormAsk, told: Told): object {
  const again = given.has('name') ? wishIn(given) : told;
  return { ...again, query: told.query === '' ? say('views.everything') : told.query };
}

function viewPage(ask: FormAsk, told: Told, title: string): FormPage {
  return {
    icon: 'bookmark',
    title,
    text: ask.reader.say('views.text'),
    button: ask.reader.say('edit.save'),
    fields: 'view',
    shape: 'one',
    model: typed(ask, told),
  };
}
