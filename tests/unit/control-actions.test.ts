import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ActionRunner } from '../../src/control/action-runner.ts';
import { FleetState } from '../../src/control/fleet-state.ts';
import { Journal } from '../../src/control/journal.ts';
import type { Action, Outcome, Verb } from '../../src/fleet/action.ts';
import type { HostFacts } from '../../src/fleet/host.ts';
import type { Told } from '../../src/fleet/said.ts';
import { parseSelector } from '../../src/fleet/selector.ts';
import { LinkError, type LinkProcess } from '../../src/links/host-link.ts';
import { openStore, type Store } from '../../src/store/store.ts';
import { partsOf, planOf } from '../support/action-bench.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { MadeLink, madeHost, madeProcess } from '../support/made-link.ts';
import { NO_HISTORY } from '../support/no-history.ts';

const FACTS: HostFacts = { identifier: 's', version: '4', daemonState: 'RUNNING', pid: 1, clockSkewMs: 0 };

let clock: FakeClock;
let store: Store;
let folder: string;
let fleet: FleetState;
let link: MadeLink;
let runner: ActionRunner;
let forbidden: Told | null = null;
const bugs: unknown[] = [];

beforeEach(() => {
  forbidden = null;
  clock = new FakeClock();
  folder = mkdtempSync(join(tmpdir(), 'fv-'));
  store = openStore({
    dataFolder: folder,
    migrations: join(import.meta.dirname, '../../migrations'),
    nowMs: 0,
  });
  fleet = new FleetState({
    clock,
    history: NO_HISTORY,
    bug: (error) => bugs.push(error),
  });
  fleet.putHost(madeHost());
  fleet.reachability('h1', { kind: 'reachable', sinceMs: 0 });
  link = new MadeLink(madeHost());
  runner = newRunner();
});

afterEach(() => {
  store.close();
  rmSync(folder, { recursive: true });
  expect(bugs.splice(0)).toEqual([]);
});

const newRunner = (mayNot: () => Told | null = () => forbidden) =>
  new ActionRunner({
    store: store.actions,
    marks: store.actionMarks,
    forbidden: mayNot,
    fleet,
    clock,
    link: () => link,
    bug: (error) => bugs.push(error),
  });
const has = (...processes: LinkProcess[]) => fleet.snapshot('h1', FACTS, processes);
const turn = () => new Promise<void>((done) => setImmediate(done));

function planned(verb: Verb, selector = '*') {
  const parsed = parseSelector(selector);
  if (!parsed.ok) throw new Error(selector);
  return planOf({ verb, selector: parsed.value }, { hosts: partsOf(fleet) });
}

const begin = (verb: Verb): Action => runner.run(planned(verb), 'ann');
async function outcomeOf({ id }: Action): Promise<Outcome | undefined> {
  for (let i = 0; i < 5; i++) await turn();
  return runner.byId(id)?.targets[0]?.outcome;
}
const away = () =>
  fleet.reachability('h1', {
    kind: 'unreachable',
    sinceMs: clock.wallMs(),
    failure: { kind: 'timeout', says: 'answers nothing', mend: '' },
  });

describe('a plan', () => {
  test('says what is touched and what is left alone, with the reason, sorted', () => {
    has(
      madeProcess({ name: 'b' }),
      madeProcess({ name: 'a', state: 'STOPPED', pid: 0 }),
      madeProcess({ name: 'c', state: 'FATAL', pid: 0 }),
    );
    expect(planned('stop')).toMatchObject({
      targets: [{ host: 'web-01', group: 'web', process: 'b', state: 'RUNNING' }],
      leftAlone: [
        { process: 'a', reason: 'is STOPPED already' },
        { process: 'c', reason: 'is FATAL, there is nothing to stop' },
      ],
      hosts: ['web-01'],
    });
    expect(planned('start').targets.map((target) => target.process)).toEqual(['a', 'c']);
    expect(planned('restart').targets.map((target) => target.process)).toEqual(['a', 'b', 'c']);
  });

  test('keeps the processes of an unreachable host among the targets: they get an outcome', () => {
    has(madeProcess({ state: 'STOPPED', pid: 0 }));
    away();
    expect(planned('stop').targets).toHaveLength(1);
  });
});

describe('stop', () => {
  test('is done when it is STOPPED, however long it is STOPPING', async () => {
    has(madeProcess());
    const action = begin('stop');
    expect(await outcomeOf(action)).toMatchObject({ kind: 'working', state: 'RUNNING' });
    expect(link.calls).toMatchObject([{ method: 'supervisor.stopProcess', params: ['web:web_00', false] }]);
    fleet.changed('h1', madeProcess({ state: 'STOPPING' }), null);
    clock.advance(3_600_000);
    expect(await outcomeOf(action)).toMatchObject({ kind: 'working', state: 'STOPPING' });
    fleet.changed('h1', madeProcess({ state: 'STOPPED', pid: 0 }), null);
    expect(await outcomeOf(action)).toEqual({ kind: 'done', state: 'STOPPED', tookMs: 3_600_000 });
    expect(runner.byId(action.id)?.finishedAtMs).toBe(clock.wallMs());
    expect(link.calls).toHaveLength(1);
  });

  test('without a sign on a host that answers is unknown, not done', async () => {
    has(madeProcess());
    const action = begin('stop');
    await turn();
    clock.advance(30_000);
    expect(await outcomeOf(action)).toMatchObject({
      kind: 'unknown',
      reason: expect.stringContaining('still RUNNING'),
    });
  });
});

