import type { ConnectionTest, HostView, JoinToken, NewHost, TestWish } from '../../api/contract.ts';
import { testView } from '../view/connection-test.ts';
import { roughly } from '../view/format.ts';
import { linkTo } from '../view/links.ts';
import { call, problemWords } from './api.ts';
import { onDo } from './doers.ts';
import { announce, closest } from './dom.ts';
import { html } from './draw.ts';
import { go } from './navigation.ts';
import { root, say } from './page-root.ts';
import { reader } from './screen.ts';
import { closeSheet, openSheet, redrawSheet } from './sheet.ts';
import { store } from './store.ts';

type Words = { cause: string; mend: string } | null;
let dialog: HTMLDialogElement | null = null;
let problem: Words = null;
let join: { line: string; says: string } | null = null;
let joinProblem: Words = null;

let test: ConnectionTest | null = null;

const text = (): string =>
  html('partials/add-host', {
    problem,
    join,
    joinProblem,
    test: test === null ? null : testView(test, reader()),
  });

onDo('add-host', () => {
  [problem, join, joinProblem, test] = [null, null, null, null];
  dialog = openSheet('sheet', text());
});

onDo('make-join', async () => {
  const answer = await call<JoinToken>('POST', '/join-tokens', { uses: 1 });
  if (answer.ok) {
    const { token, uses, expiresAtMs } = answer.value;
    join = {
      line: joinLine(token),
      says: say('add.uses', { n: uses, time: roughly(expiresAtMs - store.nowMs, reader()) }),
    };
  } else joinProblem = problemWords(answer.problem);
  if (dialog !== null) redrawSheet(dialog, text());
});

/** What to paste on the host: a section that a stock supervisord ignores, then the agent on the same file. */
function joinLine(token: string): string {
  const section = `\\n[fleetvisor]\\nhub=${location.origin}${root.base}\\njoin_token=${token}\\n`;
  return `printf '${section}' >> /etc/supervisor/supervisord.conf && fleetvisord -c /etc/supervisor/supervisord.conf`;
}

document.addEventListener('submit', (event) => {
  const form = closest(event.target, '#add-host');
  if (!(form instanceof HTMLFormElement)) return;
  event.preventDefault();
  void add(form);
});

onDo('test-address', () => {
  const form = document.getElementById('add-host');
  if (!(form instanceof HTMLFormElement)) return;
  const url = form.elements.namedItem('url');
  if (url instanceof HTMLInputElement && url.reportValidity()) void add(form, true);
});

async function add(form: HTMLFormElement, testOnly = false): Promise<void> {
  const given = new FormData(form);
  const field = (name: string): string => String(given.get(name) ?? '').trim();
  const optional = (name: 'username' | 'password' | 'environment'): object =>
    field(name) === '' ? {} : { [name]: field(name) };
  const tags = field('tags')
    .split(/[\s,]+/)
    .filter(Boolean);
  const host: NewHost = {
    name: field('name'),
    url: field('url'),
    ...optional('username'),
    ...optional('password'),
    ...optional('environment'),
    ...(tags.length > 0 ? { tags } : {}),
  };
  const wish: TestWish = {
    url: host.url,
    ...(host.username === undefined ? {} : { username: host.username }),
    ...(host.password === undefined ? {} : { password: host.password }),
  };
  if (testOnly) {
    const answer = await call<ConnectionTest>('POST', '/hosts/test', wish);
    problem = answer.ok ? null : problemWords(answer.problem);
    test = answer.ok ? answer.value : null;
    if (dialog !== null) redrawSheet(dialog, text());
    return;
  }
  const answer = await call<HostView>('POST', '/hosts', host);
  if (answer.ok) {
    closeSheet();
    announce(say('add.done', { host: answer.value.name }));
    return go(linkTo.host(answer.value));
  }
  problem = problemWords(answer.problem);
  if (dialog !== null) redrawSheet(dialog, text());
}
