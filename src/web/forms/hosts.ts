import type {
  ConnectionTest,
  FoundSupervisor,
  HostPatch,
  HostView,
  ImportReport,
  JoinToken,
  NewHost,
  TestWish,
} from '../../api/contract.ts';
import { installLine } from '../../fleet/install-line.ts';
import { testView } from '../view/connection-test.ts';
import { roughly } from '../view/format.ts';
import { importView } from '../view/import-report.ts';
import { readable } from '../view/jobs.ts';
import { linkTo } from '../view/links.ts';
import { hostCare, hostVerbs, quieterVerbs, RULE } from '../view/more-verbs.ts';
import { sentence } from '../view/sentence.ts';
import {
  type FormAsk,
  type FormPage,
  field,
  filled,
  firstWord,
  NotDone,
  type PlainForm,
  type Sent,
  shownAgain,
  tagsIn,
} from './form.ts';

const SPANS_MIN = [30, 60, 240, 1440, 0];
const USES = [1, 10, 100];
const hostPath = (id: string): string => `/hosts/${encodeURIComponent(id)}`;
const hostIn = ({ of, world }: FormAsk): HostView | undefined =>
  world.hosts.find(({ id }) => id === firstWord(of)[0]);
const known = { right: 'manage-hosts', nav: 'hosts', of: ['data-id'], back: backToHost } as const;
const fresh = { right: 'manage-hosts', nav: 'hosts', back: '/hosts' } as const;

function backToHost(ask: FormAsk): string {
  const host = hostIn(ask);
  return host === undefined ? '/hosts' : linkTo.host(host);
}

/** What an administrator does about the hub's entries of hosts. */
export const HOST_FORMS = {
  'add-host': { ...fresh, page: newHostPage, send: addHost },
  'make-join-line': { ...fresh, page: joinPage, send: makeLine },
  'import-hosts': {
    ...fresh,
    page: (ask) => importPage(ask, null),
    send: async (ask) => ({ kind: 'shown', page: importPage(ask, await imported(ask)) }),
  },
  'test-host': { ...known, send: testKnown },
  'check-host': { ...known, send: testKnown },
  'edit-host': {
    ...known,
    async page(ask) {
      const host = hostIn(ask);
      if (host === undefined) return null;
      const { say } = ask.reader;
      const given = shownAgain(ask.given);
      return {
        icon: 'pencil',
        title: say('host.editing', { host: host.name }),
        button: say('edit.save'),
        version: await ask.versionOf(hostPath(host.id)),
        fields: 'host',
        model: { given, host: { ...host, ...given }, tags: given.tags ?? host.tags.join(' ') },
      };
    },
    send: (ask) => patched(ask, editIn(ask.given)),
  },
  'maintain-host': {
    ...known,
    page(ask) {
      const host = hostIn(ask);
      const { say } = ask.reader;
      const picked = Number(field(ask.given, 'minutes'));
      return host === undefined
        ? null
        : {
            icon: 'tool',
            title: say('host.maintaining', { host: host.name }),
            button: say('maintain.begin'),
            fields: 'maintenance',
            model: {
              given: shownAgain(ask.given),
              spans: SPANS_MIN.map((minutes) => ({
                minutes,
                text: minutes === 0 ? say('maintain.open') : roughly(minutes * 60_000, ask.reader),
                on: ask.given.has('minutes') && minutes === picked,
              })),
            },
          };
    },
    send: (ask) => patched(ask, maintenanceIn(ask)),
  },
  'end-maintenance': { ...known, send: (ask) => patched(ask, { maintenance: null }) },
  'disable-host': {
    ...known,
    of: ['data-id', 'data-verb'],
    send: (ask) => patched(ask, { disabled: firstWord(ask.of)[1] === 'disable' }),
  },
  'remove-host': {
    ...known,
    page(ask) {
      const host = hostIn(ask);
      const { say } = ask.reader;
      return host === undefined
        ? null
        : {
            icon: 'trash',
            title: say('host.removing', { host: host.name }),
            text: `${say('host.removeAsk', { host: host.name })} ${say('host.removeUndo')}`,
            button: say('host.removeButton', { host: host.name }),
            danger: true,
          };
    },
    async send(ask) {
      const host = hostIn(ask);
      await ask.call('DELETE', hostPath(ask.of));
      const undo = { form: 'restore-host', of: ask.of, label: 'do.putBack' } as const;
      const values = { host: host?.name ?? ask.of };
      return { kind: 'done', said: { key: 'host.removed', values, undo }, to: '/hosts' };
    },
  },
  'restore-host': {
    ...known,
    async send({ of, call }) {
      const host = await call<HostView>('POST', `${hostPath(of)}/restore`, {});
      return {
        kind: 'done',
        said: { key: 'host.isBack', values: { host: host.name } },
        to: linkTo.host(host),
      };
    },
  },
  /** What the menu of a process or a host holds. */
  'more-verbs': {
    right: null,
    nav: 'hosts',
    of: ['data-host', 'data-id', 'data-selector'],
    back: ({ from }) => from,
    page({ of, world, reader }) {
      const [host, rest] = firstWord(of);
      const [id, selector] = firstWord(rest);
      const care = reader.may('manage-hosts') ? world.hosts.find((one) => one.id === id) : undefined;
      const items = [
        ...quieterVerbs(selector, reader),
        ...(host === '-' ? [] : [RULE, ...hostVerbs(host, reader)]),
        ...(care === undefined ? [] : [RULE, ...hostCare(care, reader)]),
      ];
      return { icon: 'dots', title: readable(selector), above: 'menu', model: { items } };
    },
  },
} as const satisfies Record<string, PlainForm>;

