import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { cgroup, faultTest } from '../support/injections.ts';
import { startSupervisor } from '../support/supervisors.ts';
import { until } from '../support/until.ts';

const program = (name: string, command: string, more = ''): string =>
  `[program:${name}]\ncommand=${command}\nstartsecs=0\nstdout_logfile={dir}/${name}.out\nstderr_logfile=NONE\n${more}\n`;

faultTest('A13 no process can be forked: a spawn error, and it recovers', 'pids cgroup', async (t) => {
  const s = await startSupervisor(t, 'agent', {
    config: program('p', 'sleep 1000', 'autostart=false\nstartretries=0\n'),
  });
  const group = cgroup(t, 'pids');
  group.take(s.pid);
  t.onTestFinished(() => {
    if (s.child.exitCode === null) group.giveBack(s.pid);
  });
  group.set('pids.max', readFileSync(join(group.dir, 'pids.current'), 'utf8').trim());
  await t.expect(s.rpc('startProcess', 'p')).rejects.toMatchObject({ faultCode: 50 });
  t.expect(await s.rpc('getProcessInfo', 'p')).toMatchObject({
    statename: 'FATAL',
    spawnerr: "Too many processes in process table to spawn 'p'",
  });
  group.set('pids.max', 'max');
  t.expect(await s.rpc('startProcess', 'p')).toBe(true);
  await s.rpc('stopProcess', 'p');
  group.giveBack(s.pid);
});

faultTest(
  'A14 little memory: the agent refuses work that would cost it its life',
  'memory cgroup',
  async (t) => {
    const s = await startSupervisor(t, 'agent', {
      config: program('deaf', 'sleep 1000') + program('q', 'sleep 1000'),
    });
    await s.state('deaf', 'RUNNING');
    const group = cgroup(t, 'memory');
    group.take(s.pid);
    t.onTestFinished(() => {
      if (s.child.exitCode === null) group.giveBack(s.pid);
    });
    group.set('memory.limit_in_bytes', 200 * 1024 * 1024);
    const chunk = 'x'.repeat(1024 * 1024);
    let refused = 0;
    for (let n = 0; n < 64; n += 1) {
      await s.rpc('sendProcessStdin', 'deaf', chunk).catch((fault) => {
        refused += fault.faultCode === 30 ? 1 : 0;
      });
    }
    t.expect(refused).toBeGreaterThan(40);
    t.expect(await s.state('q', 'RUNNING')).toMatchObject({ statename: 'RUNNING' });
    t.expect(s.child.exitCode).toBeNull();
    group.giveBack(s.pid);
  },
);

faultTest(
  'A15 the kernel takes a child that has no memory: EXITED by SIGKILL, and started again',
  'memory cgroup',
  async (t) => {
    const eats = `/usr/bin/python3 -c "import sys; sys.stdin.readline(); x = bytearray(400*1024*1024)"`;
    const s = await startSupervisor(t, 'agent', { config: program('p', eats, 'autorestart=true\n') });
    const { pid } = await s.state('p', 'RUNNING');
    const group = cgroup(t, 'memory');
    group.set('memory.limit_in_bytes', 30 * 1024 * 1024);
    group.take(Number(pid));
    await s.rpc('sendProcessStdin', 'p', '\n');
    await until('its end told', () => s.log().includes('exited: p (terminated by SIGKILL; not expected)'));
    t.expect((await s.state('p', 'RUNNING')).pid).not.toBe(pid);
  },
);

faultTest(
  'A36 A37 a frozen child is STOPPING for as long as it takes, and nobody waits for it',
  'freezer cgroup',
  async (t) => {
    const s = await startSupervisor(t, 'agent', {
      config: program('p', 'sleep 1000', 'stopwaitsecs=1\n') + program('q', 'sleep 1000'),
    });
    const { pid } = await s.state('p', 'RUNNING');
    const group = cgroup(t, 'freezer');
    group.take(Number(pid));
    group.set('freezer.state', 'FROZEN');
    t.onTestFinished(() => group.set('freezer.state', 'THAWED'));
    const stopped = s.rpc('stopProcess', 'p');
    await until('SIGKILL sent', () => s.log().includes(`killing 'p' (${pid}) with SIGKILL`));
    t.expect(await s.rpc('getProcessInfo', 'p')).toMatchObject({ statename: 'STOPPING', pid });
    t.expect(await s.rpc('stopProcess', 'q')).toBe(true);
    group.set('freezer.state', 'THAWED');
    t.expect(await stopped).toBe(true);
    await s.state('p', 'STOPPED');
  },
);

faultTest('A45 a machine that slept for five seconds restarts nobody', 'freezer cgroup', async (t) => {
  const s = await startSupervisor(t, 'agent', { config: program('p', 'sleep 1000') });
  const { pid } = await s.state('p', 'RUNNING');
  const group = cgroup(t, 'freezer');
  for (const one of [s.pid, Number(pid)]) group.take(one);
  t.onTestFinished(() => group.set('freezer.state', 'THAWED'));
  group.set('freezer.state', 'FROZEN');
  await new Promise((done) => setTimeout(done, 5_000)); // a stretch of time is the fault
  group.set('freezer.state', 'THAWED');
  t.expect(await s.state('p', 'RUNNING')).toMatchObject({ pid });
  t.expect(s.log().split('spawned:')).toHaveLength(2);
  for (const one of [s.pid, Number(pid)]) group.giveBack(one);
});
