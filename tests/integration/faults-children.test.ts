import { chmodSync, readFileSync } from 'node:fs';
import { describe, type TestContext, test } from 'vitest';
import { copiesOf } from '../support/agent-again.ts';
import { startSupervisor, type TestSupervisor } from '../support/supervisors.ts';
import { until } from '../support/until.ts';

const program = (name: string, command: string, more = ''): string =>
  `[program:${name}]\ncommand=${command}\nstdout_logfile={dir}/${name}.out\nstderr_logfile={dir}/${name}.err\n${more}\n`;
const many = (name: string, count: number, command: string, more = ''): string =>
  `[program:${name}]\ncommand=${command}\nnumprocs=${count}\nprocess_name=%(process_num)03d\nstdout_logfile=NONE\nstderr_logfile=NONE\n${more}\n`;
const agent = (t: TestContext, config: string, more = {}): Promise<TestSupervisor> =>
  startSupervisor(t, 'agent', { config, ...more });

const residentBytes = (pid: number): number =>
  Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1]) * 4096;
const cpuMs = (pid: number): number =>
  Number(readFileSync(`/proc/${pid}/schedstat`, 'utf8').split(' ')[0]) / 1e6;

/** The slowest of `count` answers but for the worst twentieth, in milliseconds. */
async function answersP95(s: TestSupervisor, count: number): Promise<number> {
  const tookMs: number[] = [];
  for (let n = 0; n < count; n += 1) {
    const from = performance.now();
    await s.rpc('getState');
    tookMs.push(performance.now() - from);
  }
  return tookMs.toSorted((a, b) => a - b)[Math.floor(count * 0.95)] ?? Number.POSITIVE_INFINITY;
}

function isGone(pid: number): boolean {
  try {
    return /\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return true;
  }
}

/** What a shell forked is itself a moment later. */
const sleeps = (pid: number) =>
  until('it sleeps', () => readFileSync(`/proc/${pid}/comm`, 'utf8') === 'sleep\n');

