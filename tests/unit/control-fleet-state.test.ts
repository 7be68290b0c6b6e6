import { beforeEach, describe, expect, test } from 'vitest';
import { type FleetChange, FleetState } from '../../src/control/fleet-state.ts';
import type { History } from '../../src/control/history.ts';
import type { NewFleetEvent } from '../../src/fleet/event.ts';
import type { HostFacts } from '../../src/fleet/host.ts';
import type { LastKnown } from '../../src/fleet/last-known.ts';
import { restartSlots } from '../../src/fleet/restarts.ts';
import type { BeatRow } from '../../src/store/beats.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { madeHost, madeProcess } from '../support/made-link.ts';

const FACTS: HostFacts = {
  identifier: 'supervisor',
  version: '4.2.5',
  daemonState: 'RUNNING',
  pid: 1,
  clockSkewMs: 0,
};
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const KEY = 'h1/web:web_00';

let clock: FakeClock;
let fleet: FleetState;
let changes: FleetChange[];
let events: NewFleetEvent[];
let beats: BeatRow[];
let told: Map<string, () => LastKnown | null>;
let recalled: Map<string, LastKnown>;

beforeEach(() => {
  clock = new FakeClock(1_700_000_400_000); // 400 s into an hour
  events = [];
  beats = [];
  told = new Map();
  recalled = new Map();
  changes = [];
  const history: History = {
    restore() {},
    event: (event) => events.push(event),
    beat: (beat) => beats.push(beat),
    known: (hostId, tell) => void told.set(hostId, tell),
    recall: (hostId) => recalled.get(hostId) ?? null,
  };
  fleet = new FleetState({
    clock,
    history,
    bug: (error) => {
      throw error;
    },
  });
  fleet.changes.add((change) => changes.push(change));
  fleet.putHost(madeHost());
  fleet.reachability('h1', { kind: 'reachable', sinceMs: clock.wallMs() });
  fleet.snapshot('h1', FACTS, [madeProcess()]);
  clock.advance(50);
  changes = [];
});

const unreachable = () =>
  fleet.reachability('h1', {
    kind: 'unreachable',
    sinceMs: clock.wallMs(),
    failure: { kind: 'timeout', says: 'answers nothing', mend: 'look there' },
  });

/** A crash and the restart after it. */
function crash(pid: number): void {
  fleet.changed('h1', madeProcess({ state: 'EXITED', pid: 0, exitStatus: 1, expected: false }), [
    'last',
    'words',
  ]);
  fleet.changed('h1', madeProcess({ state: 'RUNNING', pid }), null);
}

describe('what is told', () => {
  test('changes are merged: one message 50 ms after the first, with the last word on each', () => {
    fleet.changed('h1', madeProcess({ state: 'STOPPING' }), null);
    clock.advance(30);
    fleet.changed('h1', madeProcess({ state: 'STOPPED', pid: 0 }), null);
    expect(changes).toEqual([]);
    clock.advance(20);
    expect(changes).toHaveLength(1);
    expect(changes[0]?.processes.map((process) => process.state)).toEqual(['STOPPED']);
    expect(changes[0]?.seq).toBe(fleet.seq);
  });

  test('a report without news is none', () => {
    fleet.changed('h1', madeProcess(), null);
    fleet.heard('h1');
    clock.advance(1_000);
    expect(changes).toEqual([]);
  });

  test('what a snapshot does not name is gone, and so is a removed group', () => {
    fleet.snapshot('h1', FACTS, [madeProcess({ name: 'web_01' }), madeProcess({ group: 'x', name: 'x' })]);
    clock.advance(50);
    expect(changes[0]?.goneProcesses).toEqual([KEY]);
    fleet.groupRemoved('h1', 'x');
    clock.advance(50);
    expect(changes[1]?.goneProcesses).toEqual(['h1/x:x']);
    expect(fleet.processes().map((process) => process.name)).toEqual(['web_01']);
  });

  test('a removed host takes its processes along', () => {
    fleet.removeHost('h1');
    clock.advance(50);
    expect(changes[0]).toMatchObject({ goneHosts: ['h1'], goneProcesses: [KEY] });
    expect(fleet.processes()).toEqual([]);
  });
});

