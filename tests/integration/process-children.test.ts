import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'vitest';
import { residentMiB } from '../support/process-usage.ts';
import { type Lifetime, run, startSupervisor, type TestSupervisor } from '../support/supervisors.ts';
import { until } from '../support/until.ts';

const ONCE = 'startsecs=0\nautorestart=false\n';

const program = (name: string, command: string, more = ''): string =>
  `[program:${name}]\ncommand=${command}\nstdout_logfile={dir}/${name}.out\nstderr_logfile={dir}/${name}.err\n${more}\n`;

const agent = (t: Lifetime, config: string, more = {}): Promise<TestSupervisor> =>
  startSupervisor(t, 'agent', { config, ...more });

/** Descriptors the daemon holds that are pipes. */
function pipesOf(pid: number): number {
  return readdirSync(`/proc/${pid}/fd`).filter((fd) => {
    try {
      return readlinkSync(`/proc/${pid}/fd/${fd}`).startsWith('pipe:');
    } catch {
      return false; // closed while we looked
    }
  }).length;
}

function cpuMs(pid: number): number {
  return Number(readFileSync(`/proc/${pid}/schedstat`, 'utf8').split(' ')[0]) / 1e6;
}

function zombiesOf(pid: number): number {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8')
    .trim()
    .split(' ')
    .filter(Boolean);
  return children.filter((child) => {
    try {
      return /\) Z /.test(readFileSync(`/proc/${child}/stat`, 'utf8'));
    } catch {
      return false;
    }
  }).length;
}

