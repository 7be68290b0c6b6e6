import fc from 'fast-check';
import { describe, test } from 'vitest';
import type { Lifetime } from '../support/supervisors.ts';
import { TcpProxy } from '../support/tcp-proxy.ts';
import { until } from '../support/until.ts';
import { startTestAgent, startUplinkHub, type TestAgent, type UplinkHub } from '../support/uplink-hub.ts';

interface Joined {
  readonly hub: UplinkHub;
  readonly proxy: TcpProxy;
  readonly agent: TestAgent;
}

async function joined(
  t: Lifetime,
  more: Partial<Parameters<typeof startTestAgent>[1]> = {},
): Promise<Joined> {
  const hub = await startUplinkHub(t);
  hub.registry.tokens.set('good', { uses: 1 });
  const proxy = await TcpProxy.to(t, hub.port);
  const agent = startTestAgent(t, { port: proxy.port, token: 'good', ...more });
  await until('snapshot', () => hub.sink.facts(agent.hostId));
  return { hub, proxy, agent };
}

/** The pids told for `web:a`, in order: the test counts them up, so they show every hole and repetition. */
function pidsTold({ hub }: Joined): number[] {
  return hub.sink.all.flatMap((heard) =>
    heard.kind === 'changed' && heard.process.name === 'a' ? [heard.process.pid] : [],
  );
}

describe.concurrent('events of an agent', () => {
  test('a change is at the hub at once, with the last words of a crash', async (t) => {
    const { hub, agent } = await joined(t);
    agent.supervisor.process('web:a').logs.stderr?.write(Buffer.from('Traceback\nboom\n'));
    agent.supervisor.move('web:a', 'RUNNING', { pid: 7 });
    agent.supervisor.move('web:a', 'EXITED', { exit: { code: null, signal: 'SIGKILL' } });
    const news = await until('exit', () =>
      hub.sink.all.find((heard) => heard.kind === 'changed' && heard.process.state === 'EXITED'),
    );
    t.expect(news).toMatchObject({
      process: { group: 'web', name: 'a', exitStatus: -1, exitSignal: 'SIGKILL', expected: false, pid: 0 },
      lastLines: ['Traceback', 'boom'],
    });
    t.expect(hub.sink.statesOf('web:a')).toEqual(['RUNNING', 'EXITED']);
  });

  test('a group that is removed is gone at the hub', async (t) => {
    const { hub, agent } = await joined(t, { names: ['web:a', 'job:x'] });
    agent.supervisor.removeGroup('job');
    await until('gone', () => hub.sink.keys(agent.hostId).join() === 'web:a');
  });

  test('a cut loses and repeats nothing, however often and whenever it comes', async (t) => {
    const step = fc.oneof(
      { weight: 6, arbitrary: fc.constant('event' as const) },
      { weight: 2, arbitrary: fc.constant('turn' as const) },
      { weight: 1, arbitrary: fc.constant('cut' as const) },
      { weight: 1, arbitrary: fc.constant('reached' as const) },
    );
    const one = await joined(t);
    let pid = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 60 }), async (steps) => {
        for (const what of steps) {
          if (what === 'event') one.agent.supervisor.move('web:a', 'RUNNING', { pid: ++pid });
          if (what === 'turn') await new Promise((turn) => setImmediate(turn));
          if (what === 'cut') one.proxy.cut();
          if (what === 'reached')
            await until('reached', () => one.hub.sink.process(one.agent.hostId, 'web:a'));
        }
        await until(
          'the last one',
          () => (one.hub.sink.process(one.agent.hostId, 'web:a')?.pid ?? 0) === pid,
        );
        t.expect(pidsTold(one)).toEqual(Array.from({ length: pid }, (_, index) => index + 1));
      }),
      { numRuns: 12 },
    );
    t.expect(one.proxy.accepted).toBeGreaterThan(1);
  });

  test('an agent that was away during 1,000 events tells them all when it is back', async (t) => {
    const one = await joined(t);
    one.proxy.refuse(true);
    one.proxy.cut();
    await until('away', () => one.hub.sink.reach(one.agent.hostId) === 'unreachable not-connected');
    for (let pid = 1; pid <= 1_000; pid++) one.agent.supervisor.move('web:a', 'RUNNING', { pid });
    one.proxy.refuse(false);
    await until('all', () => pidsTold(one).length >= 1_000);
    t.expect(pidsTold(one)).toEqual(Array.from({ length: 1_000 }, (_, index) => index + 1));
  });

  test('after more events than the agent keeps, a snapshot says how things stand', async (t) => {
    const one = await joined(t);
    one.proxy.refuse(true);
    one.proxy.cut();
    await until('away', () => one.hub.sink.reach(one.agent.hostId) === 'unreachable not-connected');
    for (let pid = 1; pid <= 12_000; pid++) one.agent.supervisor.move('web:a', 'RUNNING', { pid });
    one.proxy.refuse(false);
    await until('newest', () => one.hub.sink.process(one.agent.hostId, 'web:a')?.pid === 12_000);
    t.expect(pidsTold(one)).toEqual([]);
    t.expect(one.hub.sink.all.filter((heard) => heard.kind === 'snapshot')).toHaveLength(2);
  });

  test('a hub that starts anew gets what it missed, and then a snapshot', async (t) => {
    const one = await joined(t);
    one.agent.supervisor.move('web:a', 'RUNNING', { pid: 1 });
    await until('kept', () => pidsTold(one).length === 1);
    await one.hub.close();
    one.agent.supervisor.move('web:a', 'RUNNING', { pid: 2 });
    const port = one.hub.port;
    const { registry } = one.hub;
    t.expect(registry.cursor(one.agent.hostId)?.seq).toBeGreaterThan(0);
    const next = await startUplinkHub(t, { registry, port, hubKey: one.hub.hubKey });
    await until('snapshot', () => next.sink.facts(one.agent.hostId));
    t.expect(next.sink.all.map((heard) => heard.kind)).toEqual(['reachability', 'changed', 'snapshot']);
    t.expect(next.sink.process(one.agent.hostId, 'web:a')?.pid).toBe(2);
  });

  test('400 processes come as one snapshot', async (t) => {
    const names = Array.from({ length: 400 }, (_, index) => `big:p${index}`);
    const { hub, agent } = await joined(t, { names });
    t.expect(hub.sink.keys(agent.hostId)).toHaveLength(400);
    t.expect(hub.sink.all.filter((heard) => heard.kind === 'snapshot')).toHaveLength(1);
  });

  test('use of CPU and memory comes while connected', async (t) => {
    const { hub, agent } = await joined(t);
    agent.supervisor.process('web:a').pid = process.pid;
    const metrics = await until('metrics', () => hub.sink.metricsOf.get(agent.hostId));
    t.expect(metrics.get('web:a')?.[1]).toBeGreaterThan(10_000_000);
    t.expect(metrics.has('web:b')).toBe(false);
  });
});
