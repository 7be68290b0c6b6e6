import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { io } from 'socket.io-client';
import { type TestContext, test } from 'vitest';
import { mayI, type Person, type Right } from '../../src/accounts/rights.ts';
import { type ApiPorts, apiRoutes } from '../../src/api/api.ts';
import { PERMISSIONS } from '../../src/api/permissions.ts';
import { EXIT_STATUSES, type ExitName } from '../../src/cli/exit-status.ts';
import { FLEET_VERBS } from '../../src/cli/verbs.ts';
import type { BrowserToHub } from '../../src/live/contract.ts';
import { Database, sql } from '../../src/store/database.ts';
import type { TestHub } from '../support/hub.ts';
import { asker, newToken, type Somebody, somebody } from '../support/people.ts';
import { runCliHere } from '../support/run-cli.ts';
import { tempDir } from '../support/supervisors.ts';
import { twoEnvironments } from '../support/two-environments.ts';
import { VERB_SAMPLES, type VerbSample } from '../support/verb-samples.ts';

/** The least role that has each right: said here once more, so that a slip in the gate shows. */
const LEAST: Readonly<Record<Right, 'viewer' | 'operator' | 'admin'>> = {
  'see-fleet': 'viewer',
  'read-logs': 'viewer',
  'manage-own-tokens': 'viewer',
  act: 'operator',
  'send-input': 'operator',
  'restart-supervisors': 'admin',
  'end-supervisors': 'admin',
  'manage-hosts': 'admin',
  'manage-people': 'admin',
  'manage-hub': 'admin',
  'read-audit': 'admin',
};
const ORDER = ['viewer', 'operator', 'admin'] as const;

/** Every event a browser may send; the compiler names one that is missing. */
const EVENTS: Readonly<Record<keyof BrowserToHub, unknown>> = {
  watch: undefined,
  'tail:open': { tailId: 't', target: 'prod-1/web:web', channels: ['stdout'], lastBytes: 10 },
  'tail:credit': { tailId: 't', lines: 1 },
  'tail:close': { tailId: 't' },
};

const routesOfApi = () => apiRoutes({} as ApiPorts);
const nameOf = ({ method, path }: { method: string; path: string }) => `${method.toUpperCase()} ${path}`;

test('every route and socket event is in the table, with the right it asks for, and nothing else is', (t) => {
  const routes = new Map(routesOfApi().map((route) => [nameOf(route), route.right]));
  const events = Object.keys(EVENTS).map((event) => `socket ${event}`);
  t.expect([...routes.keys(), ...events].sort()).toEqual(Object.keys(PERMISSIONS).sort());
  for (const [name, right] of routes) t.expect([name, right]).toEqual([name, PERMISSIONS[name]?.right]);
});

/** Who drives the matrix, and what they may at most; null: nobody. */
interface Driver {
  readonly ask: Somebody['ask'];
  readonly headers: Readonly<Record<string, string>>;
  readonly role: (typeof ORDER)[number] | null;
  readonly scoped: boolean;
  /** For the command; none: nobody. */
  readonly token?: string;
}

async function drivers(hub: TestHub): Promise<Record<string, Driver>> {
  const person = async (name: string, role: (typeof ORDER)[number], scope = '*'): Promise<Driver> => {
    const { ask, headers, password } = await somebody(hub, name, { role, scope });
    const token = await newToken(hub, name, password);
    return { ask, headers, role, scoped: scope !== '*', token };
  };
  const nobody = (headers: Record<string, string>, bearer?: string): Driver => {
    const all = { 'content-type': 'application/json', ...headers };
    const driver = { ask: asker(hub, all), headers: all, role: null, scoped: false };
    return bearer === undefined ? driver : { ...driver, token: bearer };
  };
  const late = await somebody(hub, 'late', { role: 'admin', scope: '*' });
  const token = await newToken(hub, 'late', late.password);
  const db = new Database(join(hub.dataFolder, 'fleetvisor.db'), 'normal');
  db.run(sql.updateTable('api_tokens').set({ expires_at_ms: 1 }));
  db.close();
  const gone = await somebody(hub, 'gone', { role: 'admin', scope: '*' });
  const goneToken = await newToken(hub, 'gone', gone.password);
  await hub.ask('PATCH', `/users/${gone.id}`, { disabled: true });
  return {
    nobody: nobody({}),
    'expired token': nobody({ authorization: `Bearer ${token}` }, token),
    'disabled user': nobody({ ...gone.headers }, goneToken),
    viewer: await person('viv', 'viewer'),
    'scoped operator': await person('sam', 'operator', 'env=stage/web:*'),
    operator: await person('oli', 'operator'),
    admin: await person('ada', 'admin'),
  };
}

