import { describe, expect, test } from 'vitest';
import type { Action, ActionTarget, Outcome } from '../../src/fleet/action.ts';
import type { ConnectionTest } from '../../src/fleet/connection-test.ts';
import { told } from '../../src/fleet/said.ts';
import { parseSelector } from '../../src/fleet/selector.ts';
import { skippedStep } from '../../src/links/connection-test.ts';
import { en, type MessageKey } from '../../src/web/messages/en.ts';
import { zh } from '../../src/web/messages/zh.ts';
import { localPath } from '../../src/web/request.ts';
import { attention } from '../../src/web/view/attention.ts';
import { testView } from '../../src/web/view/connection-test.ts';
import { chips, facets, matching } from '../../src/web/view/filter.ts';
import { find } from '../../src/web/view/find.ts';
import { fleetLine } from '../../src/web/view/fleet-line.ts';
import { capital, roughly, uptime } from '../../src/web/view/format.ts';
import { checkView } from '../../src/web/view/host-check.ts';
import { latelyLines } from '../../src/web/view/lately.ts';
import { WAITING } from '../../src/web/view/loaded.ts';
import { countedAs, markOf } from '../../src/web/view/marks.ts';
import { matrix } from '../../src/web/view/matrix.ts';
import { blockHeight, PLAN_HEIGHTS, planView, selectorOf } from '../../src/web/view/plan.ts';
import { FIRST_ROLL, paceFlags, picked } from '../../src/web/view/plan-pace.ts';
import { present } from '../../src/web/view/present.ts';
import {
  linkOf,
  PLAIN,
  queryOf,
  sorted,
  toggled,
  turned,
  withTypedFacets,
} from '../../src/web/view/query.ts';
import { hostRange } from '../../src/web/view/ranges.ts';
import type { Reader } from '../../src/web/view/reader.ts';
import { restartBars } from '../../src/web/view/restart-bars.ts';
import { NOTHING_PICKED, processRow, rowView } from '../../src/web/view/row-view.ts';
import { grouped, sayIn } from '../../src/web/view/say.ts';
import { tabTitle } from '../../src/web/view/shell.ts';
import { treeGroups } from '../../src/web/view/side.ts';
import { stripOf } from '../../src/web/view/strip.ts';
import { tableOf } from '../../src/web/view/table.ts';
import { offsetsOf, ROW_HEIGHTS, rowAt, windowAt } from '../../src/web/view/window.ts';
import { shortName, targetOf, type World, worldOf } from '../../src/web/view/world.ts';
import { largeFleet, madeUpFleet } from '../support/made-up-fleet.ts';

const NOW = Date.UTC(2026, 10, 23, 6, 24, 8);
const reader: Reader = {
  nowMs: NOW,
  language: 'en',
  say: sayIn('en'),
  zone: 'UTC',
  base: '',
  user: 'mei',
  role: 'operator',
  ownZone: false,
  csrf: '',
  may: () => true,
};
const world = worldOf(madeUpFleet(NOW));
const params = (text: string): URLSearchParams => new URLSearchParams(text);
const member = (target: string) => {
  const found = world.members.find((one) => targetOf(one) === target);
  if (found === undefined) throw new Error(`no ${target}`);
  return found;
};

test('the fleet line counts every process once, and a flapping one as RUNNING too', () => {
  const line = fleetLine(world, reader);
  const counts = Object.fromEntries(line.processes.map(({ mark, n }) => [mark, n]));
  expect(counts).toMatchObject({
    processes: 82,
    fatal: 1,
    backoff: 1,
    flapping: 1,
    starting: 2,
    running: 66,
    exited: 2,
    stopped: 2,
    stale: 8,
  });
  expect(line.cells.map(({ mark }) => mark)).toEqual(['fatal', 'unreachable', 'backoff', 'flapping']);
});

test('one FATAL in 10,000 still has its width in the state bar, at the left', () => {
  const large = largeFleet(1, 900, NOW);
  const [first] = fleetLine(worldOf(large), reader).bar;
  expect(first?.mark).toBe('fatal');
  expect(first?.width).toBeGreaterThanOrEqual(8);
});

