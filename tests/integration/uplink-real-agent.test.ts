import { availableParallelism } from 'node:os';
import { describe, test } from 'vitest';
import { hostRow } from '../support/link-to.ts';
import { startSupervisor } from '../support/supervisors.ts';
import { until } from '../support/until.ts';
import { startUplinkHub } from '../support/uplink-hub.ts';

describe.concurrent('fleetvisord at a hub', () => {
  test('joins with a token from a file, tells a crash within 300 ms, obeys, and tails', async (t) => {
    const hub = await startUplinkHub(t);
    hub.registry.tokens.set('fvj_good', { uses: 1 });
    const config = `
[fleetvisor]
hub = http://127.0.0.1:${hub.port}
join_token_file = token
name = box

[program:noisy]
command = sh -c 'echo out; echo err >&2; exec sleep 1000'
startsecs = 0
autorestart = false
`;
    const agent = await startSupervisor(t, 'agent', { config, files: { token: 'fvj_good\n' } });
    await until('RUNNING', () => hub.sink.process('id-box', 'noisy:noisy')?.state === 'RUNNING');
    t.expect(hub.sink.facts('id-box')).toMatchObject({
      pid: agent.pid,
      daemonState: 'RUNNING',
      clockSkewMs: 0,
      machine: { cpus: availableParallelism() },
    });
    t.expect(hub.sink.facts('id-box')?.machine?.memoryBytes).toBeGreaterThan(2 ** 28);

    const link = hub.links.agentLink(hostRow({ id: 'id-box', name: 'box', kind: 'agent' }));
    const tail = link.tail({
      group: 'noisy',
      process: 'noisy',
      channel: 'stdout',
      lastBytes: 100,
      follow: true,
    });
    const { value } = await tail[Symbol.asyncIterator]().next();
    t.expect(value).toMatchObject({ kind: 'bytes', data: Buffer.from('out\n') });
    tail.close();

    const pid = hub.sink.process('id-box', 'noisy:noisy')?.pid ?? 0;
    const killedAtMs = performance.now();
    process.kill(pid, 'SIGKILL');
    await until('EXITED', () => hub.sink.process('id-box', 'noisy:noisy')?.state === 'EXITED', {
      everyMs: 2,
    });
    t.expect(performance.now() - killedAtMs).toBeLessThan(300);
    t.expect(hub.sink.process('id-box', 'noisy:noisy')).toMatchObject({
      exitSignal: 'SIGKILL',
      expected: false,
    });
    const crash = hub.sink.all.find((heard) => heard.kind === 'changed' && heard.process.state === 'EXITED');
    t.expect(crash).toMatchObject({ lastLines: ['err'] });

    const start = { id: '1', method: 'supervisor.startProcess', params: ['noisy', false], deadlineMs: 5_000 };
    t.expect(await link.call(start)).toBe(true);
    const again = link.call({ ...start, id: '2' });
    await t.expect(again).rejects.toMatchObject({ kind: 'fault', faultCode: 60 });
  });

  test('A60 without its hub it supervises as ever, and stops at once when told', async (t) => {
    const hub = await startUplinkHub(t);
    await hub.close();
    const config = `[fleetvisor]\nhub = http://127.0.0.1:${hub.port}\n[program:a]\ncommand = sleep 1000\nstartsecs = 0\n`;
    const agent = await startSupervisor(t, 'agent', { config });
    await agent.state('a', 'RUNNING');
    await until('one line', () => agent.log().includes('uplink: no connection to the hub'));
    const { code } = await agent.stop();
    t.expect(code).toBe(0);
    t.expect(agent.log().match(/uplink:/g)).toHaveLength(1);
  });
});
