import type { ConnectionTest, HostPatch, HostView } from '../../api/contract.ts';
import { type ConflictRow, conflictRows, type FieldTexts, onlyChanged } from '../view/conflict.ts';
import { testView } from '../view/connection-test.ts';
import { roughly } from '../view/format.ts';
import { linkTo } from '../view/links.ts';
import { call, isConflict, problemWords } from './api.ts';
import { onDo } from './doers.ts';
import { announce, announceWithUndo, closest } from './dom.ts';
import { html } from './draw.ts';
import { doNow } from './form-sheet.ts';
import { go } from './navigation.ts';
import { say } from './page-root.ts';
import { reader } from './screen.ts';
import { closeSheet, openSheet, redrawSheet } from './sheet.ts';
import { store } from './store.ts';

type Kind = 'testing' | 'editing' | 'removing' | 'maintaining';
const ICONS = { testing: 'stethoscope', editing: 'pencil', removing: 'trash', maintaining: 'tool' } as const;
const SPANS_MIN = [30, 60, 240, 1440, 0];

interface Open {
  readonly kind: Kind;
  host: HostView;
  readonly dialog: HTMLDialogElement | null;
  test: ConnectionTest | null;
  problem: { cause: string; mend: string } | null;
  /** Of what was written about the host when the form was opened. */
  version: string | null;
  /** What somebody else wrote meanwhile, and what this form wanted. */
  clash: { readonly rows: readonly ConflictRow[]; readonly now: Version; readonly wanted: HostPatch } | null;
}

interface Version {
  readonly host: HostView;
  readonly etag: string | null;
}
let current: Open | null = null;

function sheetText({ kind, host, test, problem, clash }: Open): string {
  return html('partials/host-sheet', {
    [kind]: true,
    icon: ICONS[kind],
    title: say(`host.${kind}`, { host: host.name }),
    name: host.name,
    host,
    tags: host.tags.join(' '),
    test: test === null ? null : testView(test, reader()),
    spans: SPANS_MIN.map((minutes) => ({
      minutes,
      text: minutes === 0 ? say('maintain.open') : roughly(minutes * 60_000, reader()),
    })),
    problem,
    conflict: clash,
  });
}

function redrawCurrent(): void {
  if (current?.dialog != null) redrawSheet(current.dialog, sheetText(current));
}

function openFor(kind: Kind, id: string | undefined, read: Version | null = null): Open | null {
  const host = read?.host ?? store.world?.hosts.find((one) => one.id === id);
  if (host === undefined) return null;
  const version = read?.etag ?? null;
  const opened: Open = { kind, host, dialog: null, test: null, problem: null, version, clash: null };
  current = { ...opened, dialog: openSheet('sheet', sheetText(opened)) };
  return current;
}

onDo('test-host', async (on) => {
  const opened = openFor('testing', on.dataset.id);
  if (opened === null) return;
  const answer = await call<ConnectionTest>('POST', `/hosts/${encodeURIComponent(opened.host.id)}/test`, {});
  if (answer.ok) opened.test = answer.value;
  else opened.problem = problemWords(answer.problem);
  redrawCurrent();
});
onDo('edit-host', (on) => {
  const id = on.dataset.id ?? '';
  void doNow(
    call<HostView>('GET', hostPath(id)),
    (host, etag) => void openFor('editing', id, { host, etag }),
  );
});
onDo('maintain-host', (on) => void openFor('maintaining', on.dataset.id));
onDo('remove-host', (on) => void openFor('removing', on.dataset.id));
onDo('end-maintenance', (on) => void patch(on.dataset.id ?? '', { maintenance: null }));
onDo('disable-host', (on) => void patch(on.dataset.id ?? '', { disabled: on.dataset.verb === 'disable' }));

onDo('submit-form', (on) => {
  const form = document.getElementById(on.dataset.form ?? '');
  if (form instanceof HTMLFormElement) form.requestSubmit();
});

const hostPath = (id: string): string => `/hosts/${encodeURIComponent(id)}`;