test('what needs attention comes worst first, each with its cause and what usually helps', () => {
  const { problems } = attention(world, reader);
  expect(problems.map(({ mark }) => mark)).toEqual(['fatal', 'unreachable', 'backoff', 'flapping']);
  expect(problems[0]).toMatchObject({
    cause: 'Exited too quickly 4 times, last with exit 1',
    first: { does: 'start', target: 'api-02/api:outbox' },
  });
  expect(problems[2]).toMatchObject({
    cause: 'Exit 78, try 3, again in 4 s',
    first: { does: 'tail' },
    second: { does: 'stop' },
  });
});

test('a cause that is said already is not said again, and an address keeps its case', () => {
  const fleet = madeUpFleet(NOW);
  const spawnError = "can't find command '/opt/api'";
  const told = attention(
    worldOf({
      ...fleet,
      processes: fleet.processes.map((process) =>
        process.state === 'FATAL'
          ? { ...process, spawnError, exitStatus: null, crash: null }
          : process.state === 'BACKOFF'
            ? {
                ...process,
                spawnError: 'Exited too quickly (process log may have details)',
                exitStatus: null,
              }
            : process,
      ),
    }),
    reader,
  );
  const words = Object.fromEntries(told.problems.map((one) => [one.mark, one]));
  expect(words.fatal).toMatchObject({ cause: `It cannot be started: ${spawnError}`, words: '' });
  expect(words.backoff).toMatchObject({ cause: 'Exited too quickly, try 3, again in 4 s' });
  expect([capital('http://a refuses'), capital('refused by http://a')]).toEqual([
    'http://a refuses',
    'Refused by http://a',
  ]);
});

test('a flapping process stays flapping while it is started again', () => {
  const { process } = member('web-03/web:gunicorn_02');
  const starting = { ...process, state: 'STARTING' as const };
  expect([markOf(starting), countedAs(starting)]).toEqual(['flapping', ['flapping', 'starting']]);
  expect(markOf({ ...process, state: 'STOPPED' })).toBe('stopped');
});

test('the palette runs a verb on one process by its name, in the language of the reader too', () => {
  const offered = (text: string, as = reader) => find(text, world, as).map(({ run }) => run);
  const billing = { verb: 'restart', selector: 'work-01/worker:billing' };
  expect(offered('restart work-01 bill')).toContainEqual(billing);
  expect(offered('restart work-01/worker:billing')).toEqual([billing]);
  expect(offered('重启 work-01 bill', { ...reader, language: 'zh', say: sayIn('zh') })).toContainEqual(
    billing,
  );
  expect(offered('stop we')[0]).toEqual({ verb: 'stop', selector: 'group web' });
});

test('a host that never answered says so, and silence is not taken for a sign-in', () => {
  const fleet = madeUpFleet(NOW);
  const host = fleet.hosts.find(({ name }) => name === 'work-02');
  if (host === undefined) throw new Error('no work-02');
  const silent = { ...host, lastSeenMs: null };
  const only = matrix(worldOf({ ...fleet, hosts: [silent] }), reader);
  expect(only.blocks[0]?.rows[0]?.source).toBe('never answered yet');
  expect(checkView(silent, null, reader)).toMatchObject({
    steps: [{}, { result: 'done' }, {}, { key: 'sign-in', result: 'skipped' }, { result: 'failed' }],
  });
});

test('with no trouble the panel is one line that names the last one', () => {
  const calm = worldOf({ ...madeUpFleet(NOW), hosts: [], processes: [] });
  expect(attention(calm, reader)).toMatchObject({
    n: 0,
    quiet: { text: 'Last: api:outbox BACKOFF → FATAL, 30 s ago' },
  });
});

test('a process of an unreachable host is stale: its last word kept, no action, never counted as running', () => {
  const row = processRow(member('work-02/worker:billing'), reader, NOTHING_PICKED);
  expect(row).toMatchObject({ mark: 'stale', word: 'was RUNNING', time: '6 min ago', cpu: '–' });
  expect(row.can.stop).toBe('work-02 does not answer');
});

