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

test('an agent is told apart when disabled, renamed under its connection, and sent away at once when revoked', async (t) => {
  const hub = await startTestHub(t);
  const { token } = (await hub.ask('POST', '/join-tokens', {})).body;
  const agent = await startSupervisor(t, 'agent', {
    config: `[fleetvisor]\nhub=${hub.hub.address}\njoin_token=${token}\nname=agent-02\nidentity={dir}/identity.json\n`,
  });
  const reaches = (name: string, kind: string) =>
    until(`${name} ${kind}`, async () => {
      const host = await hostCalled(hub, name);
      return host?.reachability.kind === kind ? host : null;
    });
  const { id } = await reaches('agent-02', 'reachable');
  const tested = await hub.ask('POST', `/hosts/${id}/test`);
  t.expect(tested.body.ok).toBe(true);
  t.expect(tested.body.steps.at(-1)).toMatchObject({ step: 'answer', ms: t.expect.any(Number) });

  const before = (await hostCalled(hub, 'agent-02'))?.reachability.sinceMs;
  await hub.ask('PATCH', `/hosts/${id}`, { name: 'edge-02', tags: ['edge'] });
  t.expect((await reaches('edge-02', 'reachable')).reachability.sinceMs).toBe(before);
  const address = await hub.ask('PATCH', `/hosts/${id}`, { url: 'http://127.0.0.1:1' });
  t.expect(address.status).toBe(422);

  await hub.ask('PATCH', `/hosts/${id}`, { disabled: true });
  await reaches('edge-02', 'disabled');
  const failed = await hub.ask('POST', `/hosts/${id}/test`);
  t.expect(failed.body).toMatchObject({ ok: false });
  await hub.ask('PATCH', `/hosts/${id}`, { disabled: false });
  await until('it came back', () => reaches('edge-02', 'reachable'), { withinMs: 50_000 });

  const revoked = await hub.ask('POST', `/hosts/${id}/revoke`);
  t.expect(revoked.body.reachability).toMatchObject({ kind: 'unreachable', failure: { kind: 'revoked' } });
  const restarted = await startSupervisor(t, 'agent', {
    config: `[fleetvisor]\nhub=${hub.hub.address}\nidentity=${agent.dir}/identity.json\nname=agent-02\n`,
  });
  await until('the same key to be refused', () => /the key of this host was revoked/.test(restarted.log()));
  const host = await hostCalled(hub, 'edge-02');
  t.expect(host?.reachability).toMatchObject({ kind: 'unreachable', failure: { kind: 'revoked' } });

  const again = (await hub.ask('POST', '/join-tokens', {})).body.token;
  const joining = `[fleetvisor]\nhub=${hub.hub.address}\njoin_token=${again}\nidentity={dir}/identity.json\n`;
  await startSupervisor(t, 'agent', { config: `${joining}name=edge-02\n` });
  t.expect(await reaches('edge-02', 'reachable')).toMatchObject({ id, tags: ['edge'] });
  const thief = await startSupervisor(t, 'agent', { config: `${joining}name=edge-02\n` });
  await until('its name to be taken', () => /a host called edge-02 already/.test(thief.log()));
  t.expect(hub.bugs).toEqual([]);
});
