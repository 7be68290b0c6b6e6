import { beforeEach, expect, test } from 'vitest';
import { Evaluator } from '../../src/alerts/evaluator.ts';
import { FleetWatch } from '../../src/alerts/fleet-watch.ts';
import { FleetState } from '../../src/control/fleet-state.ts';
import type { AlertRule, Condition } from '../../src/fleet/alert.ts';
import type { HostFacts } from '../../src/fleet/host.ts';
import type { LinkProcess } from '../../src/links/host-link.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { madeHost, madeProcess } from '../support/made-link.ts';
import { NO_HISTORY } from '../support/no-history.ts';

const SECOND = 1_000;
const FACTS: HostFacts = {
  identifier: 'supervisor',
  version: '4.2.5',
  daemonState: 'RUNNING',
  pid: 1,
  clockSkewMs: 0,
};

let clock: FakeClock;
let fleet: FleetState;
let evaluator: Evaluator;
let watch: FleetWatch;
/** What was decided, in order: `open 1 web-01/web:web_00 is FATAL ×1`. */
let done: string[];
/** While it is set nothing can be written. */
let isFull = false;
let tries = 0;

beforeEach(() => {
  clock = new FakeClock();
  done = [];
  isFull = false;
  const bug = (error: unknown): void => {
    throw error;
  };
  fleet = new FleetState({ clock, history: NO_HISTORY, bug });
  let last = 0;
  evaluator = new Evaluator(clock, {
    begin(rule, { host, group, process }, { says, lastLine }, times) {
      if (isFull) return null;
      const subject = process === '' ? host : `${host}/${group}:${process}`;
      done.push(
        `open ${++last} ${subject} ${says}${lastLine === '' ? '' : ` | ${lastLine}`} ×${times} (${rule.name})`,
      );
      return last;
    },
    again: (id, { says }, times) => done.push(`again ${id} ${says} ×${times}`) > 0,
    close(id, ending) {
      tries++;
      return !isFull && done.push(`close ${id} ${ending}`) > 0;
    },
  });
  watch = new FleetWatch(fleet, evaluator);
  host('h1', 'web-01');
  reachable('h1');
});

function rule(condition: Condition, more: Partial<AlertRule> = {}): AlertRule {
  const named = { id: condition.kind, name: condition.kind, enabled: true, condition, selector: '*' };
  const pace = { forSeconds: 0, clearSeconds: 60, repeatMinutes: 0 };
  return { ...named, ...pace, severity: 'critical', channels: 'all', ...more };
}
const FATAL = rule({ kind: 'process-state', states: ['FATAL'] });
const UNREACHABLE = rule({ kind: 'host-unreachable' }, { forSeconds: 60 });

function rules(...all: AlertRule[]): void {
  evaluator.setRules(all);
  watch.showAll();
}

const host = (id: string, name: string, more = {}): void => fleet.putHost(madeHost({ id, name, ...more }));

function reachable(id: string, ...processes: LinkProcess[]): void {
  fleet.reachability(id, { kind: 'reachable', sinceMs: clock.wallMs() });
  fleet.snapshot(id, FACTS, processes.length > 0 ? processes : [madeProcess()]);
  clock.advance(50);
}

function unreachable(id: string): void {
  const failure = { kind: 'timeout', says: 'answers nothing', mend: 'look there' } as const;
  fleet.reachability(id, { kind: 'unreachable', sinceMs: clock.wallMs(), failure });
  clock.advance(50);
}

function becomes(
  state: LinkProcess['state'],
  more: Partial<LinkProcess> = {},
  lines: string[] | null = null,
) {
  fleet.changed('h1', madeProcess({ state, pid: state === 'RUNNING' ? 100 : 0, ...more }), lines);
}

/** A crash and the restart after it. */
let pid = 200;
function crash(): void {
  becomes('EXITED', { exitStatus: 1, expected: false }, ['Traceback', 'KeyError: x']);
  becomes('RUNNING', { pid: ++pid });
}

test('a process that is FATAL is one alert, closed once it was well for as long as the rule says, not before', () => {
  rules(FATAL);
  becomes('FATAL', { spawnError: 'too many start retries' });
  expect(done).toEqual(['open 1 web-01/web:web_00 is FATAL: too many start retries ×1 (process-state)']);
  becomes('STARTING');
  becomes('RUNNING');
  clock.advance(59_999);
  expect(done).toHaveLength(1);
  clock.advance(1);
  expect(done[1]).toBe('close 1 well');
  clock.advance(600 * SECOND);
  expect(done).toHaveLength(2);
  expect(clock.pending()).toBe(1); // the fleet's own minute
});

test('what is FATAL again before it was well long enough counts up and opens nothing', () => {
  rules(FATAL);
  becomes('FATAL');
  becomes('STARTING');
  becomes('FATAL');
  becomes('RUNNING');
  clock.advance(30 * SECOND);
  becomes('FATAL');
  clock.advance(2 * SECOND);
  expect(done).toEqual([
    'open 1 web-01/web:web_00 is FATAL ×1 (process-state)',
    'again 1 is FATAL ×1',
    'again 1 is FATAL ×1',
  ]);
});