test('a viewer can tail and nothing else', () => {
  const { can } = processRow(member('web-01/web:static'), { ...reader, role: 'viewer' }, NOTHING_PICKED);
  expect(can.tail).toBeNull();
  expect([can.start, can.restart, can.stop].every((why) => why !== null)).toBe(true);
});

test('a row says why: the exit and the last words of the crash', () => {
  expect(processRow(member('api-02/api:outbox'), reader, NOTHING_PICKED).why).toEqual({
    strong: 'exit 1',
    rest: 'could not connect to server: Connection refused (db-01:5432)',
    spoken: true,
  });
});

test('a flapping row says how often and what it said last, with the exit where it is known', () => {
  const flapping = member('web-03/web:gunicorn_02');
  const why = (over: object) =>
    processRow(
      { ...flapping, process: { ...flapping.process, restarts: 7, ...over } },
      reader,
      NOTHING_PICKED,
    ).why;
  const crash = { atMs: NOW, lines: ['MemoryError'] };
  expect(why({ exitSignal: null, exitStatus: null, crash })).toEqual({
    strong: '7 restarts lately',
    rest: 'MemoryError',
    spoken: true,
  });
  expect(why({ exitSignal: 'SIGKILL', crash: null })).toMatchObject({
    strong: 'SIGKILL',
    rest: '7 restarts lately',
  });
});

test('an end that nobody was told of is said to be unknown, not a start that failed', () => {
  const crashed = member('api-02/api:outbox');
  const process = { ...crashed.process, exitStatus: null, exitSignal: null, crash: null };
  const unknown = { ...process, state: 'EXITED' as const, spawnError: 'Exit status unknown' };
  const row = processRow({ ...crashed, mark: 'crashed', process: unknown }, reader, NOTHING_PICKED);
  expect([row.exit, row.why]).toEqual(['–', { strong: 'exit status unknown', rest: '', spoken: false }]);
});

test('every view of the table is a link that reads back as the same view', () => {
  const view = {
    ...turned(toggled(toggled(sorted(PLAIN, 'cpu'), 'env', 'a&b'), 'state', 'fatal'), 'web/running'),
    text: 'x =1',
    by: 'host' as const,
    fold: false,
  };
  const link = linkOf(view);
  expect(queryOf(params(link.slice(link.indexOf('?'))))).toEqual(view);
  expect(linkOf(PLAIN)).toBe('/processes');
});

test('a link with nonsense in it shows the plain view', () => {
  expect(queryOf(params('?state=happy&by=moon&sort=-colour'))).toEqual({ ...PLAIN, descending: true });
});

test('facets typed as text become chips; what is left stays text', () => {
  expect(withTypedFacets(PLAIN, 'env=prod gun state=FATAL host=')).toMatchObject({
    env: ['prod'],
    state: ['fatal'],
    text: 'gun host=',
  });
});

test('text words are all wanted wherever they stand, and a word after a minus is not', () => {
  const found = matching(world.members, { ...PLAIN, text: 'web-0 GUNICORN -_03' }).map(targetOf);
  expect(found).toHaveLength(12);
  expect(found).not.toContain('web-01/web:gunicorn_03');
});

test('a facet counts what it would show under the other filters', () => {
  const query = { ...PLAIN, env: ['stage'], state: ['stopped' as const] };
  const blocks = facets(world, query, reader);
  const state = blocks.find(({ facet }) => facet === 'state');
  expect(state?.values.find(({ value }) => value === 'running')?.n).toBe(17);
  const env = blocks.find(({ facet }) => facet === 'env');
  expect(env?.values.map(({ value, n, ticked }) => [value, n, ticked])).toEqual([['stage', 2, true]]);
  expect(chips(query, reader).map(({ text }) => text)).toEqual(['state=STOPPED', 'env=stage']);
});