describe('an unreachable host', () => {
  test('keeps its last known processes, marked as not fresh, with the cause and when it was last seen', () => {
    const seenMs = clock.wallMs();
    fleet.heard('h1');
    clock.advance(5_000);
    unreachable();
    expect(fleet.processes()).toMatchObject([{ state: 'RUNNING', fresh: false }]);
    expect(fleet.host('h1')).toMatchObject({
      lastSeenMs: seenMs,
      processCount: 1,
      reachability: { kind: 'unreachable', failure: { kind: 'timeout' } },
    });
    fleet.reachability('h1', { kind: 'reachable', sinceMs: clock.wallMs() });
    expect(fleet.process(KEY)?.fresh).toBe(true);
  });

  test('adds nothing to the strip while it is away', () => {
    unreachable();
    clock.advance(3 * HOUR_MS);
    expect(fleet.process(KEY)?.beats.slice(-4)).toEqual(['running', null, null, null]);
  });
});

describe('restarts', () => {
  test('a new child nobody asked for is one; three within 20 minutes are flapping', () => {
    crash(101);
    clock.advance(9 * MINUTE_MS);
    crash(102);
    clock.advance(9 * MINUTE_MS);
    expect(fleet.process(KEY)).toMatchObject({ restarts: 2, flapping: false });
    crash(103);
    expect(fleet.process(KEY)).toMatchObject({ restarts: 3, flapping: true });
    clock.advance(3 * MINUTE_MS);
    expect(fleet.process(KEY)).toMatchObject({ restarts: 3, flapping: false });
    clock.advance(HOUR_MS);
    expect(fleet.process(KEY)).toMatchObject({ restarts: 0 });
    expect(events.filter((event) => event.kind === 'process' && event.restarted)).toHaveLength(3);
  });

  test('they are counted by half hour, and one that makes it flapping marks its half hour', () => {
    crash(101);
    clock.advance(HOUR_MS);
    crash(102);
    clock.advance(9 * MINUTE_MS);
    crash(103);
    crash(104);
    const slots = restartSlots(fleet.restarted(), clock.wallMs());
    expect(slots).toHaveLength(48);
    expect(slots.slice(-3)).toMatchObject([
      { restarts: 1, flapping: false },
      { restarts: 0, flapping: false },
      { restarts: 3, flapping: true },
    ]);
    expect(clock.wallMs() - (slots.at(-1)?.atMs ?? 0)).toBeLessThan(30 * MINUTE_MS);
    const [first] = restartSlots(fleet.restarted(), clock.wallMs() + 25 * HOUR_MS);
    expect(first).toMatchObject({ restarts: 0, flapping: false });
  });

  test('a start somebody asked for is none: by the hub, or after a stop by hand', () => {
    fleet.expectStart(KEY);
    crash(101);
    fleet.changed('h1', madeProcess({ state: 'STOPPED', pid: 0 }), null);
    fleet.changed('h1', madeProcess({ state: 'RUNNING', pid: 102 }), null);
    expect(fleet.process(KEY)?.restarts).toBe(0);
  });

  test('an expected start that never came does not hide a crash later', () => {
    fleet.expectStart(KEY);
    clock.advance(MINUTE_MS);
    crash(101);
    expect(fleet.process(KEY)?.restarts).toBe(1);
  });

  test('the last words of a crash stay until the next one', () => {
    crash(101);
    expect(fleet.process(KEY)?.crash).toEqual({ atMs: clock.wallMs(), lines: ['last', 'words'] });
  });
});

describe('the strip', () => {
  test('keeps the worst of each hour, and an hour begins without an event', () => {
    fleet.changed('h1', madeProcess({ state: 'FATAL', pid: 0 }), null);
    fleet.changed('h1', madeProcess({ state: 'RUNNING', pid: 101 }), null);
    clock.advance(HOUR_MS);
    expect(fleet.process(KEY)?.beats.slice(-2)).toEqual(['fatal', 'running']);
    expect(fleet.process(KEY)?.beats).toHaveLength(24);
    expect(beats.map(({ beat }) => beat)).toEqual(['running', 'fatal', 'running']);
  });

  test('drops what is older than a day', () => {
    clock.advance(30 * HOUR_MS);
    expect(fleet.process(KEY)?.beats).toEqual(Array(24).fill('running'));
  });
});

