import { sign } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Server, type Socket } from 'socket.io';
import { describe, test } from 'vitest';
import { hubProofText, UPLINK_NAMESPACE, UPLINK_VERSIONS } from '../../agent/src/protocol/uplink.ts';
import type { LinkCall } from '../../src/links/host-link.ts';
import { hostRow } from '../support/link-to.ts';
import type { Lifetime } from '../support/supervisors.ts';
import { TcpProxy } from '../support/tcp-proxy.ts';
import { until } from '../support/until.ts';
import { newHubKey, startTestAgent, startUplinkHub } from '../support/uplink-hub.ts';

const stop: LinkCall = {
  id: 'c1',
  method: 'supervisor.stopProcess',
  params: ['web:a', false],
  deadlineMs: 10_000,
};

async function joined(t: Lifetime, more: Partial<Parameters<typeof startTestAgent>[1]> = {}) {
  const hub = await startUplinkHub(t);
  hub.registry.tokens.set('good', { uses: 1 });
  const proxy = await TcpProxy.to(t, hub.port);
  const agent = startTestAgent(t, { port: proxy.port, token: 'good', ...more });
  await until('snapshot', () => hub.sink.facts(agent.hostId));
  const link = hub.links.agentLink(hostRow({ id: agent.hostId, name: 'box', kind: 'agent' }));
  return { hub, proxy, agent, link };
}

/** A hub that is welcome and then does what it likes; `attack` gets the agent's socket. */
async function hostileHub(t: Lifetime, attack: (agent: Socket) => void): Promise<number> {
  const server = createServer();
  const io = new Server(server);
  const { publicKey: hubKey, privateKey } = newHubKey();
  io.of(UPLINK_NAMESPACE).on('connection', (agent) => {
    const proof = Buffer.from(hubProofText(agent.handshake.auth.nonce));
    agent.on('hello', (_, answer) => {
      answer({ kind: 'welcome', hostId: 'h', resumeAfter: null, snapshot: true, hubUptimeMs: 0 });
      attack(agent);
    });
    const hubSignature = sign(null, proof, privateKey).toString('base64');
    agent.emit('challenge', { nonce: 'n', ...UPLINK_VERSIONS, hubKey, hubSignature });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  t.onTestFinished(() => void io.close());
  return (server.address() as AddressInfo).port;
}

describe.concurrent('calls to an agent', () => {
  test('abuse 10: a hub that asks on and takes nothing loses the agent, not its memory', async (t) => {
    const port = await hostileHub(t, (agent) => {
      const connection = agent.conn.transport as unknown as { socket: { _socket: { pause(): void } } };
      connection.socket._socket.pause();
      const again = setInterval(() => agent.emit('resync'), 2);
      agent.on('disconnect', () => clearInterval(again));
    });
    const names = Array.from({ length: 400 }, (_, i) => `web:${i}`);
    const agent = startTestAgent(t, { port, names });
    const said = 'WARN uplink: no connection to the hub at';
    await until('it is told', () => agent.log.some((line) => line.includes('does not take what it asks')));
    t.expect(agent.log.filter((line) => line.startsWith(said))).toHaveLength(1);
  });

  test('an answer comes back as the value, a fault with its number', async (t) => {
    const { link } = await joined(t, {
      callMethod: async (method) => {
        if (method === 'supervisor.stopProcess') throw { faultCode: 70, faultString: 'NOT_RUNNING: web:a' };
        return { pid: 7 };
      },
    });
    t.expect(await link.call({ ...stop, method: 'supervisor.getPID', params: [] })).toEqual({ pid: 7 });
    const refused = link.call({ ...stop, id: 'c2' });
    await t
      .expect(refused)
      .rejects.toMatchObject({ kind: 'fault', faultCode: 70, message: 'NOT_RUNNING: web:a' });
  });

  test('H38 abuse 12: a cut between call and outcome: run once, told once', async (t) => {
    let finish: (value: unknown) => void = () => {};
    const { proxy, agent, link } = await joined(t, {
      callMethod: () =>
        new Promise((done) => {
          finish = done;
        }),
    });
    const outcome = link.call(stop);
    await until('called', () => agent.called.length === 1);
    proxy.cut();
    finish('stopped');
    t.expect(await outcome).toBe('stopped');
    t.expect(agent.called).toEqual(['supervisor.stopProcess']);
    t.expect(proxy.accepted).toBeGreaterThan(1);
  });

  test('an agent that was started anew is not asked a second time', async (t) => {
    const { hub, proxy, agent, link } = await joined(t, { callMethod: () => new Promise(() => {}) });
    const ended = link.call(stop).catch((error) => error);
    await until('called', () => agent.called.length === 1);
    await agent.uplink.close();
    const next = startTestAgent(t, { port: proxy.port, dir: agent.dir });
    t.expect(await ended).toMatchObject({ kind: 'unknown', message: t.expect.stringContaining('restarted') });
    t.expect(next.called).toEqual([]);
    t.expect(hub.sink.reach(agent.hostId)).toBe('reachable');
  });

  test('H3 without an outcome by the deadline it is unknown; without a connection it was never sent', async (t) => {
    const { hub, agent, link } = await joined(t, { callMethod: () => new Promise(() => {}) });
    await t.expect(link.call({ ...stop, deadlineMs: 300 })).rejects.toMatchObject({ kind: 'unknown' });
    await agent.uplink.close();
    await until('away', () => hub.sink.reach(agent.hostId) === 'unreachable not-connected');
    await t.expect(link.call({ ...stop, id: 'c2' })).rejects.toMatchObject({ kind: 'unreachable' });
  });

  test("the host's own word counts: observe reads, control does not configure", async (t) => {
    const { agent, link } = await joined(t, { allow: 'observe' });
    t.expect(await link.call({ ...stop, method: 'supervisor.getState', params: [] })).toBe(true);
    await t.expect(link.call({ ...stop, id: 'c2' })).rejects.toMatchObject({
      kind: 'vetoed',
      message: t.expect.stringContaining('allow=observe'),
    });
    const multicall = link.call({ ...stop, id: 'c3', method: 'system.multicall', params: [[]] });
    await t.expect(multicall).rejects.toMatchObject({ kind: 'vetoed' });
    t.expect(agent.called).toEqual(['supervisor.getState']);
  });

  test('a signal that is aborted ends the wait', async (t) => {
    const { agent, link } = await joined(t, { callMethod: () => new Promise(() => {}) });
    const abort = new AbortController();
    const ended = link.call({ ...stop, signal: abort.signal }).catch((error) => error);
    await until('called', () => agent.called.length === 1);
    abort.abort();
    t.expect(await ended).toMatchObject({ kind: 'unknown' });
  });
});