test('an unexpected exit counts though the process is restarted at once, and its last words go with it', () => {
  rules(rule({ kind: 'process-state', states: ['exited-unexpectedly'] }));
  crash();
  expect(done).toEqual([
    'open 1 web-01/web:web_00 exited unexpectedly with status 1 | KeyError: x ×1 (process-state)',
  ]);
  becomes('EXITED', { exitStatus: 0, expected: true });
  clock.advance(60 * SECOND);
  expect(done.at(-1)).toBe('close 1 well');
});

test('BACKOFF opens only when the process is stuck in it, its starts between included', () => {
  rules(rule({ kind: 'process-state', states: ['BACKOFF'] }, { forSeconds: 20 }));
  for (let tries = 0; tries < 3; tries++) {
    becomes('BACKOFF', { tries });
    clock.advance(4 * SECOND);
    becomes('STARTING');
    clock.advance(2 * SECOND);
  }
  becomes('BACKOFF');
  clock.advance(2 * SECOND - 1);
  expect(done).toEqual([]);
  clock.advance(1);
  expect(done).toEqual([
    'open 1 web-01/web:web_00 is in BACKOFF: it exits right after each start ×4 (process-state)',
  ]);
});

test('a process that was in BACKOFF for a while and runs is no alert', () => {
  rules(rule({ kind: 'process-state', states: ['BACKOFF'] }, { forSeconds: 20 }));
  becomes('BACKOFF');
  clock.advance(19 * SECOND);
  becomes('STARTING');
  clock.advance(5 * SECOND);
  becomes('RUNNING');
  clock.advance(600 * SECOND);
  expect(done).toEqual([]);
});

test('flapping opens with the restart that is one too many, and is well by time alone', () => {
  rules(rule({ kind: 'flapping', restarts: 3, withinSeconds: 600 }));
  for (let n = 0; n < 3; n++) {
    crash();
    clock.advance(100 * SECOND);
  }
  expect(done).toEqual([
    'open 1 web-01/web:web_00 was restarted 3 times within 10 min | KeyError: x ×1 (flapping)',
  ]);
  clock.advance(300 * SECOND + 59 * SECOND); // the first of the three is 10 min old, and 59 s
  expect(done).toHaveLength(1);
  clock.advance(SECOND);
  expect(done.at(-1)).toBe('close 1 well');
});

test('memory is judged where it is measured, and only when it stays above', () => {
  rules(rule({ kind: 'memory-over', bytes: 1_000 }, { forSeconds: 30, clearSeconds: 10 }));
  const uses = (bytes: number): void => {
    fleet.metrics('h1', new Map([['web:web_00', [1, bytes] as const]]));
    clock.advance(50);
  };
  uses(2_048);
  clock.advance(20 * SECOND);
  uses(500);
  clock.advance(20 * SECOND);
  uses(2_048);
  expect(done).toEqual([]);
  clock.advance(30 * SECOND);
  expect(done).toEqual(['open 1 web-01/web:web_00 uses 2 KiB, more than 1000 bytes ×1 (memory-over)']);
  uses(1_000);
  clock.advance(10 * SECOND);
  expect(done.at(-1)).toBe('close 1 well');
});

test('a host opens after it was unreachable so long, and holds back what could be said of its processes', () => {
  rules(UNREACHABLE, FATAL);
  reachable('h1', madeProcess(), madeProcess({ name: 'web_01', state: 'FATAL' }));
  unreachable('h1');
  expect(done).toEqual(['open 1 web-01/web:web_01 is FATAL ×1 (process-state)']);
  clock.advance(59_999);
  expect(done).toHaveLength(1);
  clock.advance(1);
  expect(done[1]).toBe('open 2 web-01 is unreachable: answers nothing ×1 (host-unreachable)');
  becomes('FATAL'); // a late word
  clock.advance(600 * SECOND);
  expect(done).toHaveLength(2);
  reachable('h1', madeProcess({ state: 'FATAL' }), madeProcess({ name: 'web_01' }));
  expect(done.slice(2)).toEqual(['open 3 web-01/web:web_00 is FATAL ×1 (process-state)']);
  clock.advance(60 * SECOND + 100);
  expect(done.slice(3).sort()).toEqual(['close 1 well', 'close 2 well']);
});

test('H12 a host that comes and goes every second is one alert with a count, and is written no more than every other second', () => {
  rules(UNREACHABLE);
  for (let second = 0; second < 600; second += 2) {
    unreachable('h1');
    clock.advance(950);
    reachable('h1');
    clock.advance(950);
  }
  clock.advance(120 * SECOND);
  const opened = done.filter((line) => line.startsWith('open'));
  expect(opened).toEqual(['open 1 web-01 is unreachable: answers nothing ×31 (host-unreachable)']);
  const counted = done.map((line) => Number(/ ×(\d+)/.exec(line)?.[1] ?? 0)).reduce((a, b) => a + b);
  expect(counted).toBe(300);
  expect(done.length).toBeLessThan(600 / 2 + 2);
  expect(done.at(-1)).toBe('close 1 well');
});