test('healthy processes fold to one row per group, stale ones to one per host, trouble stays', () => {
  const { rows, matched } = tableOf(world, { ...PLAIN, env: ['prod'] }, reader);
  const kinds = rows.map((row) =>
    row.kind === 'process' ? `process ${targetOf(row.member)}` : `${row.kind} ${row.key}`,
  );
  expect(matched).toHaveLength(62);
  expect(kinds.slice(0, 8)).toEqual([
    'group api',
    'process api-02/api:outbox',
    'process api-03/api:http_02',
    'fold api/running',
    'group worker',
    'process work-01/worker:billing',
    'fold worker/stale/work-02',
    'fold worker/running',
  ]);
  expect(rows.length).toBeLessThan(28);
});

test('programs that are a group of their own stand under one head, which is no group', () => {
  const fleet = madeUpFleet(NOW);
  const alone = fleet.processes.map((process, at) =>
    at === 0 || at === 7 ? { ...process, group: `solo-${at}`, name: `solo-${at}` } : process,
  );
  const { rows } = tableOf(worldOf({ ...fleet, processes: alone }), { ...PLAIN, fold: false }, reader);
  const head = rows.findIndex((row) => row.kind === 'group' && row.title === 'Single programs');
  expect(
    rows.slice(head + 1, head + 3).map((row) => row.kind === 'process' && row.member.process.name),
  ).toEqual(['solo-0', 'solo-7']);
  const [row] = rows.slice(head, head + 1).map((one) => rowView(one, reader, NOTHING_PICKED));
  expect(row).toMatchObject({ on: '2 on 2 hosts', link: null, selector: null });
});

test('an opened fold shows its processes, a closed group nothing', () => {
  const plain = tableOf(world, PLAIN, reader).rows.length;
  expect(tableOf(world, turned(PLAIN, 'web/running'), reader).rows.length).toBe(plain + 24);
  const closed = tableOf(world, turned(PLAIN, 'web'), reader).rows;
  expect(closed.some((row) => row.kind === 'process' && row.member.process.group === 'web')).toBe(false);
});

test('sorting by a number begins with the largest and turns round the second time', () => {
  const by = sorted({ ...PLAIN, by: 'none' }, 'cpu');
  const order = tableOf(world, by, reader).matched.length;
  const rows = tableOf(world, by, reader).rows.map((row) =>
    row.kind === 'process' ? (row.member.process.cpuPercent ?? -1) : 0,
  );
  expect(rows).toEqual([...rows].sort((a, b) => b - a));
  expect(order).toBe(82);
  expect(sorted(by, 'cpu').descending).toBe(false);
});

test('the window draws what is in sight and keeps the height of the rest', () => {
  const large = worldOf(largeFleet(200, 50, NOW));
  const { rows } = tableOf(large, { ...PLAIN, by: 'none' }, reader);
  const offsets = offsetsOf(rows, ({ kind }) => ROW_HEIGHTS.wide[kind]);
  const shown = windowAt(offsets, 140_000, 800);
  expect(rows).toHaveLength(10_000);
  expect(shown.to - shown.from).toBeLessThan(60);
  expect(shown.beforePx + (shown.to - shown.from) * 28 + shown.afterPx).toBe(280_000);
  expect(rowAt(offsets, 140_000)).toBe(5_000);
  expect(
    windowAt(
      offsetsOf([], ({ kind }) => ROW_HEIGHTS.wide[kind]),
      0,
      800,
    ),
  ).toEqual({
    from: 0,
    to: 0,
    beforePx: 0,
    afterPx: 0,
  });
});

test('memory is a share of the host where the host tells what it has, and plain bytes where it does not', () => {
  const rows = (one: World) => matrix(one, reader).blocks.flatMap((block) => block.rows);
  const told = rows(world).find(({ host }) => host === 'web-01');
  expect(told?.memory).toMatch(/^\d+%$/);
  expect(told?.memoryTitle).toMatch(/ of the 4\.0 GiB of the host$/);
  const fleet = madeUpFleet(NOW);
  const hosts = fleet.hosts.map((host) => {
    if (host.facts === null) return host;
    const { machine: _, ...facts } = host.facts;
    return { ...host, facts };
  });
  const untold = rows(worldOf({ ...fleet, hosts })).find(({ host }) => host === 'web-01');
  expect(untold?.memory).toMatch(/iB$/);
  expect(untold?.memoryShare).toBeNull();
});