test('abuse 5: every route answers everybody as the table says', async (t) => {
  const hub = await twoEnvironments(t);
  const who = await drivers(hub);
  const { body: action } = await hub.ask('POST', '/actions', { verb: 'stop', selector: 'env=prod/web:*' });
  const wrong: string[] = [];
  // What ends the session comes last.
  const routes = routesOfApi().sort(
    (a, b) => Number(nameOf(a) === 'DELETE /session') - Number(nameOf(b) === 'DELETE /session'),
  );
  for (const route of routes) {
    const permission = PERMISSIONS[nameOf(route)];
    if (route.right === 'anyone' || permission === undefined) continue;
    const path = sampleOf(route.path)
      .replace('/actions/:id', `/actions/${action.id}`)
      .replace(/:\w+/g, 'none');
    const body = route.method === 'get' ? undefined : (BODIES[nameOf(route)] ?? {});
    for (const [name, driver] of Object.entries(who)) {
      const { status } = await driver.ask(route.method.toUpperCase(), path, body);
      const says = verdict(status);
      const expected = expectedOf(driver, route.right, permission.beyond);
      if (says !== expected && !(expected === 'done' && says === 'not found' && path.includes('none')))
        wrong.push(`${name}: ${nameOf(route)} is ${says} (${status}), not ${expected}`);
    }
  }
  t.expect(wrong).toEqual([]);
  t.expect(hub.bugs).toEqual([]);
});

/** Of routes that look at their body before anything else. */
const BODIES: Readonly<Record<string, unknown>> = {
  'POST /processes/:host/:namespec/input': { text: 'hello\n' },
};

/** An address of the route, with what it needs; of an endless stream one that is refused for its query. */
function sampleOf(path: string): string {
  const queries: Readonly<Record<string, string>> = {
    '/tail': '?target=stage-1/web:web&bytes=0',
    '/events/stream': '?after=nonsense',
  };
  if (path.startsWith('/processes/:host/:namespec')) return path.replace(':host/:namespec', 'prod-1/web:web');
  return path + (queries[path] ?? '');
}

const VERDICTS: Readonly<Record<number, string>> = { 401: 'nobody', 403: 'refused', 404: 'not found' };
const verdict = (status: number): string => VERDICTS[status] ?? (status >= 500 ? 'broken' : 'done');

function expectedOf({ role, scoped }: Driver, right: Right, beyond: string): string {
  if (role === null) return 'nobody';
  if (ORDER.indexOf(role) < ORDER.indexOf(LEAST[right])) return 'refused';
  return scoped && beyond !== 'own' && beyond !== 'left out' && beyond !== 'left alone' ? beyond : 'done';
}

test('abuse 5: every socket event answers everybody as the table says', async (t) => {
  const hub = await twoEnvironments(t);
  for (const [name, driver] of Object.entries(await drivers(hub))) {
    const heard = await driveSocket(t, hub, driver);
    const expected = {
      connected: driver.role !== null,
      hosts: driver.role === null ? [] : driver.scoped ? ['stage-1'] : ['prod-1', 'stage-1'],
      tailOfProd: driver.role !== null && !driver.scoped,
    };
    t.expect([name, heard]).toEqual([name, expected]);
  }
});

