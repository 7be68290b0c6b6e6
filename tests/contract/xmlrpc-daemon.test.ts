import { test } from 'vitest';
import { faultOf, sharedSupervisor } from '../support/shared-supervisor.ts';
import { eachSupervisor, startSupervisor } from '../support/supervisors.ts';
import { until } from '../support/until.ts';

const STUBBORN = `[program:stubborn]
command=sh -c 'trap "" TERM; echo deaf; while :; do sleep 0.05; done'
startsecs=0
stopwaitsecs=3
stdout_logfile={dir}/stubborn.out
[program:calm]
command=sleep 1000
startsecs=0
`;

eachSupervisor((kind) => {
  const at = sharedSupervisor(kind, { config: '[program:a]\ncommand=cat\nstartsecs=0\n' });
  const rpc = (method: string, ...params: unknown[]) => at().rpc(method, ...params);
  const fault = (method: string, ...params: unknown[]) => faultOf(rpc(method, ...params));

  test('RPC-039 the 41 methods are listed in order', async (t) => {
    const names: string[] = await rpc('system.listMethods');
    t.expect(names).toEqual([...names].sort());
    t.expect(names.filter((name) => name.startsWith('supervisor.'))).toHaveLength(37);
    t.expect(names.filter((name) => !name.startsWith('supervisor.'))).toEqual([
      'system.listMethods',
      'system.methodHelp',
      'system.methodSignature',
      'system.multicall',
    ]);
    t.expect(names.filter((name) => name.startsWith('fleetvisor.'))).toEqual([]); // what is ours alone stays out
  });

  test('RPC-040 RPC-041 methods tell their documentation and types', async (t) => {
    const types: Record<string, string[]> = {
      'supervisor.startProcess': ['boolean', 'string', 'boolean'],
      'supervisor.tailProcessLog': ['array', 'string', 'int', 'int'],
      'supervisor.getState': ['struct'],
      'system.multicall': ['array', 'array'],
    };
    for (const [name, signature] of Object.entries(types)) {
      t.expect(await rpc('system.methodSignature', name)).toEqual(signature);
      t.expect(await rpc('system.methodHelp', name)).toContain(`@return ${signature[0]}`);
    }
    t.expect(await fault('system.methodHelp', 'supervisor.nothing')).toBe('4 SIGNATURE_UNSUPPORTED');
    t.expect(await fault('system.methodSignature', '')).toBe('4 SIGNATURE_UNSUPPORTED');
  });

  test('RPC-042 RPC-043 RPC-044 RPC-045 RPC-046 RPC-049 multicall answers bare values and fault structs in order', async (t) => {
    const calls = [
      { methodName: 'supervisor.getIdentification' },
      { methodName: 'supervisor.nothing', params: [] },
      { params: [] },
      { methodName: 'system.multicall', params: [[]] },
      { methodName: 'supervisor.getState', params: [1] },
      { methodName: 'supervisor.getAPIVersion', params: [] },
    ];
    t.expect(await rpc('system.multicall', calls)).toEqual([
      'supervisor',
      { faultCode: 1, faultString: 'UNKNOWN_METHOD' },
      { faultCode: 2, faultString: 'INCORRECT_PARAMETERS: No methodName' },
      { faultCode: 2, faultString: 'INCORRECT_PARAMETERS: Recursive system.multicall forbidden' },
      { faultCode: 2, faultString: 'INCORRECT_PARAMETERS' },
      '3.0',
    ]);
    t.expect(await rpc('system.multicall', [])).toEqual([]);
    if (kind === 'agent') t.expect(await fault('system.multicall', 'x')).toBe('2 INCORRECT_PARAMETERS');
  });

  test('RPC-048 multicall waits for each call before the next', async (t) => {
    const own = await startSupervisor(t, kind, {
      config: '[program:w]\ncommand=sleep 99\nstartsecs=1\nautostart=false\n',
    });
    const [started, info, stopped] = await own.rpc('system.multicall', [
      { methodName: 'supervisor.startProcess', params: ['w'] },
      { methodName: 'supervisor.getProcessInfo', params: ['w'] },
      { methodName: 'supervisor.stopProcess', params: ['w'] },
    ]);
    t.expect([started, info.statename, stopped]).toEqual([true, 'RUNNING', true]);
  });

  test('RPC-050 RPC-051 RPC-052 RPC-053 RPC-054 the daemon tells who it is', async (t) => {
    t.expect(await rpc('getAPIVersion')).toBe('3.0');
    t.expect(await rpc('getVersion')).toBe('3.0');
    t.expect(await rpc('getSupervisorVersion')).toMatch(/^4\.\d+\.\d+/);
    t.expect(await rpc('getIdentification')).toBe('supervisor');
    t.expect(await rpc('getState')).toEqual({ statecode: 1, statename: 'RUNNING' });
    t.expect(await rpc('getPID')).toBe(at().pid);
  });

  test('RPC-030 RPC-031 RPC-032 RPC-033 RPC-055 while it stops, everything but system.* is fault 6', async (t) => {
    const own = await startSupervisor(t, kind, { config: STUBBORN });
    await until('it ignores TERM', () => own.read('stubborn.out') === 'deaf\n');
    t.expect(await own.rpc('shutdown')).toBe(true);
    await until('stopping', async () => (await faultOf(own.rpc('getState'))) === '6 SHUTDOWN_STATE');
    for (const [method, ...params] of [
      ['getPID'],
      ['startProcess', 'nosuch'],
      ['shutdown'],
      ['restart'],
      ['signalAllProcesses', 'CONT'],
    ]) {
      t.expect([method, await faultOf(own.rpc(method as string, ...params))]).toEqual([
        method,
        '6 SHUTDOWN_STATE',
      ]);
    }
    t.expect(await own.rpc('sendRemoteCommEvent', 'a', 'b')).toBe(true);
    t.expect(await own.rpc('system.listMethods')).toHaveLength(41);
    t.expect(await own.rpc('system.multicall', [{ methodName: 'supervisor.getState' }])).toEqual([
      { faultCode: 6, faultString: 'SHUTDOWN_STATE' },
    ]);
    await until('the end', () => own.child.exitCode !== null);
    t.expect(own.child.exitCode).toBe(0);
  });

  test('RPC-056 PROC-074 restart answers at once and keeps the pid', async (t) => {
    const own = await startSupervisor(t, kind, { config: '[program:a]\ncommand=sleep 99\nstartsecs=0\n' });
    const before = await own.state('a', 'RUNNING');
    t.expect(await own.rpc('restart')).toBe(true);
    await until('a new child', async () => {
      const info = await own.rpc('getProcessInfo', 'a');
      return info.pid !== before.pid && info.statename === 'RUNNING';
    });
    t.expect(await own.rpc('getPID')).toBe(own.pid);
  });

  test('RPC-057 RPC-058 RPC-059 RPC-062 RPC-064 RPC-065 RPC-066 RPC-110 a reread changes only what add and remove do', async (t) => {
    const own = await startSupervisor(t, kind, {
      config: '[include]\nfiles={dir}/*.ini\n',
      files: { 'p.ini': program('a', 1) + program('b', 1) },
    });
    await own.state('a', 'RUNNING');
    t.expect(await own.rpc('reloadConfig')).toEqual([[[], [], []]]);
    own.write('p.ini', program('b', 2) + program('c', 1));
    t.expect(await own.rpc('reloadConfig')).toEqual([[['c'], ['b'], ['a']]]);
    t.expect((await own.rpc('getProcessInfo', 'a')).statename).toBe('RUNNING');
    const inUse = (await own.rpc('getAllConfigInfo')).map((one: { name: string; inuse: boolean }) => [
      one.name,
      one.inuse,
    ]);
    t.expect(inUse).toEqual([
      ['b', true],
      ['c', false],
    ]);
    t.expect(await faultOf(own.rpc('addProcessGroup', 'b'))).toBe('90 ALREADY_ADDED: b');
    t.expect(await faultOf(own.rpc('addProcessGroup', 'a'))).toBe('10 BAD_NAME: a');
    t.expect(await own.rpc('addProcessGroup', 'c')).toBe(true);
    await own.state('c', 'RUNNING');
    t.expect(await faultOf(own.rpc('removeProcessGroup', 'a'))).toBe('91 STILL_RUNNING: a');
    await own.rpc('stopProcess', 'a');
    t.expect(await own.rpc('removeProcessGroup', 'a')).toBe(true);
    t.expect(await faultOf(own.rpc('removeProcessGroup', 'a'))).toBe('10 BAD_NAME: a');
    own.write('p.ini', '[program:b]\nnumprocs=x\ncommand=cat\n');
    t.expect(await faultOf(own.rpc('reloadConfig'))).toMatch(/^92 CANT_REREAD: /);
    t.expect((await own.rpc('getProcessInfo', 'b')).statename).toBe('RUNNING');
  });

  test('RPC-052 RPC-060 a reread takes another identifier, and a changed option marks its group', async (t) => {
    const own = await startSupervisor(t, kind, { config: program('a', 1) });
    own.write(
      'supervisord.conf',
      own.read('supervisord.conf').replace('[supervisord]', '[supervisord]\nidentifier=other'),
    );
    t.expect(await own.rpc('reloadConfig')).toEqual([[[], [], []]]);
    t.expect(await own.rpc('getIdentification')).toBe('other');
    own.write(
      'supervisord.conf',
      own.read('supervisord.conf').replace('[supervisord]', '[supervisord]\nenvironment=A="1"'),
    );
    t.expect(await own.rpc('reloadConfig')).toEqual([[[], ['a'], []]]);
  });
});

function program(name: string, seconds: number): string {
  return `[program:${name}]\ncommand=sleep ${seconds}000\nstartsecs=0\n`;
}