test('an action names the child before and after', () => {
  const asked = { params: params(''), picked: NOTHING_PICKED, action: () => null, get: () => WAITING };
  const page = present('/actions/a-101', world, reader, asked);
  expect(JSON.stringify(page?.main.model)).toContain('pid 20686 → 41294');
});

describe('an action with very many targets', () => {
  const known = worldOf(madeUpFleet(NOW)).fleet.actions.find(({ id }) => id === 'a-101') as Action;
  const targets = Array.from({ length: 1_200 }, (_, n): ActionTarget => {
    const outcome: Outcome =
      n >= 900 && n % 100 === 0
        ? { kind: 'failed', reason: `ran out of ${n}` }
        : { kind: 'done', state: 'STOPPED', tookMs: 1 };
    return { hostId: `h${n}`, host: `host-${n}`, group: 'web', process: 'p', outcome };
  });
  const large: Action = { ...known, id: 'large', verb: 'stop', finishedAtMs: NOW, targets };
  const page = (search: string) => {
    const asked = { params: params(search), picked: NOTHING_PICKED, get: () => WAITING };
    const model = present('/actions/large', world, reader, { ...asked, action: () => large })?.main.model;
    return model as {
      rows: { key: string }[];
      pages: Record<'before' | 'after', string | null> | null;
      kinds: { kind: string; on: boolean; link: string }[];
      filter: { matched: number } | null;
      retry: { does: string; only: string };
      undo: { does: string; n: number; only: string };
    };
  };

  test('has those of which one failed first, and without a script a page at a time', () => {
    expect(
      page('')
        .rows.map(({ key }) => key)
        .slice(0, 8),
    ).toEqual([
      'host  host-900',
      'host-900/web:p',
      'host  host-1000',
      'host-1000/web:p',
      'host  host-1100',
      'host-1100/web:p',
      'host  host-0',
      'host-0/web:p',
    ]);
    expect(page('').rows).toHaveLength(100);
    expect(page('').pages).toMatchObject({ before: null, after: '/actions/large?from=100' });
    expect(page('from=2350').rows).toHaveLength(50);
    expect(page('from=2350').pages).toMatchObject({ before: '/actions/large?from=2250', after: null });
  });

  test('is looked at by outcome, by words of names and reasons, and by address', () => {
    expect(page('').kinds).toMatchObject([
      { kind: 'done', on: false, link: '/actions/large?outcome=done' },
      { kind: 'failed', on: false, link: '/actions/large?outcome=failed' },
    ]);
    expect(page('outcome=failed').filter?.matched).toBe(3);
    expect(page('outcome=failed').kinds[1]).toMatchObject({ on: true, link: '/actions/large' });
    expect(page('text=host-9 RAN').rows.map(({ key }) => key)).toEqual(['host  host-900', 'host-900/web:p']);
    expect(page('outcome=failed&text=1000').filter?.matched).toBe(1);
    expect(page('outcome=nonsense').filter?.matched).toBe(1_200);
  });

  test('names few targets in a button that does them again, and of many only which they are', () => {
    expect(page('').retry).toMatchObject({
      does: 'plan',
      only: 'host-900/web:p\nhost-1000/web:p\nhost-1100/web:p',
    });
    expect(page('').undo).toMatchObject({ does: 'plan-again', n: 1_197, only: '' });
  });
});

test('what is done again of a signal is the same signal', () => {
  const known = worldOf(madeUpFleet(NOW)).fleet.actions.find(({ id }) => id === 'a-101') as Action;
  const action = (): Action => ({ ...known, id: 'hup', verb: 'signal', signal: 'USR2' });
  const asked = { params: params(''), picked: NOTHING_PICKED, get: () => WAITING, action };
  const model = present('/actions/hup', world, reader, asked)?.main.model;
  const { signal, rows } = model as { signal: string; rows: { signal?: string }[] };
  expect([signal, rows[1]?.signal]).toEqual(['USR2', 'USR2']);
});

