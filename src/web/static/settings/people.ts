import { RIGHTS } from '../../../accounts/rights.ts';
import type { GrantView, UserMade, UserPatch, UserView } from '../../../api/contract.ts';
import { conflictRows, type FieldTexts } from '../../view/conflict.ts';
import { coveredBy } from '../../view/settings/covered.ts';
import {
  draftOf,
  draftViews,
  FIRST_DRAFT,
  type GrantDraft,
  grantOfDraft,
  namesToPick,
  WHERES,
} from '../../view/settings/grant-draft.ts';
import { grantsInWords, separateRights } from '../../view/settings/grant-words.ts';
import { type Answer, call } from '../api.ts';
import { stale } from '../asked.ts';
import { onDo } from '../doers.ts';
import { tell } from '../dom.ts';
import { type Clash, doNow, field, type OpenForm, openForm, showOnce } from '../form-sheet.ts';
import { go } from '../navigation.ts';
import { say } from '../page-root.ts';
import { reader } from '../screen.ts';
import { store } from '../store.ts';

const userPath = (id: string): string => `/users/${encodeURIComponent(id)}`;

let drafts: GrantDraft[] = [];
let open: OpenForm | null = null;

function grantSheet<T>(wish: {
  readonly words: { title: string; text: string; button: string; adding: boolean };
  readonly first: readonly GrantDraft[];
  send(given: FormData, grants: readonly GrantView[]): Promise<Answer<T>>;
  done(value: T): void;
  conflict?(grants: readonly GrantView[]): Promise<Clash | null>;
}): void {
  drafts = [...wish.first];
  open = openForm<T>({
    template: 'partials/person-sheet',
    kind: 'sheet',
    model: () => ({
      ...wish.words,
      grants: store.world === null ? [] : draftViews(drafts, store.world, reader()),
      lists: store.world === null ? [] : namesToPick(store.world),
    }),
    send: (given) => wish.send(given, drafts.map(grantOfDraft)),
    done: wish.done,
    ...(wish.conflict === undefined
      ? {}
      : { conflict: () => wish.conflict?.(drafts.map(grantOfDraft)) ?? Promise.resolve(null) }),
    changed(form, sheet) {
      drafts = readDrafts(form);
      sheet.redraw();
    },
  });
}

function readDrafts(form: HTMLFormElement): GrantDraft[] {
  return [...form.querySelectorAll<HTMLElement>('.grant')].map((box) => {
    const value = (name: string): string =>
      box.querySelector<HTMLInputElement | HTMLSelectElement>(`[name="${name}"]`)?.value ?? '';
    const role = (['viewer', 'operator', 'admin'] as const).find((one) => one === value('role')) ?? 'viewer';
    const where = WHERES.find((one) => one === value('where')) ?? 'everything';
    const ticks = [...box.querySelectorAll<HTMLInputElement>('[name="right"]')];
    const out = RIGHTS.filter((right) => ticks.some((tick) => tick.value === right && !tick.checked));
    const before = drafts[Number(box.dataset.at)];
    // Another kind of place is another name; rights of another role begin whole.
    const kept = before?.where === where;
    return {
      role,
      where,
      name: kept ? value('name-of') : '',
      group: kept ? value('group') : '',
      out: before?.role === role ? out : out.filter((right) => separateRights(role).includes(right)),
    };
  });
}

onDo('grant-add', () => {
  drafts = [...drafts, { ...FIRST_DRAFT, where: 'environment' }];
  open?.redraw();
});
onDo('grant-remove', (on) => {
  drafts = drafts.filter((_, at) => at !== Number(on.dataset.at));
  open?.redraw();
});

onDo('add-person', () =>
  grantSheet<UserMade>({
    words: {
      title: say('people.addTitle'),
      text: say('people.addText'),
      button: say('people.addPlain'),
      adding: true,
    },
    first: [FIRST_DRAFT],
    send: (given, grants) => call('POST', '/users', { name: field(given, 'name'), grants }),
    done: showPassword,
  }),
);

function showPassword({ user, password }: UserMade): void {
  stale('/users');
  const title = say('people.made', { name: user.name });
  showOnce({ icon: 'user', title, text: say('people.madeText'), secret: password ?? '' });
}

