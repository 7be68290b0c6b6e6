import { test } from 'vitest';
import { sharedSupervisor } from '../support/shared-supervisor.ts';
import { eachSupervisor, startSupervisor } from '../support/supervisors.ts';

const CONFIG = `
[program:up]
command=sleep 1000
startsecs=0
stdout_logfile={dir}/up.out
stderr_logfile=NONE
[program:off]
command=sleep 1000
autostart=false
[program:exits]
command=sh -c 'exit 3'
startsecs=0
autorestart=false
[program:killed]
command=sh -c 'kill -9 $$'
startsecs=0
autorestart=false
[program:broken]
command={dir}/nothing
startretries=0
[program:never]
command={dir}/nothing
startretries=1000
[program:slow]
command=sleep 1000
startsecs=1000
[group:B]
programs=z,y
[program:z]
command=cat
autostart=false
[program:y]
command=cat
autostart=false
`;
const KEYS = [
  'description',
  'exitstatus',
  'group',
  'logfile',
  'name',
  'now',
  'pid',
  'spawnerr',
  'start',
  'state',
];

eachSupervisor((kind) => {
  const at = sharedSupervisor(kind, { config: CONFIG });
  const info = (name: string) => at().rpc('getProcessInfo', name);

  test('RPC-094 RPC-095 RPC-097 RPC-098 RPC-099 a running process tells everything', async (t) => {
    const up = await at().state('up', 'RUNNING');
    t.expect(Object.keys(up).sort()).toEqual(
      [...KEYS, 'statename', 'stderr_logfile', 'stdout_logfile', 'stop'].sort(),
    );
    t.expect(up).toMatchObject({
      name: 'up',
      group: 'up',
      state: 20,
      statename: 'RUNNING',
      spawnerr: '',
      exitstatus: 0,
      stop: 0,
    });
    t.expect(up).toMatchObject({
      logfile: `${at().dir}/up.out`,
      stdout_logfile: `${at().dir}/up.out`,
      stderr_logfile: '',
    });
    t.expect(up.description).toMatch(new RegExp(`^pid ${up.pid}, uptime 0:00:\\d\\d$`));
    t.expect(Math.abs(Number(up.now) - Date.now() / 1000)).toBeLessThan(30);
    t.expect(Number(up.start)).toBeLessThanOrEqual(Number(up.now));
  });

  test('RPC-098 RPC-101 a process that was never started', async (t) => {
    t.expect(await info('off')).toMatchObject({
      pid: 0,
      start: 0,
      stop: 0,
      state: 0,
      description: 'Not started',
    });
  });

  test('RPC-096 RPC-101 a process that ended', async (t) => {
    const exited = await at().state('exits', 'EXITED');
    t.expect(exited).toMatchObject({ exitstatus: 3, spawnerr: 'Bad exit code 3', pid: 0 });
    t.expect(exited.description).toMatch(/^[A-Z][a-z]{2} \d\d \d\d:\d\d [AP]M$/);
    t.expect(await at().state('killed', 'EXITED')).toMatchObject({ exitstatus: -1 });
  });

  test('RPC-097 RPC-100 RPC-102 a process that could not be started', async (t) => {
    const text = `can't find command '${at().dir}/nothing'`;
    t.expect(await at().state('broken', 'FATAL')).toMatchObject({
      spawnerr: text,
      description: text,
      stop: 0,
    });
    t.expect((await at().state('never', 'BACKOFF')).description).toBe(text);
    await at().rpc('stopProcess', 'never');
    const stopped = await info('never');
    t.expect(stopped.start).toBeGreaterThan(0);
    t.expect(stopped.description).toMatch(/^(Jan 01|Dec 31) \d\d:\d\d [AP]M$/);
  });

  test('RPC-103 STARTING has nothing to say', async (t) => {
    t.expect(await at().state('slow', 'STARTING')).toMatchObject({ description: '' });
  });

  test('RPC-104 all processes come sorted by group, then name', async (t) => {
    const all: { group: string; name: string }[] = await at().rpc('getAllProcessInfo');
    const names = all.map(({ group, name }) => `${group}:${name}`);
    t.expect(names.slice(0, 3)).toEqual(['B:y', 'B:z', 'broken:broken']);
    t.expect(names).toEqual([...names].sort());
  });

  test('RPC-105 RPC-106 RPC-108 RPC-109 RPC-110 RPC-111 the configuration of every process', async (t) => {
    const own = await startSupervisor(t, kind, {
      config: `[program:b]\ncommand=cat\nautostart=false\nstopsignal=USR1\nstderr_logfile=NONE\n
[program:a]\ncommand=cat -u\nautostart=false\ndirectory=/tmp\nexitcodes=0,2\nstdout_logfile={dir}/a.log\nstdout_logfile_maxbytes=1KB\n`,
    });
    const all: Record<string, unknown>[] = await own.rpc('getAllConfigInfo');
    t.expect(all.map((one) => one.name)).toEqual(['a', 'b']);
    const [a, b] = all;
    t.expect(Object.keys(a ?? {})).toHaveLength(29);
    t.expect(a).toMatchObject({
      command: 'cat -u',
      directory: '/tmp',
      exitcodes: [0, 2],
      uid: 'none',
      serverurl: 'none',
    });
    t.expect(a).toMatchObject({
      stdout_logfile: `${own.dir}/a.log`,
      stdout_logfile_maxbytes: 1024,
      inuse: true,
    });
    t.expect(b).toMatchObject({
      stopsignal: 10,
      stderr_logfile: 'none',
      group_prio: 999,
      startsecs: 1,
      stopwaitsecs: 10,
    });
    t.expect(b?.stdout_logfile).toMatch(/child\/b-stdout---supervisor-\S+\.log$/);
    await own.rpc('reloadConfig');
    t.expect((await own.rpc('getAllConfigInfo'))[1].stdout_logfile).toBe('auto');
  });

  if (kind === 'agent') {
    test('RPC-107 VER-011 autorestart=true does not break getAllConfigInfo', async (t) => {
      const own = await startSupervisor(t, kind, { config: '[program:a]\ncommand=cat\nautorestart=true\n' });
      t.expect(await own.rpc('getAllConfigInfo')).toHaveLength(1);
    });
  }
});