describe('start', () => {
  test('survives BACKOFF, and is a failure with its reason when it ends FATAL', async () => {
    has(madeProcess({ state: 'STOPPED', pid: 0 }));
    const action = begin('start');
    await turn();
    for (const state of ['STARTING', 'BACKOFF', 'STARTING', 'BACKOFF'] as const) {
      fleet.changed('h1', madeProcess({ state, pid: 0, tries: 1 }), null);
      clock.advance(60_000);
    }
    expect(await outcomeOf(action)).toMatchObject({ kind: 'working' });
    fleet.changed('h1', madeProcess({ state: 'FATAL', pid: 0, spawnError: 'Exited too quickly' }), null);
    expect(await outcomeOf(action)).toMatchObject({ kind: 'failed', reason: 'FATAL: Exited too quickly' });
  });

  test('of a FATAL process is not called failed by a report from before the call', async () => {
    has(madeProcess({ state: 'FATAL', pid: 0 }));
    const action = begin('start');
    await turn();
    has(madeProcess({ state: 'FATAL', pid: 0 }));
    expect(await outcomeOf(action)).toMatchObject({ kind: 'working' });
    fleet.changed('h1', madeProcess({ state: 'RUNNING', pid: 7 }), null);
    expect(await outcomeOf(action)).toMatchObject({ kind: 'done', state: 'RUNNING' });
  });

  test('that is already true is no failure', async () => {
    has(madeProcess({ state: 'STOPPED', pid: 0 }));
    link.answer = () => Promise.reject(new LinkError('fault', 'ALREADY_STARTED: web:web_00', 60));
    const action = begin('start');
    await turn();
    fleet.changed('h1', madeProcess({ pid: 5 }), null);
    expect(await outcomeOf(action)).toMatchObject({ kind: 'done' });
  });

  test('a child that ended at once is no answer yet: what becomes of it is, with its reason', async () => {
    has(madeProcess({ state: 'STOPPED', pid: 0 }));
    link.answer = () => Promise.reject(new LinkError('fault', 'SPAWN_ERROR: web:web_00', 50));
    const action = begin('start');
    await turn();
    fleet.changed('h1', madeProcess({ state: 'BACKOFF', pid: 0 }), null);
    await turn();
    fleet.changed('h1', madeProcess({ state: 'FATAL', pid: 0, spawnError: 'Exited too quickly' }), null);
    expect(await outcomeOf(action)).toMatchObject({ kind: 'failed', reason: 'FATAL: Exited too quickly' });
  });

  test.each([
    [new LinkError('fault', 'NO_FILE: web', 20), 'failed'],
    [new LinkError('fault', 'BAD_NAME: web', 10), 'refused'],
    [new LinkError('vetoed', 'observe only'), 'refused'],
    [new LinkError('unreachable', 'gone'), 'unreachable'],
  ])('refused by the supervisor with %s is %s', async (error, kind) => {
    has(madeProcess({ state: 'STOPPED', pid: 0 }));
    link.answer = () => Promise.reject(error);
    expect(await outcomeOf(begin('start'))).toEqual({ kind, reason: error.message });
  });
});

describe('restart', () => {
  test('stops, waits, then starts; and is not counted as a crash', async () => {
    has(madeProcess());
    const action = begin('restart');
    await turn();
    fleet.changed('h1', madeProcess({ state: 'STOPPING' }), null);
    await turn();
    expect(link.calls).toHaveLength(1);
    fleet.changed('h1', madeProcess({ state: 'STOPPED', pid: 0 }), null);
    for (let i = 0; i < 5; i++) await turn();
    expect(link.calls.map((call) => call.method)).toEqual([
      'supervisor.stopProcess',
      'supervisor.startProcess',
    ]);
    expect(new Set(link.calls.map((call) => call.id)).size).toBe(2);
    fleet.changed('h1', madeProcess({ pid: 101 }), null);
    expect(await outcomeOf(action)).toMatchObject({
      kind: 'done',
      state: 'RUNNING',
      pids: { before: 100, after: 101 },
    });
    expect(fleet.process('h1/web:web_00')?.restarts).toBe(0);
  });
});

