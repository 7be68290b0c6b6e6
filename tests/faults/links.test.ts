import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, test } from 'vitest';
import { decodeCall, encodeResponse } from '../../agent/src/xmlrpc/index.ts';
import { cgroup, faultTest } from '../support/injections.ts';
import { startKillableHub } from '../support/killable-hub.ts';
import type { Lifetime } from '../support/supervisors.ts';
import { TcpProxy } from '../support/tcp-proxy.ts';
import { until } from '../support/until.ts';
import { startTestAgent, startUplinkHub } from '../support/uplink-hub.ts';

/** Two heartbeats. */
const NOTICED_MS = 20_000;

async function joined(t: Lifetime) {
  const hub = await startUplinkHub(t);
  hub.registry.tokens.set('good', { uses: 1 });
  const proxy = await TcpProxy.to(t, hub.port);
  const agent = startTestAgent(t, { port: proxy.port, token: 'good', names: NAMES });
  await until('snapshot', () => hub.sink.facts(agent.hostId));
  return { hub, proxy, agent };
}

const NAMES = Array.from({ length: 60 }, (_, n) => `web:p${n}`);

describe.concurrent('the uplink over a bad path', () => {
  test('H37 an agent that vanished without a goodbye is noticed within two heartbeats, and comes back', async (t) => {
    const { hub, proxy, agent } = await joined(t);
    proxy.stall();
    await until('it is missed', () => hub.sink.reach(agent.hostId).startsWith('unreachable'), {
      withinMs: NOTICED_MS,
    });
    agent.supervisor.move('web:p1', 'RUNNING', { pid: 2 ** 22 + 1 });
    await until(
      'what happened meanwhile',
      () => hub.sink.process(agent.hostId, 'web:p1')?.state === 'RUNNING',
      {
        withinMs: 60_000,
      },
    );
  });

  test('H39 a path that loses large packets is noticed, and once it is mended nothing was lost or doubled', async (t) => {
    const { hub, proxy, agent } = await joined(t);
    proxy.lose(1_400);
    for (const name of NAMES) agent.supervisor.move(name, 'RUNNING', { pid: 2 ** 22 + 1 });
    await until('it is missed', () => hub.sink.reach(agent.hostId).startsWith('unreachable'), {
      withinMs: NOTICED_MS,
    });
    t.expect(hub.sink.process(agent.hostId, 'web:p59')?.state).toBe('STOPPED');
    proxy.lose(Number.POSITIVE_INFINITY);
    proxy.cut();
    await until('the last of them', () => hub.sink.process(agent.hostId, 'web:p59')?.state === 'RUNNING', {
      withinMs: 60_000,
    });
    const changes = hub.sink.all.filter(({ kind }) => kind === 'changed');
    t.expect(changes).toHaveLength(NAMES.length);
  });

  test('H36 a proxy that cuts what is idle for 13 s never finds the uplink idle', async (t) => {
    const { hub, proxy, agent } = await joined(t);
    proxy.cutIdle(13_000);
    proxy.cut();
    await until('a connection that is watched', () => proxy.accepted === 2);
    await until('it is back', () => hub.sink.reach(agent.hostId) === 'reachable');
    const before = hub.sink.heardCount;
    await until('three heartbeats', () => hub.sink.heardCount >= before + 3, { withinMs: 45_000 });
    t.expect(proxy.accepted).toBe(2);
    t.expect(hub.sink.reach(agent.hostId)).toBe('reachable');
  });
});

const HOSTS = 1_000;

faultTest(
  'H34 1,000 hosts of 50 processes are polled and listed by a hub of 256 MB',
  'memory cgroup',
  async (t) => {
    const group = cgroup(t, 'memory');
    group.set('memory.limit_in_bytes', 256 * 1024 ** 2);
    const hub = await startKillableHub(t, { cgroup: group.dir });
    const server = createServer((req, res) => {
      const chunks: Buffer[] = [];
      req.on('data', (chunk) => chunks.push(chunk));
      req.on('end', () => res.end(answer(decodeCall(Buffer.concat(chunks)).method)));
    });
    await new Promise<void>((done) => server.listen(0, '0.0.0.0', done));
    t.onTestFinished(() => {
      server.closeAllConnections();
      server.close();
    });
    const { port } = server.address() as AddressInfo;
    const add = (n: number) =>
      hub.ask('POST', '/hosts', {
        name: `host-${n}`,
        url: `http://127.1.${Math.floor(n / 200)}.${(n % 200) + 1}:${port}`,
      });
    for (let n = 0; n < HOSTS; n += 10) await Promise.all(Array.from({ length: 10 }, (_, at) => add(n + at)));
    await until(
      'all of them',
      async () => {
        const { body } = await hub.ask('GET', '/hosts');
        return body.every((host: { processCount: number }) => host.processCount === 50);
      },
      { withinMs: 120_000, everyMs: 1_000 },
    );
    t.expect((await hub.ask('GET', '/hosts')).body).toHaveLength(HOSTS);
  },
);

const PROCESSES = Array.from({ length: 50 }, (_, n) => ({
  name: `p${n}`,
  group: 'web',
  description: 'pid 1, uptime 0:16:40',
  start: 1_000,
  stop: 0,
  now: 2_000,
  state: 20,
  statename: 'RUNNING',
  spawnerr: '',
  exitstatus: 0,
  logfile: `/var/log/p${n}.log`,
  stdout_logfile: `/var/log/p${n}.log`,
  stderr_logfile: '',
  pid: n + 1,
}));

const ANSWERS = new Map(
  Object.entries({
    getState: { statecode: 1, statename: 'RUNNING' },
    getIdentification: 'made up',
    getSupervisorVersion: '4.2.5',
    getPID: 1,
    getAllProcessInfo: PROCESSES,
  }).map(([name, value]) => [`supervisor.${name}`, encodeResponse(value)]),
);

const answer = (method: string): Buffer => ANSWERS.get(method) ?? encodeResponse(true);
