import { readdirSync, readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { test } from 'vitest';
import { run, startSupervisor } from '../support/supervisors.ts';
import { until } from '../support/until.ts';

const cpuMs = (pid: number): number =>
  Number(readFileSync(`/proc/${pid}/schedstat`, 'utf8').split(' ')[0]) / 1e6;

test('A11 with no descriptor left and clients at the door it does not spin, children live, and it recovers', async (t) => {
  const s = await startSupervisor(t, 'agent', {
    config: '[program:p]\ncommand=sleep 1000\nstartsecs=0\n',
    daemon: 'minfds=20',
  });
  const { pid } = await s.state('p', 'RUNNING');
  const limit = (n: number) => run(['prlimit', `--nofile=${n}:`, '--pid', String(s.pid)]);
  await limit(readdirSync(`/proc/${s.pid}/fd`).length);
  const clients = Array.from({ length: 50 }, () => connect(s.socketPath));
  for (const client of clients) client.on('error', () => {}); // turned away: that is what is tried
  const ask = 'GET /ok.html HTTP/1.1\r\nHost: x\r\n\r\n';
  let answered = 0;
  for (const client of clients) {
    client.on('data', () => {
      answered += 1;
    });
    client.write(ask);
  }
  t.onTestFinished(() => {
    for (const client of clients) client.destroy();
  });
  const [from, fromCpu] = [performance.now(), cpuMs(s.pid)];
  await new Promise((done) => setTimeout(done, 2_000)); // a stretch of time is what is measured
  t.expect((cpuMs(s.pid) - fromCpu) / (performance.now() - from)).toBeLessThan(0.6);
  t.expect(answered).toBeLessThan(5); // there was hardly a descriptor for them
  await limit(1_000);
  for (const client of clients) client.destroy();
  await until('an answer', () => s.rpc('getState'));
  t.expect(await s.state('p', 'RUNNING')).toMatchObject({ pid });
});

test('A12 a hundred starts without descriptors leave none behind', async (t) => {
  const s = await startSupervisor(t, 'agent', {
    config: '[program:p]\ncommand=sleep 1000\nautostart=false\nstartretries=0\n',
    daemon: 'minfds=20',
  });
  await s.rpc('getState');
  const open = () => readdirSync(`/proc/${s.pid}/fd`).length;
  const before = open();
  await run(['prlimit', `--nofile=${before + 3}:`, '--pid', String(s.pid)]);
  for (let n = 0; n < 100; n += 1) await s.rpc('startProcess', 'p').catch(() => {}); // refused: that is what is tried
  t.expect((await s.rpc('getProcessInfo', 'p')).spawnerr).toMatch(/too many open files to spawn 'p'|EMFILE/);
  t.expect(open()).toBeLessThanOrEqual(before + 2);
});
