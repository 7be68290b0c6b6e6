import { describe, expect, type TestContext, test } from 'vitest';
import { ONE_BY_ONE, type Rolling } from '../../src/fleet/pace.ts';
import { LinkError } from '../../src/links/host-link.ts';
import { ActionBench } from '../support/action-bench.ts';
import { madeProcess } from '../support/made-link.ts';

const WEB = ['web-01', 'web-02', 'web-03'];
const rolling = (more: Partial<Rolling> = {}): Rolling => ({ ...ONE_BY_ONE, ...more });

function benchOf(t: TestContext, hosts: readonly string[] = WEB): ActionBench {
  const bench = new ActionBench(t, hosts);
  t.onTestFinished(() => expect(bench.bugs).toEqual([]));
  return bench;
}

describe('a rolling action', () => {
  test('begins a batch only when the last one is RUNNING, has settled and the pause is over', async (t) => {
    const bench = benchOf(t);
    const action = await bench.run('restart', '*', rolling({ settleMs: 5_000, pauseMs: 10_000 }));
    expect(bench.calls()).toEqual(['web-01 stopProcess']);
    await bench.restarted('web-01', 201);
    expect(bench.calls()).toEqual(['web-01 stopProcess', 'web-01 startProcess']);
    await bench.advance(4_999);
    expect(bench.now(action).targets[0]?.outcome).toMatchObject({
      kind: 'working',
      state: 'RUNNING',
      says: 'settles for 5 s',
    });
    await bench.advance(1);
    expect(bench.kinds(action)).toEqual(['done', 'waiting', 'waiting']);
    expect(bench.now(action).progress).toMatchObject({ batch: 1, batches: 3, phase: 'pausing' });
    await bench.advance(9_999);
    expect(bench.calls()).toHaveLength(2);
    await bench.advance(1);
    expect(bench.calls().at(-1)).toBe('web-02 stopProcess');
    expect(bench.now(action).progress).toMatchObject({ batch: 1, phase: 'running' });
  });

  test('ends at the first failure: the rest is left out, and says why', async (t) => {
    const bench = benchOf(t);
    bench.link('web-01').answer = () => Promise.reject(new LinkError('fault', 'NO_FILE: web', 20));
    const action = await bench.run('restart', '*', rolling());
    expect(bench.now(action)).toMatchObject({
      finishedAtMs: bench.clock.wallMs(),
      progress: { phase: 'stopped', says: 'a target was not done: the rest was left out' },
      targets: [
        { outcome: { kind: 'failed' } },
        { outcome: { kind: 'cancelled', says: 'a target was not done: the rest was left out' } },
        { outcome: { kind: 'cancelled' } },
      ],
    });
    expect(bench.calls()).toEqual(['web-01 stopProcess']);
  });

  test('counts hosts that are away as failures, up to its maximum', async (t) => {
    const bench = benchOf(t);
    bench.away('web-01');
    bench.away('web-02');
    const action = await bench.run('stop', '*', rolling({ maxFailures: 2 }));
    expect(bench.kinds(action)).toEqual(['unreachable', 'unreachable', 'cancelled']);
  });

  test('goes on whatever fails when told so', async (t) => {
    const bench = benchOf(t);
    bench.away('web-01');
    const action = await bench.run('stop', '*', rolling({ onFailure: 'continue' }));
    await bench.turns();
    expect(bench.calls()).toEqual(['web-02 stopProcess']);
    bench.changed('web-02', { state: 'STOPPED', pid: 0 });
    await bench.turns();
    bench.changed('web-03', { state: 'STOPPED', pid: 0 });
    await bench.turns();
    expect(bench.kinds(action)).toEqual(['unreachable', 'done', 'done']);
  });

  test('takes a process that does not stay RUNNING for a failure', async (t) => {
    const bench = benchOf(t);
    const action = await bench.run('restart', '*', rolling({ settleMs: 5_000 }));
    await bench.restarted('web-01', 201);
    await bench.advance(2_000);
    bench.changed('web-01', { state: 'EXITED', pid: 0, exitStatus: 1 });
    await bench.turns();
    expect(bench.now(action).targets[0]?.outcome).toMatchObject({
      kind: 'failed',
      reason: 'did not stay RUNNING: EXITED',
    });
    expect(bench.kinds(action)).toEqual(['failed', 'cancelled', 'cancelled']);
  });

  test('is cancelled in a pause at once, and inside a batch after what was begun', async (t) => {
    const bench = benchOf(t);
    const first = await bench.run('stop', '*', rolling({ pauseMs: 60_000 }));
    bench.changed('web-01', { state: 'STOPPED', pid: 0 });
    await bench.turns();
    bench.runner.cancel(first.id, 'bob');
    await bench.turns();
    expect(bench.now(first)).toMatchObject({ cancelledBy: 'bob', finishedAtMs: bench.clock.wallMs() });
    expect(bench.kinds(first)).toEqual(['done', 'cancelled', 'cancelled']);
    const second = await bench.run('restart', 'web-02/* web-03/*', rolling());
    bench.runner.cancel(second.id, 'bob');
    await bench.turns();
    expect(bench.kinds(second)).toEqual(['working', 'waiting']);
    await bench.restarted('web-02', 300);
    expect(bench.kinds(second)).toEqual(['done', 'cancelled']);
  });

  test('H29 ends when its owner loses the right: later batches are not begun, and it says so', async (t) => {
    const bench = benchOf(t);
    const action = await bench.run('stop', '*', rolling());
    bench.forbidden = { says: 'ann may not stop (any more)' };
    bench.changed('web-01', { state: 'STOPPED', pid: 0 });
    await bench.turns();
    expect(bench.now(action).targets.map(({ outcome }) => outcome)).toMatchObject([
      { kind: 'done' },
      { kind: 'cancelled', says: 'ann may not stop (any more)' },
      { kind: 'cancelled', says: 'ann may not stop (any more)' },
    ]);
  });

  test('of a start that takes its time is in progress, and FATAL after BACKOFF is the failure', async (t) => {
    const bench = benchOf(t, ['web-01', 'web-02']);
    for (const host of ['web-01', 'web-02']) bench.has(host, madeProcess({ state: 'STOPPED', pid: 0 }));
    const action = await bench.run('start', '*', rolling());
    bench.changed('web-01', { state: 'STARTING', pid: 7 });
    await bench.advance(30_000);
    expect(bench.kinds(action)).toEqual(['working', 'waiting']);
    bench.changed('web-01', { state: 'BACKOFF', pid: 0, tries: 1 });
    await bench.advance(60_000);
    expect(bench.kinds(action)).toEqual(['working', 'waiting']);
    bench.changed('web-01', { state: 'FATAL', pid: 0, spawnError: 'Exited too quickly' });
    await bench.turns();
    expect(bench.kinds(action)).toEqual(['failed', 'cancelled']);
    expect(bench.calls()).toEqual(['web-01 startProcess']);
  });
});