test('a very large plan is parted into pieces of known height, each put together when it is drawn', () => {
  const targets = Array.from({ length: 300 }, (_, n) => ({
    hostId: 'h-web-01',
    host: n < 150 ? 'web-01' : `far-${n}`,
    group: 'web',
    process: `p${n}`,
    state: 'RUNNING' as const,
  }));
  const plan = { verb: 'stop' as const, selector: '*', targets, leftAlone: [], hosts: [] };
  const view = planView(plan, new Set(['web-01/web:p1']), world, reader);
  expect(view).toMatchObject({ many: true, n: 299, moreHosts: 113 });
  expect(view.hosts).toHaveLength(40);
  const pieces = view.lists.blocks.slice(0, 4);
  expect(pieces.map(({ names, isFirst }) => [names, isFirst])).toEqual([
    [60, true],
    [60, false],
    [30, false],
    [1, true],
  ]);
  expect(pieces.map((piece) => blockHeight(piece, PLAN_HEIGHTS.wide))).toEqual([516, 488, 248, 60]);
  expect(planView(plan, new Set(), world, reader, 'far P29').lists.blocks).toHaveLength(10);
});

test('the matrix says a whole cell as a number and a broken one as how much of how many', () => {
  const { columns, blocks } = matrix(world, reader);
  const at = columns.findIndex(({ name }) => name === 'api');
  const rows = blocks.flatMap((block) => block.rows);
  expect(rows.find(({ host }) => host === 'api-01')?.cells[at]?.cell).toMatchObject({ whole: true, up: 5 });
  expect(rows.find(({ host }) => host === 'api-02')?.cells[at]?.cell).toMatchObject({
    whole: false,
    mark: 'fatal',
    up: 4,
    all: 5,
  });
});

test('where the matrix is narrow it leaves out the groups that matter least', () => {
  const five = matrix(world, reader);
  expect([five.columns.some(({ last }) => last), five.more, five.moreNarrow]).toEqual([false, 0, 0]);
  const fleet = madeUpFleet(NOW);
  const processes = fleet.processes.map((process, at) =>
    at % 4 === 0 ? { ...process, group: `${process.group}-${at}` } : process,
  );
  const many = matrix(worldOf({ ...fleet, processes }), reader);
  expect(many.columns.filter(({ last }) => !last)).toHaveLength(4);
  expect([many.columns.length, many.moreNarrow - many.more]).toEqual([8, 4]);
});

test('a program that is a group of its own is named once', () => {
  const process = { ...member('api-02/api:outbox').process, group: 'outbox' };
  const row = processRow({ ...member('api-02/api:outbox'), process }, reader, NOTHING_PICKED);
  expect([row.group, row.name, row.target]).toEqual(['', 'outbox', 'api-02/outbox:outbox']);
  expect([shortName(process), shortName(member('api-02/api:outbox').process)]).toEqual([
    'outbox',
    'api:outbox',
  ]);
});

test('a strip is one path per kind, 24 beats of 3 px', () => {
  const { paths } = stripOf([...Array.from({ length: 23 }, () => 'running' as const), 'fatal'], false);
  expect(paths.map(({ kind }) => kind)).toEqual(['running', 'fatal']);
  expect(paths[1]?.d).toBe('M92 0h3v14h-3z');
});

test('a process that did not change keeps its place in the index, so that a delta costs what it changes', () => {
  const fleet = madeUpFleet(NOW);
  const before = worldOf(fleet);
  const changed = fleet.processes.map((process, at) => (at === 3 ? { ...process, restarts: 9 } : process));
  const after = worldOf({ ...fleet, processes: changed }, before);
  expect(after.members.filter((one, at) => one !== before.members[at])).toHaveLength(1);
});

test('times are to a minute, uptimes as supervisorctl writes them', () => {
  expect([38_000, 4 * 60_000, 50 * 3_600_000].map((ms) => roughly(ms, reader))).toEqual([
    '38 s',
    '4 min',
    '2 d',
  ]);
  expect([72_000, 187_860_000, 18 * 86_400_000].map((ms) => uptime(ms, reader))).toEqual([
    '00:01:12',
    '2 d 04:11',
    '18 d',
  ]);
});