async function patch(id: string, wanted: HostPatch, version: string | null = null): Promise<void> {
  const before = store.world?.hosts.find((one) => one.id === id)?.name;
  const answer = await call<HostView>('PATCH', hostPath(id), wanted, version);
  if (!answer.ok) {
    if (isConflict(answer.problem)) return showClash(id, wanted);
    const words = problemWords(answer.problem);
    if (current?.dialog?.isConnected) current.problem = words;
    else announce(`${words.cause} ${words.mend}`);
    return redrawCurrent();
  }
  closeSheet();
  announce(say('edit.done', { host: answer.value.name }));
  if (before !== answer.value.name) go(linkTo.host(answer.value));
}

document.addEventListener('submit', (event) => {
  const form = closest(event.target, '#edit-host, #maintain-host');
  if (!(form instanceof HTMLFormElement)) return;
  event.preventDefault();
  const given = new FormData(form);
  const id = form.dataset.id ?? '';
  if (form.id === 'maintain-host') void patch(id, maintenanceOf(given));
  else if (current !== null) void patch(id, onlyChanged(editOf(given), current.host), current.version);
});

async function showClash(id: string, wanted: HostPatch): Promise<void> {
  const now = await call<HostView>('GET', hostPath(id));
  if (current === null || !now.ok) return;
  const { host } = current;
  const rows = conflictRows(textsOf(host), textsOf(now.value), textsOf({ ...host, ...wanted }));
  current.clash = { rows, now: { host: now.value, etag: now.etag }, wanted };
  current.problem = null;
  redrawCurrent();
}

interface Edited {
  readonly name?: string | undefined;
  readonly environment?: string | null | undefined;
  readonly url?: string | null | undefined;
  readonly tags?: readonly string[] | undefined;
  readonly notes?: string | undefined;
}

const textsOf = (host: Edited): FieldTexts => [
  [say('add.name'), host.name ?? ''],
  [say('add.environment'), host.environment ?? ''],
  [say('add.address'), host.url ?? ''],
  [say('add.tags'), (host.tags ?? []).join(' ')],
  [say('edit.notes'), host.notes ?? ''],
];

document.addEventListener('click', ({ target }) => {
  const wanted = closest(target, '[data-do=keep-mine], [data-do=take-theirs]')?.dataset.do;
  const clash = current?.clash ?? null;
  if (wanted === undefined || current === null || clash === null || !current.dialog?.isConnected) return;
  current.clash = null;
  current.version = clash.now.etag;
  if (wanted === 'keep-mine') return void patch(current.host.id, clash.wanted, clash.now.etag);
  current.host = clash.now.host;
  current.dialog.querySelector('form')?.reset();
  redrawCurrent();
});

function editOf(given: FormData): HostPatch {
  const field = (name: string): string => String(given.get(name) ?? '').trim();
  const environment = field('environment');
  return {
    name: field('name'),
    environment: environment === '' ? null : environment,
    tags: field('tags')
      .split(/[\s,#]+/)
      .filter(Boolean),
    notes: field('notes'),
    ...(given.has('url') ? { url: field('url') } : {}),
    ...(field('username') === '' ? {} : { username: field('username') }),
    ...(field('password') === '' ? {} : { password: field('password') }),
  };
}

function maintenanceOf(given: FormData): HostPatch {
  const minutes = Number(given.get('minutes'));
  const note = String(given.get('note') ?? '').trim();
  return {
    maintenance: {
      untilMs: minutes === 0 ? null : Math.round(store.nowMs + minutes * 60_000),
      ...(note === '' ? {} : { note }),
    },
  };
}

onDo('remove-now', async (on) => {
  const { id = '', name = '' } = on.dataset;
  const answer = await call('DELETE', `/hosts/${encodeURIComponent(id)}`);
  if (!answer.ok) {
    if (current !== null) current.problem = problemWords(answer.problem);
    return redrawCurrent();
  }
  closeSheet();
  go('/hosts');
  announceWithUndo(say('host.removed', { host: name }), say('do.putBack'), () => void putBack(id));
});

async function putBack(id: string): Promise<void> {
  const answer = await call<HostView>('POST', `/hosts/${encodeURIComponent(id)}/restore`, {});
  if (answer.ok) {
    announce(say('host.isBack', { host: answer.value.name }));
    go(linkTo.host(answer.value));
  } else announce(Object.values(problemWords(answer.problem)).join(' '));
}
