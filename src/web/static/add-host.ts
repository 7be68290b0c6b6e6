import type {
  ConnectionTest,
  FoundSupervisor,
  HostView,
  JoinToken,
  NewHost,
  NewJoinToken,
  TestWish,
} from '../../api/contract.ts';
import { installLine } from '../../fleet/install-line.ts';
import { testView } from '../view/connection-test.ts';
import { roughly } from '../view/format.ts';
import { linkTo } from '../view/links.ts';
import { sentence } from '../view/sentence.ts';
import { call, problemWords } from './api.ts';
import { onDo } from './doers.ts';
import { announce, closest } from './dom.ts';
import { html } from './draw.ts';
import { field } from './form-sheet.ts';
import { go } from './navigation.ts';
import { root, say } from './page-root.ts';
import { reader } from './screen.ts';
import { closeSheet, openSheet, redrawSheet } from './sheet.ts';
import { store } from './store.ts';

type Words = { readonly cause: string; readonly mend: string } | null;
const USES = [1, 10, 100];

/** What the sheet has come to; made anew each time it opens. */
interface Adding {
  readonly dialog: HTMLDialogElement;
  problem: Words;
  joinProblem: Words;
  test: ConnectionTest | null;
  found: readonly FoundSupervisor[];
  /** The one of them whose address is in the form. */
  taken: { readonly name: string; readonly url: string };
  join: { readonly token: JoinToken; readonly known: ReadonlySet<string>; readonly takeover: boolean } | null;
}
let adding: Adding | null = null;

function text(now: Omit<Adding, 'dialog'> | null): string {
  const hosts = store.world?.hosts ?? [];
  return html('partials/add-host', {
    problem: now?.problem,
    joinProblem: now?.joinProblem,
    found: now?.found.map((one) => ({ ...one, says: sentence(undefined, one.says, reader()) })),
    taken: now?.taken,
    join: joinView(now?.join ?? null, hosts),
    test: now?.test ? testView(now.test, reader()) : null,
    uses: USES.map((n) => ({ n, text: say('count.hosts', { n }) })),
    environments: [...new Set(hosts.flatMap(({ environment }) => environment ?? []))].sort(),
  });
}

function joinView(join: Adding['join'], hosts: readonly HostView[]): object | null {
  if (join === null) return null;
  const { token, known, takeover } = join;
  const line = installLine(`${location.origin}${root.base}`, token.token);
  const joined = hosts.filter(({ id }) => !known.has(id));
  return {
    line: takeover ? `${line} --takeover` : line,
    takeover,
    joined: joined.map((host) => ({ name: host.name, link: linkTo.host(host) })),
    says: say('add.uses', { n: token.uses, time: roughly(token.expiresAtMs - store.nowMs, reader()) }),
  };
}

function redraw(): void {
  if (adding !== null) redrawSheet(adding.dialog, text(adding));
}

onDo('add-host', () => {
  const dialog = openSheet('sheet', text(null), () => {
    if (adding?.dialog === dialog) adding = null;
  });
  const taken = { name: '', url: '' };
  adding = { dialog, problem: null, joinProblem: null, test: null, found: [], taken, join: null };
  void lookAround(adding);
});

/** Supervisords of the hub's own machine; not finding any is no problem. */
async function lookAround(now: Adding): Promise<void> {
  const answer = await call<FoundSupervisor[]>('GET', '/hosts/found');
  if (answer.ok) now.found = answer.value;
  if (answer.ok && answer.value.length > 0) redraw();
}

/** While the sheet waits for a host to join, it follows the fleet. */
store.onChange(() => {
  if (adding?.join != null) redraw();
});

onDo('take-found', (on) => {
  const { url = '', name = '' } = on.dataset;
  if (adding === null) return;
  adding.taken = { url, name };
  redraw();
  fill('name', name);
  fill('url', url);
  document.querySelector<HTMLElement>('#add-host [name="username"]')?.focus();
});

function fill(name: string, value: string): void {
  const input = document.querySelector<HTMLInputElement>(`#add-host [name="${name}"]`);
  if (input !== null) input.value = value;
}

document.addEventListener('change', ({ target }) => {
  if (!(target instanceof HTMLInputElement) || target.dataset.takeover === undefined) return;
  if (adding?.join == null) return;
  adding.join = { ...adding.join, takeover: target.checked };
  redraw();
});

document.addEventListener('submit', (event) => {
  const form = closest(event.target, '#add-host, #join-host');
  if (!(form instanceof HTMLFormElement)) return;
  event.preventDefault();
  void (form.id === 'add-host' ? add(form) : join(form));
});

onDo('test-address', () => {
  const form = document.getElementById('add-host');
  if (!(form instanceof HTMLFormElement)) return;
  const url = form.elements.namedItem('url');
  if (url instanceof HTMLInputElement && url.reportValidity()) void test(form);
});

const tagsIn = (given: FormData): string[] =>
  field(given, 'tags')
    .split(/[\s,#]+/)
    .filter(Boolean);

async function join(form: HTMLFormElement): Promise<void> {
  const now = adding;
  if (now === null) return;
  const given = new FormData(form);
  const environment = field(given, 'environment');
  const wish: NewJoinToken = {
    uses: Number(field(given, 'uses')),
    tags: tagsIn(given),
    ...(environment === '' ? {} : { environment }),
  };
  const known = new Set(store.world?.hosts.map(({ id }) => id));
  const answer = await call<JoinToken>('POST', '/join-tokens', wish);
  now.joinProblem = answer.ok ? null : problemWords(answer.problem);
  if (answer.ok) now.join = { token: answer.value, known, takeover: false };
  redraw();
}

async function test(form: HTMLFormElement): Promise<void> {
  const now = adding;
  if (now === null) return;
  const { url, username, password } = hostIn(form);
  const wish: TestWish = {
    url,
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password }),
  };
  const answer = await call<ConnectionTest>('POST', '/hosts/test', wish);
  now.problem = answer.ok ? null : problemWords(answer.problem);
  now.test = answer.ok ? answer.value : null;
  redraw();
}

async function add(form: HTMLFormElement): Promise<void> {
  const now = adding;
  if (now === null) return;
  const answer = await call<HostView>('POST', '/hosts', hostIn(form));
  if (!answer.ok) {
    now.problem = problemWords(answer.problem);
    return redraw();
  }
  closeSheet();
  announce(say('add.done', { host: answer.value.name }));
  go(linkTo.host(answer.value));
}

function hostIn(form: HTMLFormElement): NewHost {
  const given = new FormData(form);
  const optional = (name: 'username' | 'password' | 'environment'): object =>
    field(given, name) === '' ? {} : { [name]: field(given, name) };
  const tags = tagsIn(given);
  return {
    name: field(given, 'name'),
    url: field(given, 'url'),
    ...optional('username'),
    ...optional('password'),
    ...optional('environment'),
    ...(tags.length > 0 ? { tags } : {}),
  };
}