test('one and many, and thousands', () => {
  expect(reader.say('count.hosts', { n: 1 })).toBe('1 host');
  expect(reader.say('count.processes', { n: 12_345 })).toBe('12,345 processes');
  expect([grouped(0), grouped(999), grouped(1_000_000)]).toEqual(['0', '999', '1,000,000']);
});

test('a new host is shown by its last hour, an older one by its day, and as asked for', () => {
  const range = (ageHours: number, asked = '') =>
    hostRange(params(asked), { createdAtMs: NOW - ageHours * 3_600_000 }, reader).name;
  expect([range(1), range(7), range(1, 'range=7d')]).toEqual(['1h', '24h', '7d']);
});

test('the tab counts what is FATAL or lost', () => {
  expect(tabTitle('Overview', fleetLine(world, reader))).toBe('(2) Overview · Fleetvisor');
});

test('every page of the console has an address, and an unknown one says so', () => {
  const asked = { params: params(''), picked: NOTHING_PICKED, action: () => null, get: () => WAITING };
  const at = (path: string) => present(path, world, reader, asked);
  for (const path of [
    '/',
    '/processes',
    '/groups',
    '/groups/web',
    '/hosts',
    '/hosts/web-01',
    '/processes/web-01/web:static',
    '/logs',
    '/actions',
    '/actions/a-101',
  ])
    expect(at(path)?.found, path).toBe(true);
  for (const path of ['/groups/none', '/hosts/none', '/processes/web-01/none', '/actions/none'])
    expect(at(path)?.found, path).toBe(false);
  expect(at('/constructor')).toBeNull();
  expect(at('/%E0%A4%A')).toBeNull();
});

test('after signing in nobody is sent to another site', () => {
  expect(
    [
      '/processes?x=1',
      '//evil.example',
      '/\\evil.example',
      'https://evil.example',
      '/\t/evil',
      undefined,
      '/sign-in',
    ].map(localPath),
  ).toEqual(['/processes?x=1', '/', '/', '/', '/', '/', '/']);
});

test('ticked processes make a selector that names exactly them, whatever they are called', () => {
  const text = selectorOf(['web-01/web:gunicorn_00', 'h/my group:a*b "c"']);
  expect(text).toBe('web-01/web:gunicorn_00 h/"my group":"a*b \\"c\\""');
  expect(parseSelector(text).ok).toBe(true);
});

test('messages hold no markup: every value is text', () => {
  expect(Object.entries(en).filter(([, text]) => /[<>]/.test(text))).toEqual([]);
});

test('both languages take the same values, and supervisord’s own words stay', () => {
  const names = (text: string): string[] => [...new Set(text.match(/\{\w+\}/g) ?? [])].sort();
  const differ = (Object.keys(en) as MessageKey[]).filter((key) => {
    const counted = en[key].includes('|');
    return !counted && names(en[key]).join() !== names(zh[key]).join();
  });
  expect(differ).toEqual([]);
  expect(sayIn('zh')('mark.was', { state: 'RUNNING' })).toContain('RUNNING');
});

test('members of a group that went the same way together are one line, with who did it', () => {
  const events = [3, 2, 1].map((n) => ({
    id: n,
    atMs: NOW - 10_000 + n,
    kind: 'process' as const,
    mark: 'STOPPED',
    title: `web:gunicorn_0${n}`,
    detail: 'web-01: STOPPED',
    link: `/processes/web-01/web%3Agunicorn_0${n}`,
  }));
  const stop = {
    id: 'a-1',
    verb: 'stop' as const,
    selector: 'group web',
    by: 'mei',
    startedAtMs: NOW - 11_000,
    finishedAtMs: NOW - 9_000,
    cancelledBy: null,
    targets: [1, 2, 3].map((n) => ({
      hostId: 'h',
      host: 'web-01',
      group: 'web',
      process: `gunicorn_0${n}`,
      outcome: { kind: 'done' as const, state: 'STOPPED' as const, tookMs: 5 },
    })),
  };
  expect(latelyLines(events, [stop], reader, 9)).toMatchObject([
    { title: 'web', what: '3 processes STOPPED', detail: 'web-01 · stop by mei', link: '/groups/web' },
  ]);
  expect(latelyLines(events.slice(0, 1), [], reader, 9)).toMatchObject([
    { title: 'web:gunicorn_03', what: 'STOPPED', detail: 'web-01' },
  ]);
});