async function driveSocket(t: TestContext, hub: TestHub, { headers }: Driver) {
  const socket = io(`${hub.hub.address}/live`, {
    transports: ['websocket'],
    reconnection: false,
    forceNew: true,
    extraHeaders: { ...headers, origin: hub.hub.address },
  });
  t.onTestFinished(() => void socket.close());
  const connected = await new Promise<boolean>((done) => {
    socket.on('connect', () => done(true));
    socket.on('connect_error', () => done(false));
  });
  if (!connected) return { connected, hosts: [], tailOfProd: false };
  const fleet = new Promise<{ hosts: { name: string }[] }>((done) => socket.on('fleet', done));
  socket.emit('watch');
  const hosts = (await fleet).hosts.map(({ name }) => name).sort();
  const answer = await new Promise<{ ok: boolean }>((done) =>
    socket.emit('tail:open', EVENTS['tail:open'], done),
  );
  return { connected, hosts, tailOfProd: answer.ok };
}

test('every verb of the command is in the table of samples, and nothing else is', (t) => {
  t.expect(Object.keys(VERB_SAMPLES).sort()).toEqual(FLEET_VERBS.map(({ name }) => name).sort());
});

test('abuse 5: every verb of the command ends for everybody as the table says, and tells nobody more', async (t) => {
  const hub = await twoEnvironments(t);
  const who = await drivers(hub);
  const folder = tempDir(t);
  const list = join(folder, 'hosts.txt');
  writeFileSync(list, 'http://127.0.0.1:9\n');
  await hub.ask('POST', '/hosts', { name: 'spare', url: `unix://${folder}/none.sock` });
  const { body: action } = await hub.ask('POST', '/actions', { verb: 'start', selector: 'env=prod/web:*' });
  const names: Readonly<Record<string, string>> = {
    '{action}': action.id,
    '{gone}': 'h_none',
    '{list}': list,
  };
  const wrong: string[] = [];
  for (const [verb, sample] of Object.entries(VERB_SAMPLES)) {
    const words = [...verb.split(' '), ...sample.words.map((word) => names[word] ?? word)];
    for (const [name, driver] of Object.entries(who)) {
      const env = { HOME: folder, FLEETVISOR_HUB: hub.hub.address, FLEETVISOR_TOKEN: driver.token };
      const { out, err, code } = await runCliHere(words, env, sample.stdin);
      const expected = endOf(driver, sample);
      if (code !== EXIT_STATUSES[expected][0])
        wrong.push(`${name}: ${verb} ends with ${code}, not ${expected}: ${err.trim().split('\n')[0]}`);
      if (driver.role === null && sample.right !== 'own machine' && out !== '')
        wrong.push(`${name}: ${verb} tells ${out}`);
      if (driver.scoped && /prod/.test(out + err)) wrong.push(`${name}: ${verb} tells of prod: ${out}${err}`);
      if (!AS_JSON.has(name) || FOR_A_SHELL.has(verb)) continue;
      const asJson = await runCliHere([...words, '--json'], env, sample.stdin);
      wrong.push(...jsonProblems(verb, asJson).map((says) => `${name}: ${verb} --json ${says}`));
    }
  }
  t.expect(wrong).toEqual([]);
  t.expect(hub.bugs).toEqual([]);
  const ends = Object.keys(VERB_SAMPLES).length * Object.keys(who).length;
  process.stdout.write(`${summary(who)}; ${ends} ends of verbs\n`);
});

/** Who runs everything once more with `--json`: all that is done, refused and not let in. */
const AS_JSON = new Set(['nobody', 'viewer', 'admin']);
/** They print what a shell reads, or what their lines print. */
const FOR_A_SHELL = new Set(['completion', 'shell']);
/** They print a document a line; all others one. */
const STREAMS = new Set(['tail', 'events', 'search']);