describe('a host that is away', () => {
  test('is unreachable at once, and nothing is sent', async () => {
    has(madeProcess());
    away();
    expect(await outcomeOf(begin('stop'))).toEqual({ kind: 'unreachable', reason: 'answers nothing' });
    expect(link.calls).toEqual([]);
  });

  test('after the call was sent leaves it unknown, with what was sent', async () => {
    has(madeProcess());
    link.answer = () => Promise.reject(new LinkError('unknown', 'no answer within 5 s'));
    const action = begin('stop');
    await turn();
    away();
    clock.advance(14_000);
    expect(await outcomeOf(action)).toMatchObject({ kind: 'working' });
    clock.advance(2_000);
    expect(await outcomeOf(action)).toMatchObject({
      kind: 'unknown',
      reason: 'the stop was sent, then: answers nothing',
    });
    expect(link.calls).toHaveLength(1);
  });

  test('and back in time is judged by what it says then', async () => {
    has(madeProcess());
    const action = begin('stop');
    await turn();
    away();
    clock.advance(10_000);
    fleet.reachability('h1', { kind: 'reachable', sinceMs: clock.wallMs() });
    has(madeProcess({ state: 'STOPPED', pid: 0 }));
    expect(await outcomeOf(action)).toMatchObject({ kind: 'done' });
  });
});

test('so many calls that are about to be sent are written down in one go, and the next ones after others had the hub', async () => {
  const put: number[] = [];
  const later: (() => void)[] = [];
  let nowMs = 0;
  const passing = {
    wallMs: () => 0,
    uptimeMs: () => nowMs++,
    after: (_ms: number, fn: () => void) => {
      later.push(fn);
      return () => {};
    },
  };
  const journal = new Journal({ put: ({ length }) => void put.push(length) }, passing, (error) =>
    bugs.push(error),
  );
  const sent = { step: 'stop', attempt: 1, runId: null, seen: null };
  const all = Array.from({ length: 1_100 }, (_, position) =>
    journal.write({ actionId: 'a', position, sent }),
  );
  await all[499];
  expect(put).toEqual([500]);
  later.shift()?.();
  later.shift()?.();
  await Promise.all(all);
  expect(put).toEqual([500, 500, 100]);
});

test('a start that a polled host never answers is unknown, whatever the host was last seen with', async () => {
  has(madeProcess({ state: 'STOPPED', pid: 0 }));
  link.answer = () => Promise.reject(new LinkError('unknown', 'no answer within 10 s'));
  const action = begin('start');
  await turn();
  for (let s = 0; s < 5; s++) {
    clock.advance(1_000);
    await turn();
  }
  expect(await outcomeOf(action)).toMatchObject({ kind: 'working', state: 'STOPPED' });
  away();
  clock.advance(16_000);
  await turn();
  clock.advance(3_000);
  expect(await outcomeOf(action)).toMatchObject({
    kind: 'unknown',
    reason: 'the start was sent, then: answers nothing',
  });
});

describe('an action', () => {
  test('sends a host a few calls at a time; a cancel leaves out those that were not begun', async () => {
    has(...Array.from({ length: 6 }, (_, i) => madeProcess({ name: `p${i}` })));
    const answers: (() => void)[] = [];
    link.answer = () => new Promise((done) => answers.push(() => done(true)));
    const action = begin('stop');
    await turn();
    expect(link.calls).toHaveLength(4);
    runner.cancel(action.id, 'bob');
    for (const answer of answers) answer();
    for (let i = 0; i < 4; i++)
      fleet.changed('h1', madeProcess({ name: `p${i}`, state: 'STOPPED', pid: 0 }), null);
    await outcomeOf(action);
    const now = runner.byId(action.id);
    expect(now?.targets.map((target) => target.outcome.kind)).toEqual([
      ...Array(4).fill('done'),
      'cancelled',
      'cancelled',
    ]);
    expect(now).toMatchObject({ cancelledBy: 'bob', finishedAtMs: clock.wallMs() });
  });

  test('with many targets begins a few of them at a time, and lets others have the hub in between', async () => {
    has(...Array.from({ length: 3 }, (_, i) => madeProcess({ name: `p${i}` })));
    let looks = 0;
    const slow = newRunner(() => {
      looks++;
      clock.advance(200); // as if beginning one took so long
      return null;
    });
    slow.run(planned('stop'), 'ann');
    await turn();
    expect(looks).toBe(1);
    clock.advance(0);
    await turn();
    expect(looks).toBe(2);
  });

  test('is a row before anything is sent', async () => {
    has(madeProcess());
    let rows: Action[] = [];
    link.answer = async () => {
      rows = store.actions.unfinished().map(({ action }) => action);
    };
    const action = begin('stop');
    await turn();
    expect(rows.map(({ id }) => id)).toEqual([action.id]);
    clock.advance(60_000);
  });

  test('over nothing is finished as it begins', () => {
    expect(begin('stop')).toMatchObject({ targets: [], finishedAtMs: clock.wallMs() });
  });
});