describe.concurrent('children that behave badly', () => {
  test('a death by any signal is told by its name', async (t) => {
    const signals = [
      'HUP',
      'INT',
      'QUIT',
      'ILL',
      'TRAP',
      'ABRT',
      'BUS',
      'FPE',
      'KILL',
      'USR1',
      'SEGV',
      'USR2',
      'PIPE',
      'ALRM',
      'TERM',
      'XCPU',
      'VTALRM',
      'PROF',
      'SYS',
    ];
    const s = await agent(
      t,
      signals
        .map((name) => program(name, `sh -c 'ulimit -c 0; kill -${name} $$; sleep 1000'`, ONCE))
        .join(''),
    );
    for (const name of signals) {
      await s.state(name, 'EXITED');
      t.expect(s.log()).toMatch(
        new RegExp(`exited: ${name} \\(terminated by SIG${name}( \\(core dumped\\))?; not expected\\)`),
      );
    }
  });

  test('A28 1 MB and an exit at once: every byte is in the log before EXITED can be seen', async (t) => {
    const s = await agent(
      t,
      program('burst', `sh -c 'head -c 1048576 /dev/zero | tr "\\0" x'`, `${ONCE}autostart=false\n`),
    );
    for (let round = 1; round <= 5; round += 1) {
      await s.rpc('startProcess', 'burst');
      await s.state('burst', 'EXITED');
      t.expect(s.read('burst.out').length).toBe(round * 1048576);
    }
  });

  test('A31 a child that closes its output goes on RUNNING, and the daemon does not spin', async (t) => {
    const s = await agent(t, program('mute', `sh -c 'exec >&- 2>&-; exec sleep 1000'`));
    await s.state('mute', 'RUNNING');
    await until('our ends are closed', () => pipesOf(s.pid) > 0);
    const before = cpuMs(s.pid);
    await new Promise((done) => setTimeout(done, 1000)); // a stretch of time is what is measured
    t.expect(cpuMs(s.pid) - before).toBeLessThan(200);
    t.expect((await s.rpc('getProcessInfo', 'mute')).statename).toBe('RUNNING');
  });

  test('A32 a child that leaves a grandchild with its pipes is gone at once, and costs no descriptor', async (t) => {
    const s = await agent(t, program('forks', `sh -c 'sleep 3 & exit 0'`, `${ONCE}autostart=false\n`));
    const before = pipesOf(s.pid);
    for (let round = 0; round < 5; round += 1) {
      await s.rpc('startProcess', 'forks');
      await s.state('forks', 'EXITED');
    }
    t.expect(pipesOf(s.pid)).toBe(before);
  });

  test('A52 a child that never reads stdin costs bounded memory and a clear refusal', async (t) => {
    const s = await agent(t, program('deaf', 'sleep 1000'));
    await s.state('deaf', 'RUNNING');
    const before = residentMiB(s.pid);
    const chunk = 'x'.repeat(1024 * 1024);
    let taken = 0;
    const refusal = await (async () => {
      for (; taken < 64; taken += 1) await s.rpc('sendProcessStdin', 'deaf', chunk);
    })().catch((fault) => fault);
    t.expect(refusal).toMatchObject({ faultCode: 30 });
    t.expect(taken).toBeLessThanOrEqual(17);
    for (let n = 0; n < 150; n += 1)
      await t.expect(s.rpc('sendProcessStdin', 'deaf', chunk)).rejects.toMatchObject({ faultCode: 30 });
    t.expect(residentMiB(s.pid) - before).toBeLessThan(128); // 16 queued, and what reading the calls leaves to collect
    t.expect((await s.rpc('getProcessInfo', 'deaf')).statename).toBe('RUNNING');
  });

  test('stdin arrives whole and in order at a child that reads slowly', async (t) => {
    const s = await agent(t, program('slow', `sh -c 'sleep 0.5; cat'`));
    await s.state('slow', 'RUNNING');
    const text = Array.from({ length: 60_000 }, (_, n) => `line ${n}\n`).join('');
    for (let at = 0; at < text.length; at += 100_000)
      await s.rpc('sendProcessStdin', 'slow', text.slice(at, at + 100_000));
    await until('all of it', () => s.read('slow.out').length >= text.length);
    t.expect(s.read('slow.out') === text).toBe(true);
  });

  test('redirect_stderr keeps the order of both channels in one log', async (t) => {
    const s = await agent(
      t,
      program(
        'both',
        `sh -c 'for n in 1 2 3; do echo out$n; echo err$n >&2; done'`,
        `${ONCE}redirect_stderr=true\n`,
      ),
    );
    await s.state('both', 'EXITED');
    t.expect(s.read('both.out')).toBe('out1\nerr1\nout2\nerr2\nout3\nerr3\n');
  });

  test('a child may open /dev/stdout: its output is a pipe, not a socket', async (t) => {
    const s = await agent(t, program('opens', `sh -c 'echo there > /dev/stdout'`, ONCE));
    await s.state('opens', 'EXITED');
    t.expect([s.read('opens.out'), s.read('opens.err')]).toEqual(['there\n', '']);
  });

  test('children get the descriptor limit the daemon was launched with, not what Node raised it to (abuse 19)', async (t) => {
    const s = await agent(t, program('limit', `sh -c 'ulimit -Sn'`, ONCE), {
      daemon: 'minfds=64',
      env: process.env,
    });
    await s.state('limit', 'EXITED');
    const launched = /^Max open files\s+(\S+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1];
    t.expect(s.read('limit.out').trim()).toBe(launched);
  });

  test('signals are as a program expects them: none blocked, none ignored', async (t) => {
    const s = await agent(t, program('signals', `sh -c 'grep -E "^Sig(Blk|Ign)" /proc/self/status'`, ONCE));
    await s.state('signals', 'EXITED');
    t.expect(s.read('signals.out').match(/[0-9a-f]{16}/g)).toEqual(Array(2).fill('0'.repeat(16)));
  });

  test('a program that crashes all the time leaves no zombie', async (t) => {
    const s = await agent(
      t,
      Array.from({ length: 20 }, (_, n) =>
        program(`c${n}`, '/bin/true', 'startsecs=0\nautorestart=true\n'),
      ).join(''),
    );
    await until('many exits', () => s.log().split('exited:').length > 400);
    for (let n = 0; n < 20; n += 1) await s.rpc('stopProcess', `c${n}`).catch(() => {}); // it may be between two lives
    await until('no zombie', () => zombiesOf(s.pid) === 0 || undefined);
  });

  test('200 programs start and stop, while RPC goes on answering', async (t) => {
    const s = await agent(
      t,
      '[program:many]\ncommand=sleep 1000\nnumprocs=200\nprocess_name=%(process_num)03d\nstdout_logfile=NONE\nstderr_logfile=NONE\n',
      { noWait: true },
    );
    await until('the first answer', () => s.rpc('getState'));
    const all = await until('all RUNNING', async () => {
      const infos: { statename: string; pid: number }[] = await s.rpc('getAllProcessInfo');
      return infos.length === 200 && infos.every(({ statename }) => statename === 'RUNNING')
        ? infos
        : undefined;
    });
    t.expect(new Set(all.map(({ pid }) => pid)).size).toBe(200);
    t.expect((await s.rpc('stopAllProcesses')).every(({ status }: { status: number }) => status === 80)).toBe(
      true,
    );
    t.expect(zombiesOf(s.pid)).toBe(0);
  });
});

describe.concurrent('a machine that says no', () => {
  test('A11 A12 out of descriptors: a clean spawn error each time, no descriptor lost, and it recovers', async (t) => {
    const s = await agent(t, program('p', 'sleep 1000', 'autostart=false\nstartretries=0\n'), {
      daemon: 'minfds=20',
    });
    const limit = (n: number) => run(['prlimit', `--nofile=${n}:`, '--pid', String(s.pid)]);
    const free = readdirSync(`/proc/${s.pid}/fd`).length;
    await s.rpc('startProcess', 'p');
    await s.rpc('stopProcess', 'p');
    await limit(free + 3);
    for (let round = 0; round < 10; round += 1) {
      await t.expect(s.rpc('startProcess', 'p')).rejects.toBeTruthy();
    }
    t.expect((await s.rpc('getProcessInfo', 'p')).spawnerr).toMatch(
      /too many open files to spawn 'p'|EMFILE/,
    );
    await limit(1000);
    await s.rpc('startProcess', 'p');
    await s.rpc('stopProcess', 'p');
    t.expect(readdirSync(`/proc/${s.pid}/fd`).length).toBeLessThanOrEqual(free + 3);
  });
});

