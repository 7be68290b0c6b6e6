import { test } from 'vitest';
import { faultOf, sharedSupervisor } from '../support/shared-supervisor.ts';
import { eachSupervisor } from '../support/supervisors.ts';
import { until } from '../support/until.ts';

const OFF = 'autostart=false\nstartsecs=0\n';
const CONFIG = `
[group:g]
programs=m,n
priority=5
[program:m]
command=sleep 1000
${OFF}priority=20
[program:n]
command=sleep 1000
${OFF}priority=10
[program:same]
command=sleep 1000
${OFF}
[program:sleeper]
command=sleep 1000
${OFF}
[program:names]
command=sleep 1000
${OFF}
[program:slow]
command=sleep 1000
autostart=false
startsecs=1
[program:missing]
command={dir}/nothing-here
${OFF}
[program:folder]
command={dir}
${OFF}
[program:unparsable]
command=sh -c "open
${OFF}
[program:quick]
command=false
autostart=false
startretries=1
[program:retrying]
command=false
autostart=false
startretries=1000
[program:stubborn]
command=sh -c 'trap "" TERM; echo deaf; while :; do sleep 0.05; done'
${OFF}stopwaitsecs=2
stdout_logfile={dir}/stubborn.out
[program:patient]
command=sleep 1000
autostart=false
startsecs=30
[program:signalled]
command=cat
${OFF}autorestart=false
stdout_logfile={dir}/signalled.out
[program:input]
command=cat
${OFF}stdout_logfile={dir}/input.out
[program:pair]
command=sh -c 'sleep %(process_num)d.3; exec sleep 1000'
process_name=p%(process_num)d
numprocs=2
${OFF}
[program:mixed]
command=sleep 1000
process_name=ok%(process_num)d
numprocs=2
autostart=false
startsecs=1
[program:trio]
command=sleep 1000
process_name=t%(process_num)d
numprocs=3
${OFF}
`;

