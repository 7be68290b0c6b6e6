import { describe, expect, type TestContext, test } from 'vitest';
import { AT_ONCE, ONE_BY_ONE } from '../../src/fleet/pace.ts';
import { type LinkCall, LinkError } from '../../src/links/host-link.ts';
import { ActionBench } from '../support/action-bench.ts';
import { madeProcess } from '../support/made-link.ts';

function benchOf(t: TestContext, hosts: readonly string[]): ActionBench {
  const bench = new ActionBench(t, hosts);
  t.onTestFinished(() => expect(bench.bugs).toEqual([]));
  return bench;
}

/** A hub killed after it said it would send: whether it did, nobody here knows. */
async function killedWhileSending(t: TestContext): Promise<ActionBench> {
  const bench = benchOf(t, ['web-01']);
  bench.link('web-01').answer = () => new Promise(() => {});
  await bench.run('restart', '*');
  expect(bench.calls()).toEqual(['web-01 stopProcess']);
  bench.restartHub();
  bench.link('web-01').answer = async () => true;
  return bench;
}
const latest = (bench: ActionBench) => bench.runner.latest()[0];
const outcome = (bench: ActionBench) => latest(bench)?.targets[0]?.outcome;

describe('a restarted hub', () => {
  test('finds a stop it may have sent done when the process is STOPPED, and goes on with the start', async (t) => {
    const bench = await killedWhileSending(t);
    bench.runner.resume();
    bench.has('web-01', madeProcess({ state: 'STOPPED', pid: 0 }));
    await bench.turns();
    expect(bench.calls()).toEqual(['web-01 startProcess']);
    bench.changed('web-01', { pid: 300 });
    await bench.turns();
    expect(outcome(bench)).toMatchObject({ kind: 'done', state: 'RUNNING' });
  });

  test('finds a stop it may have sent unknown when nothing shows it, and never sends it again', async (t) => {
    const bench = await killedWhileSending(t);
    bench.runner.resume();
    bench.has('web-01', madeProcess());
    await bench.turns();
    await bench.advance(20_000);
    expect(outcome(bench)).toMatchObject({
      kind: 'unknown',
      reason: 'the stop may have been sent before the hub was restarted, and it is still RUNNING',
    });
    expect(bench.calls()).toEqual([]);
  });

  test('takes a process that runs with another pid for restarted', async (t) => {
    const bench = await killedWhileSending(t);
    bench.runner.resume();
    bench.has('web-01', madeProcess({ pid: 777 }));
    await bench.advance(1_000);
    expect(outcome(bench)).toMatchObject({ kind: 'done', state: 'RUNNING' });
    expect(bench.calls()).toEqual([]);
  });

  test('finds it unknown when the host does not come back', async (t) => {
    const bench = await killedWhileSending(t);
    bench.runner.resume();
    await bench.advance(10_000);
    expect(outcome(bench)).toMatchObject({ kind: 'waiting' });
    bench.away('web-01');
    await bench.turns();
    expect(outcome(bench)).toMatchObject({ kind: 'unknown', reason: expect.stringContaining('refused') });
  });
});

describe('a restarted hub asks an agent that remembers', () => {
  async function agentAfterKill(t: TestContext, answer: (call: LinkCall) => Promise<unknown>) {
    const bench = benchOf(t, ['web-01']);
    const link = bench.link('web-01');
    link.runId = 'run-1';
    link.answer = () => new Promise(() => {});
    await bench.run('signal', '*');
    bench.restartHub();
    link.answer = answer;
    bench.runner.resume();
    bench.has('web-01', madeProcess());
    await bench.turns();
    return { bench, calls: link.calls };
  }

  test('what became of the call, by its id, and takes its answer', async (t) => {
    const { bench, calls } = await agentAfterKill(t, async () => true);
    expect(calls).toMatchObject([{ id: expect.stringMatching(/\.0\.signal$/), question: true }]);
    expect(outcome(bench)).toMatchObject({ kind: 'done' });
  });

  test('and sends anew, under another id, what never arrived', async (t) => {
    const { bench, calls } = await agentAfterKill(t, async ({ question }) => {
      if (question) throw new LinkError('unreachable', 'never had it');
      return true;
    });
    expect(calls.map(({ id, question = false }) => [id.replace(/^.*\.0\./, ''), question])).toEqual([
      ['signal', true],
      ['signal.2', false],
    ]);
    expect(outcome(bench)).toMatchObject({ kind: 'done' });
  });

  test('but not another run of it: that would do it a second time', async (t) => {
    const bench = benchOf(t, ['web-01']);
    const link = bench.link('web-01');
    link.runId = 'run-1';
    link.answer = () => new Promise(() => {});
    await bench.run('signal', '*');
    bench.restartHub();
    link.runId = 'run-2';
    bench.runner.resume();
    bench.has('web-01', madeProcess());
    await bench.turns();
    expect(link.calls).toEqual([]);
    expect(outcome(bench)).toMatchObject({
      kind: 'unknown',
      reason: 'the signal may have been sent before the hub was restarted',
    });
  });
});