describe.concurrent('children', () => {
  test('A4 A45 an agent frozen for three seconds finds its children as they are, and restarts no more than ended', async (t) => {
    const s = await agent(
      t,
      many('lives', 10, 'sleep 1000') + program('ends', 'sleep 1000', 'startsecs=0\nautorestart=false\n'),
    );
    const pids = await Promise.all(
      Array.from(
        { length: 10 },
        async (_, n) => (await s.state(`lives:${String(n).padStart(3, '0')}`, 'RUNNING')).pid,
      ),
    );
    const { pid } = await s.state('ends', 'RUNNING');
    s.child.kill('SIGSTOP');
    process.kill(Number(pid), 'SIGKILL');
    await new Promise((done) => setTimeout(done, 3_000)); // a stretch of time is the fault
    s.child.kill('SIGCONT');
    await s.state('ends', 'EXITED');
    const after: { group: string; pid: number }[] = await s.rpc('getAllProcessInfo');
    t.expect(after.filter(({ group }) => group === 'lives').map((info) => info.pid)).toEqual(pids);
    t.expect(s.log()).not.toMatch(/FATAL|exited: \d/);
  });

  test('A27 a child that floods its output slows neither answers nor a neighbour, and costs no memory', async (t) => {
    const s = await agent(
      t,
      program('flood', 'yes flood', 'stdout_logfile_maxbytes=1MB\nstdout_logfile_backups=1\n') +
        program('quiet', `sh -c 'while :; do date +%%s.%%N; sleep 0.1; done'`),
    );
    await s.state('quiet', 'RUNNING');
    const before = residentBytes(s.pid);
    t.expect(await answersP95(s, 40)).toBeLessThan(1_000);
    const lateMs = () => Date.now() - Number(s.read('quiet.out').trimEnd().split('\n').at(-1)) * 1000;
    await until('a line of the neighbour', () => lateMs() < 1_500);
    t.expect(residentBytes(s.pid) - before).toBeLessThan(64 * 1024 * 1024);
  });

  test('A29 two megabytes on TERM, and the last words when the daemon stops, are all in the log', async (t) => {
    const words = `sh -c 'trap "head -c 2000000 /dev/zero | tr \\"\\\\0\\" x; echo bye; exit 0" TERM; while :; do sleep 0.05; done'`;
    const s = await agent(t, program('p', words, 'startsecs=0\n'));
    await s.state('p', 'RUNNING');
    await s.rpc('stopProcess', 'p');
    t.expect(s.read('p.out').length).toBe(2_000_004);
    await s.rpc('startProcess', 'p');
    t.expect((await s.stop()).code).toBe(0);
    t.expect([s.read('p.out').length, s.read('p.out').endsWith('bye\n')]).toEqual([4_000_008, true]);
  });

  test('A33 a child that ignores TERM is killed after stopwaitsecs, and nobody waits meanwhile', async (t) => {
    const s = await agent(
      t,
      program('deaf', `sh -c 'trap "" TERM; while :; do sleep 0.05; done'`, 'startsecs=0\nstopwaitsecs=2\n'),
    );
    await s.state('deaf', 'RUNNING');
    const from = performance.now();
    const stopped = s.rpc('stopProcess', 'deaf');
    t.expect(await answersP95(s, 20)).toBeLessThan(1_000);
    t.expect(await stopped).toBe(true);
    t.expect(performance.now() - from).toBeGreaterThan(1_900);
    t.expect(s.log()).toContain("killing 'deaf'");
  });

  test('A34 a group that ignores TERM is gone altogether with killasgroup', async (t) => {
    const s = await agent(
      t,
      program(
        'p',
        `sh -c 'trap "" TERM; sleep 1111 & echo $!; wait; while :; do sleep 0.05; done'`,
        'startsecs=0\nstopwaitsecs=1\nstopasgroup=true\nkillasgroup=true\n',
      ),
    );
    await until('the grandchild', () => s.read('p.out') !== '');
    await s.rpc('stopProcess', 'p');
    await until('its end', () => isGone(Number(s.read('p.out'))));
  });

  test('A35 a stop that leaves a grandchild names it in the log', async (t) => {
    const s = await agent(
      t,
      program('p', `sh -c 'sleep 1112 & echo $!; exec sleep 1000'`, 'startsecs=0\n') +
        program('q', 'sleep 1000', 'startsecs=0\n'),
    );
    await until('the grandchild', () => s.read('p.out') !== '');
    const stray = Number(s.read('p.out'));
    t.onTestFinished(() => void process.kill(stray, 'SIGKILL'));
    await sleeps(stray);
    await s.rpc('stopProcess', 'p');
    await s.rpc('stopProcess', 'q');
    const named = await until('the name', () => s.log().match(/WARN stray: .*/g));
    t.expect(named).toEqual([`WARN stray: p ended and left behind sleep (pid ${stray})`]);
  });

  test('A35 what ended processes left running is told over RPC and by fleetvisorctl as long as it lives', async (t) => {
    const leaves = `sh -c 'setsid sleep 1113 & echo $!; exec sleep 1000'`;
    const s = await agent(
      t,
      program('p', leaves, 'startsecs=0\n') + program('calm', leaves, 'startsecs=0\n'),
    );
    const strayOf = async (name: string): Promise<number> =>
      Number(await until('the grandchild', () => s.read(`${name}.out`).split('\n').at(-2)));
    const [first, calm] = [await strayOf('p'), await strayOf('calm')];
    const alive = new Set([first, calm]);
    t.onTestFinished(() => {
      for (const pid of alive) process.kill(pid, 'SIGKILL');
    });
    const strays = async (): Promise<number[]> =>
      (await s.rpc('fleetvisor.getStrays')).map(({ pid }: { pid: number }) => pid);
    t.expect(await strays()).toEqual([]); // a program that runs may have anything in the background
    await sleeps(first);
    await s.rpc('stopProcess', 'p');
    t.expect(await s.rpc('fleetvisor.getStrays')).toEqual([
      { group: 'p', name: 'p', pid: first, command: 'sleep', start: t.expect.any(Number) },
    ]);
    await s.rpc('startProcess', 'p');
    const second = await until('another grandchild', async () => {
      const pid = await strayOf('p');
      return pid === first ? null : pid;
    });
    alive.add(second);
    t.expect(await strays()).toEqual([first]); // what the present child started is its own affair
    const shown = await s.ctl('strays');
    t.expect(shown.out).toMatch(
      new RegExp(`^p +pid ${first}, sleep, since \\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d\n$`),
    );
    t.expect(JSON.parse((await s.ctl('strays', '--json')).out)).toMatchObject({
      exitStatus: 0,
      results: [{ pid: first, group: 'p' }],
    });
    alive.delete(first);
    process.kill(first, 'SIGKILL');
    await until('its end', async () => (await strays()).length === 0);
    t.expect((await s.ctl('strays')).out).toBe('No process has left anything running\n');
  });

  test('A37 a child stopped by SIGSTOP is STOPPING, then killed', async (t) => {
    const s = await agent(t, program('p', 'sleep 1000', 'startsecs=0\nstopwaitsecs=1\n'));
    const { pid } = await s.state('p', 'RUNNING');
    process.kill(Number(pid), 'SIGSTOP');
    const stopped = s.rpc('stopProcess', 'p');
    await s.state('p', 'STOPPING');
    t.expect(await stopped).toBe(true);
    t.expect([isGone(Number(pid)), (await s.state('p', 'STOPPED')).pid]).toEqual([true, 0]);
  });

  test('A38 a program that puts itself into the background is given up, with a hint why', async (t) => {
    const s = await agent(t, program('d', `sh -c 'setsid sleep 3 & exit 0'`, 'startretries=1\n'));
    await s.state('d', 'FATAL');
    t.expect(s.log()).toContain(
      'hint: the program of d ends by itself with exit status 0: if it goes to the background, tell it to stay in the foreground',
    );
  });

  test('A39 a program that crashes again and again backs off, is given up, and costs little', async (t) => {
    const s = await agent(t, many('crash', 20, '/bin/false', 'startretries=2\n'));
    const before = cpuMs(s.pid);
    await until('all FATAL', async () =>
      (await s.rpc('getAllProcessInfo')).every(
        ({ statename }: { statename: string }) => statename === 'FATAL',
      ),
    );
    t.expect(s.log().match(/spawned: '0/g)).toHaveLength(60);
    t.expect(cpuMs(s.pid) - before).toBeLessThan(1_500);
  });

  test('A40 100 children that end at once leave no zombie, and answers go on', async (t) => {
    const s = await agent(
      t,
      many(
        'all',
        100,
        `sh -c 'trap "exit 0" USR1; sleep 1000 & wait'`,
        'startsecs=0\nautorestart=true\nstopasgroup=true\n',
      ),
      { noWait: true },
    );
    await until('all RUNNING', async () => {
      const all: { statename: string }[] = await s.rpc('getAllProcessInfo');
      return all.length === 100 && all.every(({ statename }) => statename === 'RUNNING');
    });
    for (let round = 0; round < 2; round += 1) {
      await s.rpc('signalAllProcesses', 'USR1');
      t.expect(await answersP95(s, 20)).toBeLessThan(1_000);
    }
    await until(
      'no zombie',
      () =>
        readFileSync(`/proc/${s.pid}/task/${s.pid}/children`, 'utf8')
          .trim()
          .split(' ')
          .every((pid) => !isGone(Number(pid))),
      { withinMs: 3_000 },
    );
    await s.rpc('stopAllProcesses');
  });

  test('A43 what cannot be started says why, each in its own way, and the others run', async (t) => {
    const s = await agent(
      t,
      program('missing', '/no/such/program', 'autostart=false\n') +
        program('plain', '{dir}/plain', 'autostart=false\n') +
        program('folder', '/tmp', 'autostart=false\n') +
        program('shebang', '{dir}/shebang', 'autostart=false\nstartretries=0\n') +
        program('cwd', 'sleep 1', 'autostart=false\nstartretries=0\ndirectory=/no/such/folder\n') +
        program('fine', 'sleep 1000', 'startsecs=0\n'),
      { files: { plain: 'text', shebang: '#!/no/such/interpreter\n' } },
    );
    chmodSync(`${s.dir}/shebang`, 0o755);
    const fault = (name: string) => s.rpc('startProcess', name).catch((error) => error.faultCode);
    t.expect([await fault('missing'), await fault('plain'), await fault('folder')]).toEqual([20, 21, 21]);
    t.expect(await fault('shebang')).toBe(50);
    t.expect(await fault('cwd')).toBe(50);
    t.expect(s.read('shebang.err')).toContain("supervisor: couldn't exec");
    t.expect(s.read('cwd.err')).toContain("supervisor: couldn't chdir to /no/such/folder: ENOENT");
    await s.state('fine', 'RUNNING');
  });

  test('A55 hundreds of starts and stops at once: one child at most, and the last word counts', async (t) => {
    const s = await agent(t, program('p', 'sleep 1113', 'startsecs=0\nautostart=false\n'));
    const calls = Array.from({ length: 500 }, (_, n) =>
      s.rpc(n % 2 === 0 ? 'startProcess' : 'stopProcess', 'p', false).catch(() => {}),
    );
    await Promise.all(calls);
    await until('quiet', async () => (await s.rpc('getProcessInfo', 'p')).statename !== 'STOPPING');
    await s.rpc('startProcess', 'p').catch(() => {}); // it may run already
    const { pid } = await s.state('p', 'RUNNING');
    t.expect(copiesOf('sleep\x001113')).toEqual([pid]);
    await s.rpc('stopProcess', 'p');
    t.expect(copiesOf('sleep\x001113')).toEqual([]);
  });
});
