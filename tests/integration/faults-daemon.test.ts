import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, lchownSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, type TestContext, test } from 'vitest';
import {
  DAEMON,
  run,
  startSupervisor,
  type TestSupervisor,
  tempDir,
  writeSetup,
} from '../support/supervisors.ts';
import { until } from '../support/until.ts';

const program = (name: string, command: string, more = ''): string =>
  `[program:${name}]\ncommand=${command}\nstdout_logfile={dir}/${name}.out\nstderr_logfile={dir}/${name}.err\n${more}\n`;
const agent = (t: TestContext, config: string, more = {}): Promise<TestSupervisor> =>
  startSupervisor(t, 'agent', { config, ...more });

/** A port somebody else listens on, until the test is over. */
function takenPort(t: TestContext): Promise<number> {
  const server = createServer();
  t.onTestFinished(() => void server.close());
  return new Promise((done) =>
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      done(typeof address === 'object' && address !== null ? address.port : 0);
    }),
  );
}

/** An environment whose daemon reads its clocks so many milliseconds ahead as `shift` says. */
function shiftedClocks(t: TestContext) {
  const file = join(tempDir(t), 'shift');
  const options = `--import ${join(import.meta.dirname, '../support/shifted-clock.mjs')}`;
  return {
    env: { ...process.env, NODE_OPTIONS: options, SHIFT_FILE: file },
    shift: (ahead: { readonly wallMs?: number; readonly monotonicMs?: number }) =>
      writeFileSync(file, JSON.stringify(ahead)),
  };
}

const NOBODY = 65_534;

/** A folder like /tmp: anybody may put files there. */
function openFolder(t: TestContext): string {
  const dir = tempDir(t);
  chmodSync(dir, 0o1777);
  return dir;
}

async function tookMs(work: Promise<unknown>): Promise<number> {
  const from = performance.now();
  await work;
  return performance.now() - from;
}

/** Not sooner, and not much later: other tests take their share of the machine. */
const takesAbout = (tookMs: number, ms: number): boolean => tookMs > ms * 0.95 && tookMs < ms + 20_000;