describe('a plan that rolls', () => {
  const many = (bench: ActionBench): void => {
    for (const host of WEB) bench.has(host, madeProcess({ name: 'a' }), madeProcess({ name: 'b' }));
  };
  const batches = (bench: ActionBench, pace: Partial<Rolling>, selector = '*'): string[] =>
    bench
      .plan('restart', selector, rolling(pace))
      .targets.map(({ batch, host, process }) => `${batch} ${host}/${process}`);

  test('shows which target is in which batch, by targets, percent and hosts', (t) => {
    const bench = benchOf(t);
    many(bench);
    expect(batches(bench, { batch: { n: 4, of: 'targets' } }).map((text) => text[0])).toEqual([...'000011']);
    expect(batches(bench, { batch: { n: 25, of: 'percent' } }).map((text) => text[0])).toEqual([...'001122']);
    expect(batches(bench, { batch: { n: 2, of: 'hosts' } })).toEqual([
      '0 web-01/a',
      '0 web-01/b',
      '0 web-02/a',
      '0 web-02/b',
      '1 web-03/a',
      '1 web-03/b',
    ]);
  });

  test('goes by the order of the selector when that is given', (t) => {
    const bench = benchOf(t);
    many(bench);
    const given = { order: 'given', batch: { n: 1, of: 'hosts' } } as const;
    expect(batches(bench, given, 'web-03/* web-01/*')).toEqual([
      '0 web-03/a',
      '0 web-03/b',
      '1 web-01/a',
      '1 web-01/b',
    ]);
  });

  test('in random order keeps the targets of a host together', (t) => {
    const bench = benchOf(t);
    many(bench);
    const hosts = batches(bench, { order: 'random', batch: { n: 1, of: 'hosts' } }).map((text) =>
      text.slice(2, 8),
    );
    expect([...hosts].sort()).toEqual(['web-01', 'web-01', 'web-02', 'web-02', 'web-03', 'web-03']);
    for (const at of [0, 2, 4]) expect(hosts[at]).toBe(hosts[at + 1]);
  });
});