eachSupervisor((kind) => {
  const at = sharedSupervisor(kind, { config: CONFIG });
  const rpc = (method: string, ...params: unknown[]) => at().rpc(method, ...params);
  const fault = (method: string, ...params: unknown[]) => faultOf(rpc(method, ...params));

  test('RPC-022 RPC-023 a wrong number of arguments is fault 2', async (t) => {
    t.expect(await fault('getState', 1)).toBe('2 INCORRECT_PARAMETERS');
    t.expect(await fault('startProcess')).toBe('2 INCORRECT_PARAMETERS');
    t.expect(await fault('startProcess', 'a', true, true)).toBe('2 INCORRECT_PARAMETERS');
    t.expect(await fault('readLog', [], 0)).toBe('2 INCORRECT_PARAMETERS');
  });

  test('RPC-034 RPC-035 RPC-036 RPC-037 names: the first colon splits, group:* only where a group makes sense', async (t) => {
    t.expect(await rpc('startProcess', 'names:names')).toBe(true);
    t.expect((await rpc('getProcessInfo', 'names')).state).toBe(20);
    for (const name of [
      'nosuch',
      '',
      ':',
      'g',
      'g:nosuch',
      'm',
      'nosuch:*',
      'names:*x',
      '*',
      ' names',
      'NAMES',
      'names:names:x',
    ]) {
      t.expect([name, await fault('startProcess', name)]).toEqual([name, `10 BAD_NAME: ${name}`]);
    }
    for (const method of ['getProcessInfo', 'clearProcessLogs']) {
      t.expect(await fault(method, 'names:*')).toBe('10 BAD_NAME: names:*');
    }
    t.expect(await fault('sendProcessStdin', 'names:', 'x')).toBe('10 BAD_NAME: names:');
    t.expect(await rpc('stopProcess', 'names:')).toMatchObject([{ name: 'names', status: 80 }]);
  });

  if (kind === 'agent') {
    test('RPC-038 a name that is no text is fault 2; supervisord answers 500', async (t) => {
      for (const name of [7, true, ['a'], { a: 1 }])
        t.expect(await fault('startProcess', name)).toBe('2 INCORRECT_PARAMETERS');
    });
  }

  test('RPC-067 RPC-068 RPC-069 what cannot be run is 20 or 21 with the reason', async (t) => {
    t.expect(await fault('startProcess', 'missing')).toBe(
      `20 NO_FILE: can't find command '${at().dir}/nothing-here'`,
    );
    t.expect(await fault('startProcess', 'folder')).toBe(
      `21 NOT_EXECUTABLE: command at '${at().dir}' is a directory`,
    );
    t.expect(await fault('startProcess', 'unparsable')).toMatch(
      /^21 NOT_EXECUTABLE: can't parse command 'sh -c "open': /,
    );
  });

  test('RPC-067 RPC-070 what runs or retries is already started', async (t) => {
    t.expect(await rpc('startProcess', 'same')).toBe(true);
    t.expect(await fault('startProcess', 'same')).toBe('60 ALREADY_STARTED: same');
    t.expect(await fault('startProcess', 'same:same')).toBe('60 ALREADY_STARTED: same:same');
    await at().startShortLived('retrying');
    await at().state('retrying', 'BACKOFF');
    t.expect(await fault('startProcess', 'retrying')).toBe('60 ALREADY_STARTED: retrying');
    t.expect(await rpc('stopProcess', 'retrying'), 'RPC-082').toBe(true);
    t.expect((await rpc('getProcessInfo', 'retrying')).statename).toBe('STOPPED');
  });

  test('RPC-071 RPC-072 start waits for RUNNING, unless told not to', async (t) => {
    const asked = performance.now();
    t.expect(await rpc('startProcess', 'slow')).toBe(true);
    t.expect(performance.now() - asked).toBeGreaterThan(990);
    t.expect((await rpc('getProcessInfo', 'slow')).statename).toBe('RUNNING');
    await rpc('stopProcess', 'slow');
    t.expect(await rpc('startProcess', 'slow', false)).toBe(true);
    t.expect((await rpc('getProcessInfo', 'slow')).statename).toBe('STARTING');
  });

  test('RPC-073 a quick exit is fault 50 while retries go on', async (t) => {
    t.expect(await fault('startProcess', 'quick')).toBe('50 SPAWN_ERROR: quick');
    await at().state('quick', 'FATAL');
  });

  test('RPC-019 RPC-074 a waiting start holds nobody up, and is fault 40 when somebody stops the process', async (t) => {
    const waiting = fault('startProcess', 'patient');
    await at().state('patient', 'STARTING');
    t.expect(await rpc('getState')).toEqual({ statecode: 1, statename: 'RUNNING' });
    t.expect(await rpc('stopProcess', 'patient')).toBe(true);
    t.expect(await waiting).toBe('40 ABNORMAL_TERMINATION: patient');
  });

  test('RPC-075 RPC-080 RPC-081 a process being stopped can neither be started nor stopped again', async (t) => {
    await rpc('startProcess', 'stubborn');
    await until('it ignores TERM', () => at().read('stubborn.out') === 'deaf\n');
    const stopping = rpc('stopProcess', 'stubborn');
    await at().state('stubborn', 'STOPPING');
    t.expect(await fault('startProcess', 'stubborn')).toBe('40 ABNORMAL_TERMINATION: stubborn');
    t.expect(await fault('stopProcess', 'stubborn')).toBe('70 NOT_RUNNING: stubborn');
    t.expect(await stopping).toBe(true);
    t.expect((await rpc('getProcessInfo', 'stubborn')).statename).toBe('STOPPED');
    t.expect(at().log()).toContain('INFO waiting for stubborn to stop');
  });

  test('RPC-076 RPC-077 RPC-079 RPC-083 RPC-091 RPC-093 groups start and stop as a batch that leaves out what is done', async (t) => {
    const entry = (name: string) => ({ name, group: 'g', status: 80, description: 'OK' });
    t.expect(await fault('startProcessGroup', 'g:*')).toBe('10 BAD_NAME: g:*');
    t.expect(await rpc('startProcess', 'g:m')).toBe(true);
    t.expect(await rpc('startProcess', 'g:*')).toEqual([entry('n')]);
    t.expect(await rpc('startProcessGroup', 'g')).toEqual([]);
    const stopped = await rpc('stopProcessGroup', 'g');
    t.expect(stopped).toHaveLength(2);
    t.expect(stopped).toEqual(t.expect.arrayContaining([entry('m'), entry('n')]));
    t.expect(await rpc('stopProcessGroup', 'g')).toEqual([]);
  });

  test('RPC-092 PROC-061 entries come in the order of completion', async (t) => {
    await rpc('startProcess', 'mixed:ok0');
    const done = rpc('stopProcessGroup', 'mixed');
    t.expect(await done).toEqual([{ name: 'ok0', group: 'mixed', status: 80, description: 'OK' }]);
  });

  test('RPC-084 RPC-085 RPC-086 RPC-087 signals by name, number and text, to one and to all that can take it', async (t) => {
    t.expect(await fault('signalProcess', 'signalled', 'HUP')).toBe('70 NOT_RUNNING: signalled');
    t.expect(await fault('signalProcess', 'signalled', 'NOPE')).toBe('11 BAD_SIGNAL: NOPE');
    t.expect(await fault('signalProcess', 'nosuch', 'NOPE')).toBe('10 BAD_NAME: nosuch');
    t.expect(await rpc('signalProcessGroup', 'signalled', 'NOPE')).toEqual([]);
    await rpc('startProcess', 'signalled');
    for (const signal of ['CONT', 'sigcont', '18', 18, '0', 0])
      t.expect(await rpc('signalProcess', 'signalled', signal)).toBe(true);
    t.expect(await fault('signalProcess', 'signalled', 99)).toBe('11 BAD_SIGNAL: 99');
    const bad = { name: 'signalled', group: 'signalled', status: 11, description: 'BAD_SIGNAL: NOPE' };
    t.expect(await rpc('signalProcess', 'signalled:*', 'NOPE')).toEqual([bad]);
    t.expect(await rpc('signalProcessGroup', 'signalled', 'USR1')).toMatchObject([
      { status: 80, description: 'OK' },
    ]);
    t.expect(await fault('signalProcessGroup', 'nosuch', 'HUP')).toBe('10 BAD_NAME: nosuch');
    await at().state('signalled', 'EXITED');
    t.expect(
      (await rpc('signalAllProcesses', 'CONT')).every((entry: { status: number }) => entry.status === 80),
    ).toBe(true);
  });

  test('RPC-088 stdin takes text, as UTF-8, of a running process', async (t) => {
    t.expect(await fault('sendProcessStdin', 'input', 'x')).toBe('70 NOT_RUNNING: input');
    t.expect(await fault('sendProcessStdin', 'nosuch', 5)).toBe('2 INCORRECT_PARAMETERS: 5');
    t.expect(await fault('sendProcessStdin', 'nosuch', 'x')).toBe('10 BAD_NAME: nosuch');
    await rpc('startProcess', 'input');
    t.expect(await rpc('sendProcessStdin', 'input', 'grüße\n')).toBe(true);
    await until('the text', () => at().read('input.out') === 'grüße\n');
  });

  test('RPC-090 RPC-031 a remote communication event is always true', async (t) => {
    t.expect(await rpc('sendRemoteCommEvent', 'type', 'data')).toBe(true);
    t.expect(await fault('sendRemoteCommEvent', 'type')).toBe('2 INCORRECT_PARAMETERS');
  });
});