describe('a rolling action after a restart of the hub', () => {
  const WEB = ['web-01', 'web-02', 'web-03'];

  async function killedInBatchTwo(t: TestContext, resume: 'continue' | 'ask') {
    const bench = benchOf(t, WEB);
    await bench.run('restart', '*', { ...ONE_BY_ONE, resume });
    await bench.restarted('web-01', 201);
    await bench.advance(100);
    expect(bench.calls().at(-1)).toBe('web-02 stopProcess');
    bench.restartHub();
    bench.runner.resume();
    bench.has('web-01', madeProcess({ pid: 201 }));
    bench.has('web-02', madeProcess({ state: 'STOPPED', pid: 0 }));
    bench.has('web-03', madeProcess());
    await bench.turns();
    return bench;
  }

  test('H2 goes on in the batch it was in', async (t) => {
    const bench = await killedInBatchTwo(t, 'continue');
    expect(bench.calls()).toEqual(['web-02 startProcess']);
    bench.changed('web-02', { pid: 202 });
    await bench.turns();
    expect(bench.calls()).toEqual(['web-02 startProcess', 'web-03 stopProcess']);
    await bench.restarted('web-03', 203);
    expect(latest(bench)).toMatchObject({
      finishedAtMs: bench.clock.wallMs(),
      progress: { phase: 'over' },
      targets: [{ outcome: { kind: 'done' } }, { outcome: { kind: 'done' } }, { outcome: { kind: 'done' } }],
    });
  });

  test('that is to ask sees through what was begun, then waits to be resumed', async (t) => {
    const bench = await killedInBatchTwo(t, 'ask');
    expect(bench.calls()).toEqual(['web-02 startProcess']);
    bench.changed('web-02', { pid: 202 });
    await bench.advance(600_000);
    expect(bench.calls()).toEqual(['web-02 startProcess']);
    expect(latest(bench)).toMatchObject({
      progress: { phase: 'asking', says: 'the hub was restarted after this began' },
    });
    bench.runner.goOn(latest(bench)?.id ?? '');
    await bench.turns();
    expect(bench.calls()).toEqual(['web-02 startProcess', 'web-03 stopProcess']);
  });

  test('that is to ask can be cancelled instead', async (t) => {
    const bench = await killedInBatchTwo(t, 'ask');
    bench.changed('web-02', { pid: 202 });
    await bench.turns();
    bench.runner.cancel(latest(bench)?.id ?? '', 'bob');
    await bench.turns();
    expect(latest(bench)?.targets.map(({ outcome }) => outcome.kind)).toEqual(['done', 'done', 'cancelled']);
  });

  test('that lay still for long asks, whatever it was told', async (t) => {
    const bench = benchOf(t, WEB);
    bench.link('web-01').answer = () => new Promise(() => {});
    await bench.run('stop', '*', { ...ONE_BY_ONE, resume: 'continue' });
    bench.restartHub();
    bench.clock.stepWall(16 * 60_000);
    bench.runner.resume();
    for (const host of WEB) bench.has(host, madeProcess({ state: 'STOPPED', pid: 0 }));
    await bench.advance(100);
    expect(latest(bench)).toMatchObject({ progress: { phase: 'asking' } });
    expect(bench.calls()).toEqual([]);
  });
});

test('what an ended hub had not begun is begun by the next one', async (t) => {
  const bench = benchOf(t, ['web-01']);
  bench.has('web-01', ...Array.from({ length: 6 }, (_, at) => madeProcess({ name: `p${at}` })));
  bench.link('web-01').answer = () => new Promise(() => {});
  await bench.run('stop', '*', AT_ONCE);
  expect(bench.calls()).toHaveLength(4);
  bench.restartHub();
  bench.link('web-01').answer = async () => true;
  bench.runner.resume();
  const stopped = (at: number) => madeProcess({ name: `p${at}`, state: 'STOPPED', pid: 0 });
  bench.has('web-01', ...[0, 1, 2, 3].map(stopped), madeProcess({ name: 'p4' }), madeProcess({ name: 'p5' }));
  await bench.turns();
  expect(bench.link('web-01').calls.map(({ params }) => params[0])).toEqual(['web:p4', 'web:p5']);
  bench.has('web-01', ...[0, 1, 2, 3, 4, 5].map(stopped));
  await bench.turns();
  expect(latest(bench)?.targets.every(({ outcome }) => outcome.kind === 'done')).toBe(true);
});

test('a call that cannot be written down is not sent', async (t) => {
  const bench = new ActionBench(t, ['web-01']);
  const put = bench.store.actionMarks.put;
  bench.store.actionMarks.put = () => {
    throw new Error('disk full');
  };
  const action = await bench.run('stop', '*');
  bench.store.actionMarks.put = put;
  expect(bench.now(action).targets[0]?.outcome).toMatchObject({
    kind: 'failed',
    reason: 'the hub cannot write to its data folder: nothing was sent',
  });
  expect(bench.calls()).toEqual([]);
  expect(bench.bugs).toHaveLength(1);
});