test('a host away for a moment is no alert, however often that happens', () => {
  rules(UNREACHABLE);
  for (let minute = 0; minute < 10; minute++) {
    unreachable('h1');
    clock.advance(5 * SECOND);
    reachable('h1');
    clock.advance(55 * SECOND);
  }
  expect(done).toEqual([]);
});

test('a host in maintenance or disabled raises nothing; what is so when the work ends does', () => {
  rules(FATAL, UNREACHABLE);
  host('h1', 'web-01', { maintenance: { untilMs: null, note: '', by: 'ops' } });
  clock.advance(50);
  becomes('FATAL');
  unreachable('h1');
  clock.advance(600 * SECOND);
  reachable('h1', madeProcess({ state: 'FATAL' }));
  expect(done).toEqual([]);
  host('h1', 'web-01');
  clock.advance(50);
  expect(done).toEqual(['open 1 web-01/web:web_00 is FATAL ×1 (process-state)']);
  fleet.reachability('h1', { kind: 'disabled', sinceMs: clock.wallMs() });
  clock.advance(50);
  expect(done[1]).toBe('close 1 host-disabled');
  clock.advance(600 * SECOND);
  expect(done).toHaveLength(2);
});

test('a rule looks only at what its selector names, also when a host gets a tag or the rule is changed', () => {
  rules({ ...FATAL, selector: '#prod/*' });
  becomes('FATAL');
  clock.advance(50);
  expect(done).toEqual([]);
  host('h1', 'web-01', { tags: ['prod'] });
  clock.advance(50);
  expect(done).toEqual(['open 1 web-01/web:web_00 is FATAL ×1 (process-state)']);
  rules({ ...FATAL, selector: 'api:*' });
  expect(done[1]).toBe('close 1 rule-changed');
  rules(FATAL);
  expect(done[2]).toMatch(/^open 2/);
  rules({ ...FATAL, enabled: false });
  expect(done[3]).toBe('close 2 rule-changed');
  rules(FATAL);
  rules();
  expect(done.slice(4)).toEqual([t(3), 'close 3 rule-changed']);
});
const t = (id: number): string => `open ${id} web-01/web:web_00 is FATAL ×1 (process-state)`;

test('what is gone closes at once', () => {
  rules(FATAL, UNREACHABLE);
  becomes('FATAL');
  fleet.groupRemoved('h1', 'web');
  clock.advance(50);
  expect(done.at(-1)).toBe('close 1 gone');
  unreachable('h1');
  clock.advance(60 * SECOND);
  fleet.removeHost('h1');
  clock.advance(50);
  expect(done.at(-1)).toBe('close 2 gone');
});

test('an alert taken up again is neither opened nor counted anew, and closes when it is well or gone', () => {
  const kept = { ruleId: 'process-state', rule: '', kind: 'process-state', severity: 'critical' } as const;
  const times = { openedAtMs: 0, lastAtMs: 0, closedAtMs: null, ending: null, count: 1, acknowledged: null };
  const of = (id: number, process: string) => ({
    ...{ id, hostId: 'h1', host: 'web-01', group: 'web', process, says: 'is FATAL', lastLine: '' },
    ...kept,
    ...times,
  });
  evaluator.setRules([FATAL]);
  fleet.reachability('h1', { kind: 'connecting', sinceMs: 0 });
  for (const [index, name] of ['web_00', 'web_01', 'web_02'].entries())
    expect(evaluator.takeUp(of(index + 1, name))).toBe(true);
  expect(evaluator.takeUp({ ...of(9, 'x'), ruleId: 'of yesterday' })).toBe(false);
  watch.showAll();
  clock.advance(600 * SECOND);
  expect(done).toEqual([]);
  reachable('h1', madeProcess({ state: 'FATAL' }), madeProcess({ name: 'web_01' }));
  expect(done).toEqual(['close 3 gone']);
  clock.advance(60 * SECOND);
  expect(done).toEqual(['close 3 gone', 'close 2 well']);
});

test('what cannot be written now is written a second later', () => {
  rules(FATAL);
  isFull = true;
  becomes('FATAL');
  clock.advance(5 * SECOND);
  expect(done).toEqual([]);
  isFull = false;
  clock.advance(SECOND);
  expect(done).toEqual([t(1)]);
  becomes('RUNNING');
  isFull = true;
  clock.advance(70 * SECOND);
  isFull = false;
  clock.advance(SECOND);
  expect(done).toEqual([t(1), 'close 1 well']);
});

test('however much cannot be written, it is tried once a second, and ends as it ended', () => {
  rules(FATAL);
  reachable('h1', ...[0, 1, 2].map((n) => madeProcess({ name: `web_0${n}` })));
  for (const n of [0, 1, 2]) becomes('FATAL', { name: `web_0${n}` });
  expect(done).toHaveLength(3);
  isFull = true;
  fleet.removeHost('h1');
  clock.advance(50);
  const before = tries;
  clock.advance(10 * SECOND);
  expect(tries - before).toBe(10);
  isFull = false;
  clock.advance(SECOND);
  expect(done.slice(3).sort()).toEqual(['close 1 gone', 'close 2 gone', 'close 3 gone']);
});