describe('two operators', () => {
  test('H30 on one process are served in turn, and the later is told whom it waits for', async (t) => {
    const bench = benchOf(t, ['web-01']);
    const stop = await bench.run('stop', '*', undefined, 'ann');
    const start = await bench.run('start', '*', undefined, 'bob');
    expect(bench.now(start).targets[0]?.outcome).toMatchObject({
      kind: 'working',
      says: `waits for stop * by ann (action ${stop.id})`,
    });
    expect(bench.calls()).toEqual(['web-01 stopProcess']);
    bench.changed('web-01', { state: 'STOPPED', pid: 0 });
    await bench.turns();
    expect(bench.calls()).toEqual(['web-01 stopProcess', 'web-01 startProcess']);
    bench.changed('web-01', { state: 'RUNNING', pid: 300 });
    await bench.turns();
    expect(bench.now(stop).targets[0]?.outcome).toMatchObject({ kind: 'done', state: 'STOPPED' });
    expect(bench.now(start).targets[0]?.outcome).toMatchObject({ kind: 'done', state: 'RUNNING' });
  });

  test('who cancels while waiting is out at once, and whoever comes later still waits for the first', async (t) => {
    const bench = benchOf(t, ['web-01']);
    await bench.run('stop', '*', undefined, 'ann');
    const second = await bench.run('restart', '*', undefined, 'bob');
    bench.runner.cancel(second.id, 'bob');
    await bench.turns();
    expect(bench.kinds(second)).toEqual(['cancelled']);
    const third = await bench.run('start', '*', undefined, 'eve');
    expect(bench.calls()).toEqual(['web-01 stopProcess']);
    bench.changed('web-01', { state: 'STOPPED', pid: 0 });
    await bench.turns();
    expect(bench.calls()).toEqual(['web-01 stopProcess', 'web-01 startProcess']);
    bench.changed('web-01', { pid: 300 });
    await bench.turns();
    expect(bench.kinds(third)).toEqual(['done']);
  });

  test('a reload waits for what is under way on its host', async (t) => {
    const bench = benchOf(t, ['web-01']);
    await bench.run('stop', '*', undefined, 'ann');
    await bench.run('reload', 'web-01', undefined, 'bob');
    expect(bench.calls()).toEqual(['web-01 stopProcess']);
    bench.changed('web-01', { state: 'STOPPED', pid: 0 });
    await bench.turns();
    expect(bench.calls()).toEqual(['web-01 stopProcess', 'web-01 restart']);
    bench.away('web-01');
    bench.has('web-01', madeProcess({ pid: 400 }));
    await bench.advance(2_000);
    expect(bench.runner.latest()[0]?.targets[0]?.outcome).toMatchObject({ kind: 'done', state: 'RUNNING' });
  });

  test('a reload whose answer was lost with the supervisor is judged by what follows', async (t) => {
    const bench = benchOf(t, ['web-01']);
    bench.link('web-01').answer = () => Promise.reject(new LinkError('unknown', 'closed the connection'));
    const reload = await bench.run('reload', 'web-01');
    bench.away('web-01');
    bench.has('web-01', madeProcess({ pid: 400 }));
    await bench.advance(2_000);
    expect(bench.now(reload).targets[0]?.outcome).toMatchObject({ kind: 'done', state: 'RUNNING' });
    const second = await bench.run('reload', 'web-01');
    await bench.advance(61_000);
    expect(bench.now(second).targets[0]?.outcome).toMatchObject({
      kind: 'unknown',
      reason: 'the reload was sent, no answer came, and nothing came of it',
    });
  });

  test('the same key is the same action, whatever it would do now', async (t) => {
    const bench = benchOf(t, ['web-01']);
    const once = { key: 'k1', requestHash: 'h' };
    const first = bench.runner.run(bench.plan('stop', '*'), 'ann', once);
    expect(bench.runner.run(bench.plan('stop', '*'), 'ann', once).id).toBe(first.id);
    expect(bench.runner.run(bench.plan('stop', '*'), 'bob', once).id).not.toBe(first.id);
    await bench.turns();
    expect(bench.calls()).toEqual(['web-01 stopProcess']);
  });
});

test('at most so many targets at a time', async (t) => {
  const bench = benchOf(t);
  await bench.run('stop', '*', { mode: 'parallel', limit: 2, resume: 'continue' });
  expect(bench.calls()).toEqual(['web-01 stopProcess', 'web-02 stopProcess']);
  bench.changed('web-02', { state: 'STOPPED', pid: 0 });
  await bench.turns();
  expect(bench.calls().at(-1)).toBe('web-03 stopProcess');
});

describe('signal and clear', () => {
  test('are one call each, and its answer is the outcome', async (t) => {
    const bench = benchOf(t, ['web-01']);
    const plan = { ...bench.plan('signal', '*'), signal: 'HUP' };
    const action = bench.runner.run(plan, 'ann');
    await bench.turns();
    expect(bench.link('web-01').calls).toMatchObject([
      { method: 'supervisor.signalProcess', params: ['web:web_00', 'HUP'] },
    ]);
    expect(bench.now(action)).toMatchObject({ signal: 'HUP', targets: [{ outcome: { kind: 'done' } }] });
  });

  test('without an answer are unknown', async (t) => {
    const bench = benchOf(t, ['web-01']);
    bench.link('web-01').answer = () => Promise.reject(new LinkError('unknown', 'no answer within 5 s'));
    expect(bench.now(await bench.run('clear', '*')).targets[0]?.outcome).toMatchObject({
      kind: 'unknown',
      reason: 'no answer within 5 s',
    });
  });

  test('a signal leaves alone what has no child', (t) => {
    const bench = benchOf(t, ['web-01']);
    bench.has('web-01', madeProcess({ name: 'a' }), madeProcess({ name: 'b', state: 'FATAL', pid: 0 }));
    expect(bench.plan('signal', '*')).toMatchObject({
      targets: [{ process: 'a' }],
      leftAlone: [{ process: 'b', reason: 'is FATAL, there is nothing to signal' }],
    });
  });
});