onDo('edit-grants', (on) => {
  const id = on.dataset.id ?? '';
  void doNow(call<UserView>('GET', userPath(id)), (was, etag) => {
    const { name, grants } = was;
    let version = etag;
    grantSheet<UserView>({
      words: {
        title: say('people.editTitle', { name }),
        text: say('people.editText'),
        button: say('people.saveButton'),
        adding: false,
      },
      first: grants.map(draftOf),
      send: (_given, grants) => call('PATCH', userPath(id), { grants }, version),
      done: () => changed(say('people.saved', { name })),
      async conflict(mine) {
        const now = await call<UserView>('GET', userPath(id));
        if (!now.ok) return null;
        return {
          rows: conflictRows(textsOf(was), textsOf(now.value), textsOf({ ...was, grants: mine })),
          keepMine: () => {
            version = now.etag;
          },
          takeTheirs: () => {
            version = now.etag;
            drafts = now.value.grants.map(draftOf);
          },
        };
      },
    });
  });
});

const textsOf = ({ grants, disabled }: Pick<UserView, 'grants' | 'disabled'>): FieldTexts => [
  [say('people.may'), grantsInWords(grants, reader())],
  [say('conflict.disabled'), disabled ? say('conflict.disabled') : ''],
];

function changed(says: string): void {
  stale('/users', '/audit');
  tell(says);
}

interface Ask<T> {
  readonly icon: string;
  readonly title: string;
  readonly text: string;
  readonly button: string;
  readonly danger: boolean;
  send(): Promise<Answer<T>>;
  done(value: T): void;
}

/** Asks before something that somebody else will feel. */
function ask<T>(wish: Ask<T>): void {
  openForm<T>({ template: 'partials/ask-sheet', model: () => wish, send: wish.send, done: wish.done });
}

onDo('reset-password', (on) => {
  const { id = '', name = '' } = on.dataset;
  ask<UserMade>({
    icon: 'key',
    title: say('people.resetTitle', { name }),
    text: say('people.resetText', { name }),
    button: say('people.resetButton'),
    danger: false,
    send: () => call('POST', `${userPath(id)}/password`, {}),
    done: showPassword,
  });
});

onDo('drop-factor-of', (on) => {
  const { id = '', name = '' } = on.dataset;
  ask<null>({
    icon: 'shield-lock',
    title: say('people.dropTitle', { name }),
    text: say('people.dropText', { name }),
    button: say('people.dropButton'),
    danger: true,
    send: () => call('DELETE', `${userPath(id)}/second-factor`),
    done: () => changed(say('people.dropped', { name })),
  });
});

onDo('disable-person', (on) => {
  const { id = '', name = '' } = on.dataset;
  ask<UserView>({
    icon: 'user',
    title: say('people.disableTitle', { name }),
    text: say('people.disableText', { name }),
    button: say('people.disableButton', { name }),
    danger: true,
    send: () => setDisabled(id, { disabled: true }),
    done: () => changed(say('people.isDisabled', { name })),
  });
});

onDo('enable-person', (on) => {
  void doNow(setDisabled(on.dataset.id ?? '', { disabled: false }), ({ name }) =>
    changed(say('people.isEnabled', { name })),
  );
});

const setDisabled = (id: string, patch: UserPatch): Promise<Answer<UserView>> =>
  call('PATCH', userPath(id), patch);

document.addEventListener('input', ({ target }) => {
  if (!(target instanceof HTMLInputElement) || target.dataset.covers === undefined) return;
  const words = target.closest('form')?.querySelector('.covers');
  const world = store.world;
  if (words && world !== null)
    words.textContent = target.value.trim() === '' ? '' : coveredBy(target.value, world, reader()).says;
});

document.addEventListener('submit', (event) => {
  const { target } = event;
  if (!(target instanceof HTMLFormElement) || !target.matches('.audit-form')) return;
  event.preventDefault();
  const query = new URLSearchParams();
  for (const [name, value] of new FormData(target))
    if (String(value).trim() !== '') query.set(name, String(value).trim());
  go(`${target.dataset.page ?? '/settings/audit'}${query.size === 0 ? '' : `?${query}`}`);
});