test('a host is shown by the same object until it changes, and at once as it is now', () => {
  const shown = fleet.host('h1');
  expect(fleet.host('h1')).toBe(shown);
  fleet.snapshot('h1', { ...FACTS, version: '5' }, [madeProcess(), madeProcess({ name: 'web_01' })]);
  expect(fleet.host('h1')).toMatchObject({ facts: { version: '5' }, processCount: 2 });
  fleet.putHost(madeHost({ tags: ['new'] }));
  expect(fleet.host('h1')).toMatchObject({ tags: ['new'], processCount: 2 });
  unreachable();
  expect(fleet.host('h1')?.reachability.kind).toBe('unreachable');
  expect(shown).toMatchObject({ facts: FACTS, processCount: 1, tags: [] });
});

test('happenings tell how a process ended, and link to its page', () => {
  crash(101);
  const [running, exited] = fleet.lately.all();
  expect(running).toMatchObject({ mark: 'RUNNING' });
  expect(running?.crashed).toBeUndefined();
  expect(exited).toMatchObject({
    mark: 'EXITED',
    crashed: true,
    title: 'web:web_00',
    detail: 'web-01: EXITED, exit status 1',
    link: '/processes/web-01/web%3Aweb_00',
  });
});

test('of an end supervisord did not expect the happening tells the status, in the language of the reader', () => {
  const spawnError = 'Bad exit code -1';
  const exited = { state: 'EXITED', pid: 0, exitStatus: -1, expected: false, spawnError } as const;
  fleet.changed('h1', madeProcess(exited), null);
  expect(fleet.lately.all()[0]).toMatchObject({
    detail: 'web-01: EXITED, killed by a signal',
    said: { key: 'lately.signalled' },
  });
});

test('what a host told an earlier hub is shown while it is away, and is no news once it tells again', () => {
  const atMs = clock.wallMs();
  const away = {
    kind: 'unreachable',
    sinceMs: atMs,
    failure: { kind: 'timeout', says: '', mend: '' },
  } as const;
  const before = madeProcess({ state: 'FATAL', pid: 0 });
  const gone = madeProcess({ name: 'gone' });
  recalled.set('h2', { seenAtMs: 5, unreachableSinceMs: 6, facts: FACTS, processes: [before, gone] });
  fleet.putHost(madeHost({ id: 'h2', name: 'web-02' }));
  fleet.reachability('h2', away);
  expect(fleet.host('h2')).toMatchObject({ lastSeenMs: 5, facts: FACTS, processCount: 2 });
  expect(fleet.host('h2')?.reachability.sinceMs).toBe(6);
  expect(fleet.process('h2/web:web_00')).toMatchObject({ state: 'FATAL', fresh: false });
  expect(told.get('h2')?.()).toEqual(recalled.get('h2') ?? null);
  events = [];
  fleet.reachability('h2', { kind: 'reachable', sinceMs: atMs });
  fleet.snapshot('h2', FACTS, [madeProcess()]);
  expect(events.filter(({ kind }) => kind === 'process')).toEqual([]);
  expect(fleet.process('h2/web:web_00')).toMatchObject({ state: 'RUNNING', fresh: true });
  expect(fleet.host('h2')).toMatchObject({ lastSeenMs: atMs, processCount: 1 });
  fleet.reachability('h2', away);
  expect(fleet.host('h2')?.reachability.sinceMs).toBe(atMs);
  expect(told.get('h2')?.()).toMatchObject({ seenAtMs: atMs, unreachableSinceMs: atMs });
});

test('when it is closed nothing is left to wake up for', () => {
  fleet.changed('h1', madeProcess({ state: 'STOPPED', pid: 0 }), null);
  fleet.close();
  expect(clock.pending()).toBe(0);
});