async function patched(ask: FormAsk, patch: HostPatch): Promise<Sent> {
  const [id] = firstWord(ask.of);
  const host = await ask.call<HostView>('PATCH', hostPath(id), patch);
  return { kind: 'done', said: { key: 'edit.done', values: { host: host.name } }, to: linkTo.host(host) };
}

function editIn(given: URLSearchParams): HostPatch {
  const environment = field(given, 'environment');
  return {
    name: field(given, 'name'),
    environment: environment === '' ? null : environment,
    tags: tagsIn(given),
    notes: field(given, 'notes'),
    ...(given.has('url') ? { url: field(given, 'url') } : {}),
    ...filled({ username: field(given, 'username'), password: field(given, 'password') }),
  };
}

function maintenanceIn({ given, reader: { nowMs } }: FormAsk): HostPatch {
  const minutes = Number(field(given, 'minutes'));
  const untilMs = minutes === 0 ? null : Math.round(nowMs + minutes * 60_000);
  return { maintenance: { untilMs, ...filled({ note: field(given, 'note') }) } };
}

async function testKnown(ask: FormAsk): Promise<Sent> {
  const test = await ask.call<ConnectionTest>('POST', `${hostPath(ask.of)}/test`, {});
  const title = ask.reader.say('host.testing', { host: hostIn(ask)?.name ?? '' });
  return {
    kind: 'shown',
    page: { icon: 'stethoscope', title, above: 'test-steps', model: { ...stepsOf(test, ask) } },
  };
}

const stepsOf = (test: ConnectionTest, { reader }: FormAsk): object => Object(testView(test, reader));

async function newHostPage(ask: FormAsk, test: ConnectionTest | null = null): Promise<FormPage> {
  const { call, given, world, reader } = ask;
  const { say } = reader;
  const found = await call<readonly FoundSupervisor[]>('GET', '/hosts/found').catch(() => []);
  return {
    icon: 'plus',
    title: say('add.title'),
    text: say('add.urlText'),
    button: say('add.button'),
    also: { value: 'test', label: say('test.try') },
    fields: 'new-host',
    below: 'new-host-other',
    model: {
      given: shownAgain(given),
      taken: { name: field(given, 'name'), url: field(given, 'url') },
      test: test === null ? null : stepsOf(test, ask),
      found: found.map((one) => ({
        ...one,
        says: sentence(undefined, one.says, reader),
        link: `/forms/add-host?${new URLSearchParams({ name: one.suggestedName, url: one.url })}`,
      })),
      environments: [...new Set(world.hosts.flatMap(({ environment }) => environment ?? []))].sort(),
    },
  };
}

async function addHost(ask: FormAsk): Promise<Sent> {
  const { given, call } = ask;
  const login = filled({ username: field(given, 'username'), password: field(given, 'password') });
  if (field(given, 'also') === 'test') {
    const wish: TestWish = { url: field(given, 'url'), ...login };
    const test = await call<ConnectionTest>('POST', '/hosts/test', wish);
    return { kind: 'shown', page: await newHostPage(ask, test) };
  }
  const tags = tagsIn(given);
  const wish: NewHost = {
    name: field(given, 'name'),
    url: field(given, 'url'),
    ...login,
    ...filled({ environment: field(given, 'environment') }),
    ...(tags.length === 0 ? {} : { tags }),
  };
  const host = await call<HostView>('POST', '/hosts', wish);
  return { kind: 'done', said: { key: 'add.done', values: { host: host.name } }, to: linkTo.host(host) };
}

function joinPage({ given, reader: { say } }: FormAsk): FormPage {
  return {
    icon: 'key',
    title: say('add.agent'),
    text: say('add.agentText'),
    button: say('add.make'),
    fields: 'join',
    shape: 'thirds',
    model: { given: shownAgain(given), uses: USES.map((n) => ({ n, text: say('count.hosts', { n }) })) },
  };
}

async function makeLine({ call, given, address, reader }: FormAsk): Promise<Sent> {
  const { say } = reader;
  const token = await call<JoinToken>('POST', '/join-tokens', {
    uses: Number(field(given, 'uses')) || 1,
    tags: tagsIn(given),
    ...filled({ environment: field(given, 'environment') }),
  });
  const line = installLine(address, token.token);
  const says = say('add.uses', { n: token.uses, time: roughly(token.expiresAtMs - reader.nowMs, reader) });
  const model = { line, takeover: `${line} --takeover`, says };
  return {
    kind: 'shown',
    page: { icon: 'key', title: say('add.agent'), above: 'join-lines', model },
  };
}

function importPage({ given, reader }: FormAsk, report: ImportReport | null): FormPage {
  const { say } = reader;
  return {
    icon: 'file-import',
    title: say('import.title'),
    text: say('import.text'),
    button: say('import.addPlain'),
    also: { value: 'look', label: say('import.look') },
    fields: 'import',
    takesFile: true,
    below: 'import-report',
    model: {
      plain: true,
      given: shownAgain(given),
      report: report === null ? null : importView(report, reader),
    },
  };
}

function imported({ call, given, file, reader: { say } }: FormAsk): Promise<ImportReport> {
  if (file === null) throw new NotDone(422, { cause: say('forms.noFile'), mend: '' });
  return call<ImportReport>('POST', '/hosts/import', {
    content: file.toString('base64'),
    dryRun: field(given, 'also') === 'look',
    ...filled({ environment: field(given, 'environment') }),
  });
}
