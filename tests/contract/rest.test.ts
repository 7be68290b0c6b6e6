import { chmodSync, existsSync, readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { test } from 'vitest';
import { heard, hears, listenerSection, listenerUp } from '../support/listening.ts';
import { DAEMON, eachSupervisor, run, startSupervisor, writeSetup } from '../support/supervisors.ts';
import { until } from '../support/until.ts';

/** Nobody special, whoever runs the tests; of root keeps that it may open files: a clone may lie where nobody else looks. */
const AS_NOBODY =
  process.getuid?.() === 0
    ? [
        ...['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'],
        ...['--inh-caps=+dac_override', '--ambient-caps=+dac_override', '--'],
      ]
    : [];

eachSupervisor((kind) => {
  test('PROC-009 a signal sent many times while one is handled is obeyed once', async (t) => {
    const s = await startSupervisor(t, kind, {
      config: `[program:p]\ncommand=sh -c 'trap "sleep 1; exit 0" TERM; while :; do sleep 0.05; done'\nstartsecs=0\n`,
    });
    await s.state('p', 'RUNNING');
    for (let n = 0; n < 5; n += 1) s.child.kill('SIGHUP');
    await until('a new start', () => s.log().split('supervisord started with pid').length === 3);
    await s.state('p', 'RUNNING');
    t.expect(s.log().split('supervisord started with pid')).toHaveLength(3);
  });

  test('PROC-029 without root a child cannot become another user, and says so', async (t) => {
    const { dir, configPath } = writeSetup(t, {
      config: `[program:p]\ncommand=sleep 1000\nuser=root\nstartretries=0\nstderr_logfile={dir}/child/p.err\n`,
    });
    for (const path of [dir, join(dir, 'child')]) chmodSync(path, 0o777);
    chmodSync(configPath, 0o644);
    const ran = run([...AS_NOBODY, ...DAEMON[kind], '-n', '-c', configPath], { cwd: dir });
    const read = (file: string) => (existsSync(join(dir, file)) ? readFileSync(join(dir, file), 'utf8') : '');
    await until('given up', () => read('main.log').includes('gave up: p'), { withinMs: 18_000 });
    t.expect(read('child/p.err')).toContain(
      "supervisor: couldn't setuid to 0: Can't drop privilege as nonroot user\nsupervisor: child process was not spawned\n",
    );
    process.kill(Number(read('pid')), 'SIGTERM');
    t.expect((await ran).code).toBe(0);
  });

  test('PROC-070 listeners are stopped after everything else', async (t) => {
    const s = await startSupervisor(t, kind, {
      config: `[program:p]\ncommand=sleep 1000\nstartsecs=0\n${listenerSection('l', 'TICK_3600')}`,
    });
    await listenerUp(s, 'l');
    await s.state('p', 'RUNNING');
    await s.stop();
    const stopped = [...s.log().matchAll(/stopped: (\w+)/g)].map((match) => match[1]);
    t.expect(stopped).toEqual(['p', 'l']);
  });

  test('PROC-079 a server that cannot be opened is met after the log and the AUTO files, before the pidfile', async (t) => {
    const server = createServer();
    t.onTestFinished(() => void server.close());
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const { dir, configPath } = writeSetup(t, {
      config: `[inet_http_server]\nport=127.0.0.1:${port}\n[program:p]\ncommand=sleep 1000\n`,
    });
    t.expect((await run([...DAEMON[kind], '-n', '-c', configPath], { cwd: dir })).code).toBe(2);
    t.expect(readdirSync(dir)).toContain('main.log');
    t.expect(readdirSync(dir)).not.toContain('pid');
    t.expect(readdirSync(join(dir, 'child')).filter((file) => file.startsWith('p-stdout'))).toHaveLength(1);
  });

  test('EVT-003 a subscription to PROCESS_COMMUNICATION hears both channels', async (t) => {
    const say = (text: string) => `<!--XSUPERVISOR:BEGIN-->${text}<!--XSUPERVISOR:END-->`;
    const s = await startSupervisor(t, kind, {
      config: `[program:p]\ncommand=/bin/sh {dir}/say.sh\nstartsecs=0\nstdout_capture_maxbytes=1KB\nstderr_capture_maxbytes=1KB\n${listenerSection('l', 'PROCESS_COMMUNICATION')}`,
      files: {
        'say.sh': `while [ ! -e {dir}/l.events.up ]; do sleep 0.05; done\necho '${say('one')}'\nsleep 0.3\necho '${say('two')}' >&2\nexec sleep 1000\n`,
      },
    });
    await hears(s, 'l', 2);
    t.expect(heard(s, 'l').map(({ header }) => header.eventname)).toEqual([
      'PROCESS_COMMUNICATION_STDOUT',
      'PROCESS_COMMUNICATION_STDERR',
    ]);
  });

  test('EVT-025 a command that cannot be found is STARTING, then BACKOFF, without a pid', async (t) => {
    const s = await startSupervisor(t, kind, {
      config: `[program:p]\ncommand=/no/such/program\nstartretries=0\n${listenerSection('l', 'PROCESS_STATE', 'ok', 'priority=1')}`,
    });
    const about = ({ payload }: { payload: string }) => payload.startsWith('processname:p ');
    await hears(s, 'l', 3, about);
    t.expect(
      heard(s, 'l')
        .filter(about)
        .map(({ header, payload }) => [header.eventname, payload]),
    ).toEqual([
      ['PROCESS_STATE_STARTING', 'processname:p groupname:p from_state:STOPPED tries:0'],
      ['PROCESS_STATE_BACKOFF', 'processname:p groupname:p from_state:STARTING tries:1'],
      ['PROCESS_STATE_FATAL', 'processname:p groupname:p from_state:BACKOFF'],
    ]);
  });

  test('CFG-118 a program that logs to /dev/stdout with rotation left on: here it just works', async (t) => {
    const s = await startSupervisor(t, kind, {
      config: `[program:p]\ncommand=sh -c 'echo to the front; exec sleep 1000'\nstartsecs=0\nstdout_logfile=/dev/stdout\n`,
      args: ['-s'],
      under: ['sh', '-c', '"$@" | cat; :', 'sh'], // /dev/stdout must be something that can be opened
    });
    await s.state('p', 'RUNNING');
    const isTroubled = () => s.log().includes('uncaptured python exception');
    if (kind === 'supervisord') await until('its trouble', isTroubled);
    await s.rpc('shutdown');
    await until('its end', () => s.child.exitCode !== null);
    const { out } = await s.stop();
    t.expect(out).toContain('to the front\n');
    t.expect(isTroubled()).toBe(kind === 'supervisord');
  });

  test('CFG-150 a limit that was raised is told', async (t) => {
    const s = await startSupervisor(t, kind, {
      config: '',
      daemon: 'minfds=300',
      under: ['sh', '-c', 'ulimit -Sn 200; "$@"; exit $?', 'sh'],
    });
    t.expect(s.log()).toContain('Increased RLIMIT_NOFILE limit to 300');
    await s.rpc('shutdown');
    await until('its end', () => s.child.exitCode !== null);
  });

  test('RPC-078 starting all answers one result each, in order of priority', async (t) => {
    const s = await startSupervisor(t, kind, {
      config: ['c', 'a', 'b']
        .map(
          (name, n) =>
            `[program:${name}]\ncommand=sleep 1000\nautostart=false\nstartsecs=0\npriority=${n + 1}\n`,
        )
        .join(''),
    });
    const results: { name: string; status: number }[] = await s.rpc('startAllProcesses', true);
    t.expect(results.map(({ name, status }) => [name, status])).toEqual([
      ['c', 80],
      ['a', 80],
      ['b', 80],
    ]);
  });
});
