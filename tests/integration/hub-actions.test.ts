import { type TestContext, test } from 'vitest';
import type { Action, Fleet } from '../../src/api/contract.ts';
import type { ActionTarget } from '../../src/fleet/action.ts';
import { startTestHub, type TestHub } from '../support/hub.ts';
import { startSupervisor, type TestSupervisor } from '../support/supervisors.ts';
import { until } from '../support/until.ts';

const WEB = `[program:web]
command=/bin/sleep 1000
numprocs=2
process_name=%(program_name)s_%(process_num)02d
startsecs=0
`;
const SLOW = `[program:slow]
command=/bin/sh -c "trap '' TERM; sleep 1000 & wait; wait"
stopwaitsecs=3
stopasgroup=true
killasgroup=true
startsecs=0
`;

async function fleetOf(
  t: TestContext,
  hub: TestHub,
  names: readonly string[],
  config = `${WEB}[program:other]\ncommand=/bin/sleep 1000\nstartsecs=0\n`,
): Promise<TestSupervisor[]> {
  const supervisors = await Promise.all(names.map(() => startSupervisor(t, 'supervisord', { config })));
  for (const [i, name] of names.entries()) {
    const url = `unix://${supervisors[i]?.socketPath}`;
    const answer = await hub.ask('POST', '/hosts', { name, url });
    if (answer.status !== 201) throw new Error(JSON.stringify(answer.body));
  }
  await until('all processes known', async () => {
    const fleet: Fleet = (await hub.ask('GET', '/fleet')).body;
    return (
      new Set(fleet.processes.map((process) => process.hostId)).size === names.length &&
      fleet.processes.every((process) => process.state === 'RUNNING')
    );
  });
  return supervisors;
}

function finished(hub: TestHub, id: string, withinMs = 40_000): Promise<Action> {
  return until(
    `action ${id} finished`,
    async () => {
      const action: Action = (await hub.ask('GET', `/actions/${id}`)).body;
      if (action.finishedAtMs === null)
        throw new Error(JSON.stringify(action.targets.map((target) => target.outcome)));
      return action;
    },
    { withinMs },
  );
}

const kindsOf = (targets: readonly ActionTarget[], host: string): string[] =>
  targets.filter((target) => target.host === host).map((target) => target.outcome.kind);

test('a group is stopped on every host at once, with one true outcome each', async (t) => {
  const hub = await startTestHub(t);
  const supervisors = await fleetOf(t, hub, ['web-01', 'web-02', 'web-03']);
  const begun = await hub.ask('POST', '/actions', { verb: 'stop', selector: 'group web' });
  t.expect(begun.status).toBe(202);
  const action = await finished(hub, begun.body.id);
  t.expect(action.targets).toHaveLength(6);
  t.expect(action.targets.map((target) => target.outcome)).toEqual(
    Array.from({ length: 6 }, () => t.expect.objectContaining({ kind: 'done', state: 'STOPPED' })),
  );
  for (const supervisor of supervisors) {
    t.expect((await supervisor.rpc('getProcessInfo', 'web:web_00')).statename).toBe('STOPPED');
    t.expect((await supervisor.rpc('getProcessInfo', 'other')).statename).toBe('RUNNING');
  }
  t.expect(hub.bugs).toEqual([]);
});

test('a host that hangs gets an outcome of its own, and neither the others nor the pages wait for it', async (t) => {
  const hub = await startTestHub(t);
  const [, , hung] = await fleetOf(t, hub, ['web-01', 'web-02', 'web-03']);
  hung?.child.kill('SIGSTOP');
  const begun = await hub.ask('POST', '/actions', { verb: 'stop', selector: 'web:*' });
  await until(
    'the two that answer are done',
    async () => {
      const action: Action = (await hub.ask('GET', `/actions/${begun.body.id}`)).body;
      return [...kindsOf(action.targets, 'web-01'), ...kindsOf(action.targets, 'web-02')].every(
        (kind) => kind === 'done',
      );
    },
    { withinMs: 5_000 },
  );
  const beganMs = performance.now();
  t.expect((await hub.ask('GET', '/fleet')).status).toBe(200);
  t.expect((await hub.raw('GET', '/', { cookie: hub.session.cookie })).status).toBe(200);
  t.expect(performance.now() - beganMs).toBeLessThan(1_000);
  const action = await finished(hub, begun.body.id);
  for (const target of action.targets.filter(({ host }) => host === 'web-03'))
    t.expect(['unknown', 'unreachable']).toContain(target.outcome.kind);
  const fleet: Fleet = (await hub.ask('GET', '/fleet')).body;
  t.expect(fleet.hosts.find((host) => host.name === 'web-03')?.reachability.kind).toBe('unreachable');
  const kept = fleet.processes.filter((process) => !process.fresh);
  t.expect(kept.map((process) => process.state)).toEqual(['RUNNING', 'RUNNING', 'RUNNING']);
  const later = await hub.ask('POST', '/actions', { verb: 'start', selector: 'web-03/web:*' });
  t.expect((await finished(hub, later.body.id, 2_000)).targets.map(({ outcome }) => outcome.kind)).toEqual([
    'unreachable',
    'unreachable',
  ]);
});

test('a long stop is on its way, not a failure, and is sent once', async (t) => {
  const hub = await startTestHub(t);
  const [supervisor] = await fleetOf(t, hub, ['web-01'], SLOW);
  const begun = await hub.ask('POST', '/actions', { verb: 'restart', selector: 'slow' });
  await until('it is seen on its way', async () => {
    const action: Action = (await hub.ask('GET', `/actions/${begun.body.id}`)).body;
    const [target] = action.targets;
    return target?.outcome.kind === 'working' && target.outcome.state === 'STOPPING';
  });
  const action = await finished(hub, begun.body.id);
  t.expect(action.targets[0]?.outcome).toMatchObject({ kind: 'done', state: 'RUNNING' });
  const log = supervisor?.log() ?? '';
  t.expect(log.match(/stopped: slow/g)?.length).toBe(1);
  t.expect(log.match(/spawned: 'slow'/g)).toHaveLength(2);
});

test('what cannot start is a failure with its reason', async (t) => {
  const hub = await startTestHub(t);
  const supervisor = await startSupervisor(t, 'supervisord', {
    config:
      '[program:bad]\ncommand=/bin/sh -c "exit 3"\nautostart=false\nstartretries=1\n[program:ok]\ncommand=/bin/sleep 100\nautostart=false\nstartsecs=2\n',
  });
  await hub.ask('POST', '/hosts', { name: 'one', url: `unix://${supervisor.socketPath}` });
  await until(
    'both known',
    async () => (await hub.ask('GET', '/processes?selector=one/*')).body.length === 2,
  );
  const begun = await hub.ask('POST', '/actions', { verb: 'start', selector: 'bad ok' });
  const action = await finished(hub, begun.body.id);
  t.expect(action.targets.map(({ process, outcome }) => [process, outcome.kind])).toEqual([
    ['bad', 'failed'],
    ['ok', 'done'],
  ]);
});
