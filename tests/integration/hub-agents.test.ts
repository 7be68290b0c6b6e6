import { test } from 'vitest';
import type { Action, Fleet, HostView } from '../../src/api/contract.ts';
import { startTestHub, type TestHub } from '../support/hub.ts';
import { startSupervisor } from '../support/supervisors.ts';
import { until } from '../support/until.ts';

const hostCalled = async (hub: TestHub, name: string): Promise<HostView | undefined> =>
  ((await hub.ask('GET', '/hosts')).body as HostView[]).find((host) => host.name === name);

test('an agent joins with a token, is acted upon, and its host is removed at one word', async (t) => {
  const hub = await startTestHub(t);
  const { token } = (await hub.ask('POST', '/join-tokens', { environment: 'prod', tags: ['edge'] })).body;
  const agent = await startSupervisor(t, 'agent', {
    config: `[fleetvisor]\nhub=${hub.hub.address}\njoin_token=${token}\nname=agent-01\n[program:web]\ncommand=/bin/sleep 1000\nstartsecs=0\n`,
  });
  const host = await until('the agent is there', async () => {
    const found = await hostCalled(hub, 'agent-01');
    return found?.reachability.kind === 'reachable' && found.processCount === 1 ? found : null;
  });
  t.expect(host).toMatchObject({ kind: 'agent', environment: 'prod', tags: ['edge'], url: null });
  const { pid } = await agent.state('web', 'RUNNING');
  process.kill(Number(pid), 'SIGKILL');
  const crashed = await until('its new child', async () => {
    const fleet: Fleet = (await hub.ask('GET', '/fleet')).body;
    const [web] = fleet.processes;
    return web !== undefined && web.pid !== 0 && web.pid !== pid ? web : null;
  });
  t.expect(crashed).toMatchObject({ restarts: 1, state: 'RUNNING' });
  const begun = await hub.ask('POST', '/actions', { verb: 'stop', selector: '#edge/web' });
  const action: Action = await until('the action', async () => {
    const now: Action = (await hub.ask('GET', `/actions/${begun.body.id}`)).body;
    return now.finishedAtMs === null ? null : now;
  });
  t.expect(action.targets[0]?.outcome).toMatchObject({ kind: 'done', state: 'STOPPED' });
  t.expect((await agent.rpc('getProcessInfo', 'web')).statename).toBe('STOPPED');
  t.expect((await hub.ask('DELETE', `/hosts/${host.id}`)).status).toBe(204);
  t.expect(await hostCalled(hub, 'agent-01')).toBeUndefined();
  t.expect(hub.bugs).toEqual([]);
});