describe('one daemon at a time', () => {
  test('A7 a second daemon on the same pidfile is refused with the reason, and the first is unharmed', async (t) => {
    const s = await agent(t, program('p', 'sleep 1000'));
    const { pid } = await s.state('p', 'RUNNING');
    s.write('second.conf', s.read('supervisord.conf').replaceAll('s.sock', 'second.sock'));
    const ran = await run([
      process.execPath,
      join(import.meta.dirname, '../../agent/dist/fleetvisord.js'),
      '-n',
      '-c',
      join(s.dir, 'second.conf'),
    ]);
    t.expect([ran.code, ran.err]).toEqual([
      2,
      t.expect.stringContaining(
        `Error: Another supervisor (pid ${s.pid}) is already running with the pidfile ${s.dir}/pid.`,
      ),
    ]);
    t.expect([s.read('pid'), readdirSync(s.dir).includes('second.sock')]).toEqual([`${s.pid}\n`, false]);
    t.expect(await s.state('p', 'RUNNING')).toMatchObject({ pid });
  });

  test('A8 of many daemons started at the same instant exactly one lives', async (t) => {
    const s = await agent(t, '');
    await s.stop();
    const command = [
      process.execPath,
      join(import.meta.dirname, '../../agent/dist/fleetvisord.js'),
      '-n',
      '-s',
      '-c',
      s.configPath,
    ];
    const racing = Array.from({ length: 6 }, () => run(command, { timeoutMs: 30_000 }));
    let losers = 0;
    for (const one of racing)
      void one.then(({ code }) => {
        losers += code === 2 ? 1 : 0;
      });
    await until('all but one gave up', () => losers === 5);
    const winner = Number(s.read('pid'));
    t.expect(await s.rpc('getPID')).toBe(winner);
    process.kill(winner, 'SIGTERM');
    const codes = (await Promise.all(racing)).map(({ code }) => code);
    t.expect(codes.toSorted()).toEqual([0, 2, 2, 2, 2, 2]);
  });

  test('A1 after SIGKILL a new daemon starts over the stale socket and pidfile', async (t) => {
    const s = await agent(t, '');
    s.child.kill('SIGKILL');
    await new Promise((done) => s.child.on('exit', done));
    t.expect(readdirSync(s.dir).filter((file) => /^(pid|s\.sock)$/.test(file)).length).toBe(2);
    const again = run([
      process.execPath,
      join(import.meta.dirname, '../../agent/dist/fleetvisord.js'),
      '-n',
      '-c',
      s.configPath,
    ]);
    const pid = await until('the new daemon', () => s.rpc('getPID'));
    t.expect(s.read('pid')).toBe(`${pid}\n`);
    process.kill(pid, 'SIGTERM');
    t.expect((await again).code).toBe(0);
  });
});

describe('signals at bad moments', () => {
  test('A56 an exit asked for at any moment of a restart in place is not lost', async (t) => {
    for (const afterMs of [0, 5, 20, 60]) {
      const s = await agent(t, program('p', 'sleep 1000'));
      const exited = new Promise((done) => s.child.on('exit', done));
      s.child.kill('SIGHUP');
      await new Promise((done) => setTimeout(done, afterMs)); // the moment is what is varied
      s.child.kill('SIGTERM');
      t.expect(await exited).toBe(0);
    }
  });

  test('A56 a shutdown during the start of 100 programs is orderly, and SIGTERM twice changes nothing', async (t) => {
    const s = await agent(
      t,
      '[program:many]\ncommand=sleep 1000\nnumprocs=100\nprocess_name=%(process_num)03d\nstdout_logfile=NONE\nstderr_logfile=NONE\n',
      { noWait: true },
    );
    await until('the first spawn', () => s.log().includes('spawned'));
    s.child.kill('SIGTERM');
    s.child.kill('SIGINT');
    const from = performance.now();
    const { code } = await s.stop();
    t.expect(performance.now() - from).toBeLessThan(10_000); // the longest stopwaitsecs
    const spawned = [...s.log().matchAll(/with pid (\d+)/g)].slice(1).map((match) => Number(match[1]));
    t.expect(code).toBe(0);
    t.expect(spawned.filter((pid) => readdirSync('/proc').includes(String(pid)))).toEqual([]);
  });
});