test('a group whose members are all stopped is not drawn as running at the side', () => {
  const fleet = madeUpFleet(NOW);
  const processes = fleet.processes.map((one) =>
    one.group === 'cron' ? { ...one, state: 'STOPPED' as const, fresh: true, flapping: false } : one,
  );
  const groups = treeGroups(worldOf({ ...fleet, processes }), null);
  expect(groups.find(({ name }) => name === 'cron')?.mark).toBe('stopped');
});

test('a rolling pace reads the same on the command line', () => {
  expect(paceFlags({ mode: 'parallel' })).toBe('');
  expect(paceFlags(FIRST_ROLL)).toBe(' --rolling --batch 1h --settle 5s');
  const slow = picked(
    picked(picked(FIRST_ROLL, 'batch', '25 percent'), 'pauseMs', '10000'),
    'maxFailures',
    'never',
  );
  expect(paceFlags(slow)).toBe(' --rolling --batch 25% --settle 5s --pause 10s --continue');
});

test('the exit column has the code or the signal of the last end, "–" where there was none, and sorts by it', () => {
  const fleet = madeUpFleet(NOW);
  const ends = [
    { exitStatus: null, exitSignal: null },
    { exitStatus: 0, exitSignal: null },
    { exitStatus: 78, exitSignal: null },
    { exitStatus: -1, exitSignal: null },
    { exitStatus: -1, exitSignal: 'SIGKILL' },
  ];
  const processes = fleet.processes.slice(0, ends.length).map((one, at) => ({ ...one, ...ends[at] }));
  const table = tableOf(worldOf({ ...fleet, processes }), { ...PLAIN, by: 'none', sort: 'exit' }, reader);
  const exits = table.rows.flatMap((row) =>
    row.kind === 'process' ? processRow(row.member, reader, NOTHING_PICKED).exit : [],
  );
  expect(exits).toEqual(['–', '0', '78', 'signal', 'SIGKILL']);
});

test('restarts by half hour: bars with their words, a flapping one marked, the peak and the sum said', () => {
  const atMs = (nth: number): number => NOW - (47 - nth) * 30 * 60_000;
  const slots = Array.from({ length: 48 }, (_, nth) => ({
    atMs: atMs(nth),
    restarts: nth === 45 ? 11 : nth === 10 ? 1 : 0,
    flapping: nth === 45,
  }));
  const drawn = restartBars(slots, reader);
  expect(drawn).toMatchObject({
    peak: 'peak 11 at 05:24',
    says: '12 restarts in all, peak 11 at 05:24, flapping in 1 half hour',
  });
  expect(drawn.bars[45]).toMatchObject({ kind: 'flapping', title: '05:24–05:54: 11 restarts, flapping' });
  expect(drawn.bars.filter(({ kind }) => kind === 'none')).toHaveLength(46);
  expect(restartBars(null, reader)).toMatchObject({ says: '–', bars: [] });
});

test('what the steps of a connection test found is said in the language of the reader', () => {
  const test: ConnectionTest = {
    ok: true,
    steps: [
      { step: 'connect', result: 'done', ms: 1.2, ...told('test.portOpen', { port: '9001' }), mend: '' },
      skippedStep('tls', 'test.plainHttp'),
    ],
    facts: null,
    certificateSha256: null,
  };
  const chinese = { ...reader, language: 'zh', say: sayIn('zh') } as const;
  expect(testView(test, reader)).toMatchObject({
    steps: [{ says: 'port 9001 is open' }, { says: 'plain HTTP' }],
  });
  expect(testView(test, chinese)).toMatchObject({
    steps: [{ says: '端口 9001 已打开' }, { says: '明文 HTTP' }],
  });
});