/** What a program could not read: output is JSON, and what else there is to say are lines of JSON. */
function jsonProblems(verb: string, { out, err, code }: Awaited<ReturnType<typeof runCliHere>>): string[] {
  const problems: string[] = [];
  const read = (text: string) =>
    text
      .split('\n')
      .slice(0, -1)
      .flatMap((line) => {
        try {
          return [JSON.parse(line)];
        } catch {
          problems.push(`prints ${line}`);
          return [];
        }
      });
  const [documents, said] = [read(out), read(err)];
  if (!STREAMS.has(verb) && documents.length > 1) problems.push(`prints ${documents.length} documents`);
  if (!STREAMS.has(verb) && code === 0 && documents.length === 0) problems.push('prints nothing');
  const errors = said.filter((line) => 'error' in line);
  if (errors.some(({ status }) => status !== code)) problems.push(`ends with ${code}, and says ${err}`);
  if (code !== 0 && documents.length + errors.length === 0)
    problems.push(`ends with ${code} without a reason`);
  return problems;
}

/** How many answers the matrix holds, as the suite prints it. */
function summary(who: Readonly<Record<string, unknown>>): string {
  const people = Object.keys(who).length;
  const guarded = routesOfApi().filter(({ right }) => right !== 'anyone').length;
  const events = Object.keys(EVENTS).length;
  const verbs = Object.keys(VERB_SAMPLES).length;
  return [
    `who may what: ${people} kinds of people`,
    `${guarded} routes and ${events} socket events (${(guarded + events) * people} answers)`,
    `${verbs} verbs`,
  ].join(', ');
}

function endOf({ role, scoped }: Driver, { right, ends = 'done', scoped: asScoped }: VerbSample): ExitName {
  if (right === 'own machine') return ends;
  if (role === null) return 'notSignedIn';
  if (scoped && asScoped !== undefined) return asScoped;
  if (ORDER.indexOf(role) < ORDER.indexOf(LEAST[right])) return 'notAllowed';
  return ends;
}

test('docs/permissions.md is this table', async (t) => {
  await t.expect(page()).toMatchFileSnapshot('../../docs/permissions.md');
});

function page(): string {
  const person = (role: Person['role'], scope: string): Person => {
    return { userId: 'u', name: 'x', role, grants: [{ role, scope }] };
  };
  const columns = [
    person('viewer', '*'),
    person('operator', '*'),
    person('admin', '*'),
    person('admin', 'env=stage/*'),
  ];
  const rows = Object.entries(PERMISSIONS).map(([name, { right, beyond }]) => {
    const cells = columns.map((who) => (right === 'anyone' || mayI(who, right) ? 'yes' : '–'));
    return `| \`${name}\` | ${right} | ${cells.join(' | ')} | ${beyond} |`;
  });
  const verbs = Object.entries(VERB_SAMPLES).map(([name, { right }]) => {
    const cells = columns.map((who) => (right === 'own machine' || mayI(who, right) ? 'yes' : '–'));
    return `| \`fleetvisor ${name}\` | ${right} | ${cells.join(' | ')} |`;
  });
  const commands = [
    '',
    '## The command',
    '',
    'Who is not let in ends with status 9, a right that is missing with 10. What is not seen might as well not exist: 6.',
    '`own machine`: the hub is not asked, or only by whoever proves themselves with a password or ends the token they have.',
    '',
    '| verb | right | viewer | operator | admin | admin of a part |',
    '|---|---|---|---|---|---|',
    ...verbs,
  ];
  return `${[...INTRODUCTION, '| route or event | right | viewer | operator | admin | admin of a part | beyond one’s grants |', '|---|---|---|---|---|---|---|', ...rows, ...commands].join('\n')}\n`;
}

const INTRODUCTION = [
  '# Who may what',
  '',
  'Made by `tests/integration/permissions.test.ts` from `src/api/permissions.ts`; do not edit by hand.',
  'After a change there: `npx vitest run --project integration tests/integration/permissions.test.ts -u`.',
  '',
  'A person has one or more grants: a role on a selector, as in `operator` on `env=stage/web:*`. Nobody may nothing:',
  'without a session or a token that is good, everything but signing in answers 401. A right that is missing answers 403.',
  '',
  '- **left out**: it is not in the list or the stream',
  '- **not found**: it answers 404, as if it did not exist',
  '- **left alone**: an action does not name what is not seen, and leaves alone, with the reason, what is only seen',
  '- **refused**: rights over the hub itself take a role on everything (`*`)',
  '- **own**: it is about the asker alone',
  '',
];
