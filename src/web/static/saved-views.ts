import type { SavedView } from '../../api/contract.ts';
import { queryOfPage, type ViewEntry, viewsOf } from '../view/saved-views.ts';
import { type Answer, call } from './api.ts';
import { get, stale } from './asked.ts';
import { onDo } from './doers.ts';
import { announceWithUndo, tell } from './dom.ts';
import { html } from './draw.ts';
import { doNow, field, openForm } from './form-sheet.ts';
import { openMenu } from './menu.ts';
import { say } from './page-root.ts';
import { path, reader } from './screen.ts';

const pathOf = (id: string): string => `/views/${encodeURIComponent(id)}`;
const page = (): SavedView['page'] => (path().startsWith('/logs') ? 'logs' : 'processes');
const here = (): string => queryOfPage(page(), new URLSearchParams(location.search));
const views = (): readonly ViewEntry[] =>
  viewsOf(page(), new URLSearchParams(location.search), get, reader()) ?? [];
const current = (): ViewEntry | undefined => views().find((view) => view.current);

onDo('views', (on) =>
  openMenu(on, 'views-menu', () => {
    const all = views();
    const now = all.find((view) => view.current);
    const items = [
      ...all.map(({ name, link, current: isHere, opensFirst, shared }) => ({
        link,
        label: name,
        icon: isHere ? 'check' : shared ? 'users' : 'bookmark',
        key: opensFirst ? '★' : '',
      })),
      { link: `/${page()}`, label: say('views.plain'), icon: 'stack-2' },
      { rule: true },
      { does: 'save-view', label: say('views.save'), icon: 'plus' },
      ...(now === undefined ? [] : careOf(now)),
    ];
    return html('partials/menu', { title: say('views.title'), items });
  }),
);

function careOf({ id, own, opensFirst }: ViewEntry): object[] {
  const mayRemove = own || reader().may('manage-hub');
  return [
    {
      does: 'view-first',
      id,
      verb: opensFirst ? 'no' : 'yes',
      label: say(opensFirst ? 'views.notFirst' : 'views.makeFirst'),
      icon: 'star',
    },
    ...(own ? [{ does: 'edit-view', id, label: say('views.edit'), icon: 'pencil' }] : []),
    ...(mayRemove ? [{ does: 'remove-view', id, label: say('views.remove'), icon: 'trash' }] : []),
  ];
}

interface Words {
  readonly title: string;
  readonly button: string;
  readonly name: string;
  readonly shared: boolean;
  readonly opensFirst: boolean;
}

function viewSheet(words: Words, send: (wish: object) => Promise<Answer<SavedView>>): void {
  const query = here();
  openForm<SavedView>({
    template: 'partials/view-sheet',
    model: () => ({ ...words, query: query === '' ? say('views.everything') : query }),
    send: (given) =>
      send({ name: field(given, 'name'), shared: given.has('shared'), opensFirst: given.has('first') }),
    done({ name }) {
      stale('/views');
      tell(say('views.saved', { name }));
    },
  });
}

onDo('save-view', () => {
  const wish = { page: page(), query: here() };
  const words = { title: say('views.save'), button: say('edit.save') };
  viewSheet({ ...words, name: '', shared: false, opensFirst: false }, (given) =>
    call('POST', '/views', { ...wish, ...given }),
  );
});

onDo('edit-view', () => {
  const now = current();
  if (now === undefined) return;
  viewSheet({ ...now, title: say('views.edit'), button: say('edit.save') }, (given) =>
    call('PATCH', pathOf(now.id), given),
  );
});

onDo('view-first', (on) => {
  const opensFirst = on.dataset.verb === 'yes';
  void doNow(call('PATCH', pathOf(on.dataset.id ?? ''), { opensFirst }), () => stale('/views'));
});

onDo('remove-view', (on) => {
  const gone = views().find(({ id }) => id === on.dataset.id);
  if (gone === undefined) return;
  const again = {
    page: page(),
    query: here(),
    name: gone.name,
    shared: gone.shared,
    opensFirst: gone.opensFirst,
  };
  void doNow(call('DELETE', pathOf(gone.id)), () => {
    stale('/views');
    const putBack = (): void => void doNow(call('POST', '/views', again), () => stale('/views'));
    if (gone.own) announceWithUndo(say('views.removed', { name: gone.name }), say('do.putBack'), putBack);
    else tell(say('views.removed', { name: gone.name }));
  });
});