describe.concurrent('the daemon', () => {
  test('A6 A17 a pidfile and a state file that cannot be written are told, and the programs run', async (t) => {
    const s = await agent(t, program('p', 'sleep 1000', 'startsecs=0\n'), { args: ['-j', '/proc/1/pid'] });
    await s.state('p', 'RUNNING');
    t.expect(s.log()).toContain('CRIT could not write pidfile /proc/1/pid');
    t.expect(s.log()).toContain('CRIT could not write state file /proc/1/pid.children');
    await s.rpc('stopProcess', 'p');
    t.expect(s.log().split('could not write state file')).toHaveLength(2);
  });

  test('abuse 14: links that another user planted in an open folder are not followed', async (t) => {
    const open = openFolder(t);
    const secret = join(tempDir(t), 'secret');
    writeFileSync(secret, 'root knows');
    for (const name of ['log', 'pid', 'out']) {
      symlinkSync(secret, join(open, name));
      lchownSync(join(open, name), NOBODY, NOBODY);
    }
    const config = `[program:p]\ncommand=echo mine\nstdout_logfile=${open}/out\n${program('calm', 'sleep 1000')}`;
    const { configPath } = writeSetup(t, { config });
    const ran = await run([...DAEMON.agent, '-n', '-c', configPath, '-l', join(open, 'log')]);
    t.expect([ran.code, ran.err]).toEqual([2, t.expect.stringContaining('could not open log file')]);
    const s = await agent(t, config, { args: ['-j', join(open, 'pid')] });
    await s.state('calm', 'RUNNING');
    t.expect(s.log()).toContain(`CRIT could not write pidfile ${open}/pid`);
    await t.expect(s.rpc('readProcessStdoutLog', 'p', 0, 0)).rejects.toMatchObject({ faultCode: 30 });
    t.expect(readFileSync(secret, 'utf8')).toBe('root knows');
  });

  test('abuse 14: who may only read the pidfile cannot keep a daemon from starting', async (t) => {
    const open = openFolder(t);
    const pidFile = join(open, 'pid');
    writeFileSync(pidFile, '');
    const holder = spawn('flock', ['-F', '-x', pidFile, 'sh', '-c', 'echo held; exec sleep 1000'], {
      uid: NOBODY,
    });
    t.onTestFinished(() => void holder.kill('SIGKILL'));
    await once(holder.stdout, 'data');
    const s = await agent(t, program('calm', 'sleep 1000'), { args: ['-j', pidFile] });
    t.expect(readFileSync(pidFile, 'utf8')).toBe(`${s.pid}\n`);
  });

  test('A10 a port that is taken at the start is a clear error, and nothing is started', async (t) => {
    const port = await takenPort(t);
    const { dir, configPath } = writeSetup(t, {
      config: `[inet_http_server]\nport=127.0.0.1:${port}\n${program('p', 'touch {dir}/started')}`,
    });
    const ran = await run([...DAEMON.agent, '-n', '-c', configPath]);
    t.expect([ran.code, ran.err]).toEqual([
      2,
      t.expect.stringContaining('Another program is already listening on a port'),
    ]);
    t.expect(await run(['ls', join(dir, 'started')])).toMatchObject({ code: 2 });
  });

  test('A44 the wall clock goes back an hour and on a day: starts, stops and back-offs take as long as ever', async (t) => {
    const { env, shift } = shiftedClocks(t);
    const s = await agent(
      t,
      program('p', 'sleep 1000', 'startsecs=1\nautostart=false\n') +
        program(
          'deaf',
          `sh -c 'trap "" TERM; while :; do sleep 0.05; done'`,
          'startsecs=0\nstopwaitsecs=1\n',
        ) +
        program('fails', '/bin/false', 'autostart=false\nstartretries=2\n'),
      { env },
    );
    await s.state('deaf', 'RUNNING');
    for (const ms of [-3_600_000, 86_400_000, 0]) {
      const started = tookMs(s.rpc('startProcess', 'p'));
      await s.state('p', 'STARTING');
      shift({ wallMs: ms });
      t.expect(takesAbout(await started, 1_000)).toBe(true);
      const from = performance.now();
      const failed = s.rpc('startProcess', 'fails').catch((fault) => fault.faultCode);
      t.expect(await failed).toBe(50);
      t.expect(takesAbout(await tookMs(s.rpc('stopProcess', 'deaf')), 1_000)).toBe(true);
      await s.state('fails', 'FATAL');
      t.expect(takesAbout(performance.now() - from, 3_000)).toBe(true); // one second, then two
      await s.rpc('stopProcess', 'p');
      await s.rpc('startProcess', 'deaf');
    }
  });

  test('A45 five minutes of sleep, as the monotonic clock tells them, restart nobody', async (t) => {
    const { env, shift } = shiftedClocks(t);
    const s = await agent(
      t,
      program('runs', 'sleep 1000', 'startsecs=0\n') +
        program('starts', 'sleep 1000', 'startsecs=200\n') +
        program('ticked', 'sleep 1000', 'startsecs=1\nautorestart=true\n'),
      { env },
    );
    await s.state('ticked', 'RUNNING');
    const pidsOf = async (): Promise<number[]> =>
      (await s.rpc('getAllProcessInfo')).map(({ pid }: { pid: number }) => pid);
    const pids = await pidsOf();
    shift({ wallMs: 300_000, monotonicMs: 300_000 });
    t.expect(await s.rpc('startProcess', 'runs').catch((fault) => fault.faultCode)).toBe(60);
    t.expect(await s.rpc('signalAllProcesses', 'CONT')).toHaveLength(3);
    t.expect(await pidsOf()).toEqual(pids);
    t.expect(s.log().match(/spawned: /g)).toHaveLength(3);
    t.expect(s.log()).not.toMatch(/exited|gave up|WARN/);
    t.expect(await tookMs(s.rpc('stopProcess', 'starts'))).toBeLessThan(9_000); // it dies of the first signal
  });

  test('A46 a configuration that is gone or broken changes nothing at a reread', async (t) => {
    const s = await agent(t, program('p', 'sleep 1000', 'startsecs=0\n'));
    const { pid } = await s.state('p', 'RUNNING');
    const text = s.read('supervisord.conf');
    s.write('supervisord.conf', '[program:p]\nnumprocs=many\ncommand=x\n');
    await t.expect(s.rpc('reloadConfig')).rejects.toMatchObject({ faultCode: 92 });
    rmSync(s.configPath);
    await t.expect(s.rpc('reloadConfig')).rejects.toMatchObject({ faultCode: 92 });
    t.expect(await s.state('p', 'RUNNING')).toMatchObject({ pid });
    s.write('supervisord.conf', text);
    t.expect(await s.rpc('reloadConfig')).toEqual([[[], [], []]]);
  });

  test('A47 a configuration that is gone changes nothing at SIGHUP', async (t) => {
    const s = await agent(t, program('p', 'sleep 1000', 'startsecs=0\n'));
    const { pid } = await s.state('p', 'RUNNING');
    rmSync(s.configPath);
    s.child.kill('SIGHUP');
    await until('the refusal', () => s.log().includes('restart refused, everything keeps running'));
    t.expect(await s.state('p', 'RUNNING')).toMatchObject({ pid });
  });

  test('A10 A47 a port that somebody took meanwhile is told before anything is stopped for a restart', async (t) => {
    const s = await agent(t, program('p', 'sleep 1000', 'startsecs=0\n'));
    const { pid } = await s.state('p', 'RUNNING');
    const port = await takenPort(t);
    s.write('supervisord.conf', `${s.read('supervisord.conf')}[inet_http_server]\nport=127.0.0.1:${port}\n`);
    s.child.kill('SIGHUP');
    await until('the refusal', () =>
      s
        .log()
        .includes(
          `restart refused, everything keeps running: cannot listen on 127.0.0.1:${port} (EADDRINUSE)`,
        ),
    );
    await t.expect(s.rpc('restart')).rejects.toMatchObject({ faultCode: 92 });
    t.expect(await s.state('p', 'RUNNING')).toMatchObject({ pid });
    t.expect(await s.rpc('getState')).toMatchObject({ statename: 'RUNNING' });
  });

  test('A48 what a reread read is what an add applies, whatever the file says by then', async (t) => {
    const s = await agent(t, '');
    const text = s.read('supervisord.conf');
    s.write('supervisord.conf', text + program('p', 'sleep 1114', 'startsecs=0\n'));
    await s.rpc('reloadConfig');
    s.write('supervisord.conf', text + program('p', 'sleep 1115', 'startsecs=0\n'));
    await s.rpc('addProcessGroup', 'p');
    const { pid } = await s.state('p', 'RUNNING');
    t.expect(readFileSync(`/proc/${pid}/cmdline`, 'utf8')).toBe('sleep\x001114\x00');
  });

  test('A49 an include that matches 5,000 files, a fifo and a loop of links is read or refused in bounded time', async (t) => {
    const files = Object.fromEntries(
      Array.from({ length: 5_000 }, (_, n) => [
        `many/${n}.conf`,
        `[program:p${n}]\ncommand=x\nautostart=false\n`,
      ]),
    );
    const { dir, configPath } = writeSetup(t, { config: '[include]\nfiles={dir}/many/*.conf\n', files });
    const from = performance.now();
    const ran = await run([...DAEMON.agent, '--check', '-c', configPath], { timeoutMs: 30_000 });
    t.expect(ran.code).toBe(0);
    t.expect(performance.now() - from).toBeLessThan(20_000);
    mkdirSync(join(dir, 'odd'));
    symlinkSync('loop.conf', join(dir, 'odd/loop.conf'));
    execFileSync('mkfifo', [join(dir, 'odd/fifo.conf')]);
    const odd = writeSetup(t, { config: `[include]\nfiles=${dir}/odd/*.conf\n` });
    const checked = await run([...DAEMON.agent, '--check', '-c', odd.configPath], { timeoutMs: 10_000 });
    t.expect([checked.signal, checked.code]).toEqual([null, 0]);
    t.expect(checked.out).toContain('is a pipe, it is passed over');
  });
});
