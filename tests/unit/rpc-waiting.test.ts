import { expect, test, vi } from 'vitest';
import { KeptResults, multicall } from '../../agent/src/rpc/multicall.ts';
import { rpcBench } from '../support/rpc-bench.ts';

const entry = (name: string, status = 80, description = 'OK') => ({ name, group: 'g', status, description });

test('RPC-072 a waiting start answers when the process has stayed up, not before', async () => {
  const { call, clock } = rpcBench({ web: [{ startMs: 1000 }] });
  let answered = false;
  const waiting = call('startProcess', 'web').then((value) => {
    answered = true;
    return value;
  });
  clock.advance(1000);
  await Promise.resolve();
  expect(answered).toBe(false);
  clock.advance(1);
  expect(await waiting).toBe(true);
});

test('RPC-073 RPC-074 a waiting start faults by how it went wrong', async () => {
  const { call, exit, clock } = rpcBench({ quick: [{}], stopped: [{}] });
  const quick = call('startProcess', 'quick');
  const stopped = call('startProcess', 'stopped:stopped');
  exit('quick', 1);
  await expect(quick).rejects.toMatchObject({ faultString: 'SPAWN_ERROR: quick' });
  await call('stopProcess', 'stopped', false);
  await expect(stopped).rejects.toMatchObject({
    faultCode: 40,
    faultString: 'ABNORMAL_TERMINATION: stopped:stopped',
  });
  expect(clock.pending()).toBeGreaterThan(0);
});

test('RPC-092 batch entries come as processes get there: refusals first, then by completion', async () => {
  const { call, exit, clock, os } = rpcBench({
    g: [
      { name: 'slow', startMs: 3000 },
      { name: 'missing', command: '/bin/missing', startMs: 1000 },
      { name: 'fast', startMs: 1000 },
      { name: 'crash', startMs: 1000 },
      { name: 'now', startMs: 0 },
    ],
  });
  os.files.set('/bin/missing', 'missing');
  const all = call('startProcessGroup', 'g');
  await Promise.resolve();
  exit('crash', 1);
  clock.advance(1001);
  clock.advance(2001);
  expect(await all).toEqual([
    entry('missing', 20, "NO_FILE: can't find command '/bin/missing'"),
    entry('now'),
    entry('crash', 50, 'SPAWN_ERROR: g:crash'),
    entry('fast'),
    entry('slow'),
  ]);
});

test('RPC-079 RPC-083 a batch leaves out what is already as wanted', async () => {
  const { call, clock } = rpcBench({
    g: [
      { name: 'a', startMs: 0 },
      { name: 'b', startMs: 0 },
    ],
  });
  await call('startProcess', 'g:a');
  expect(await call('startAllProcesses', false)).toEqual([entry('b')]);
  expect(await call('startProcess', 'g:*')).toEqual([]);
  expect(await call('stopAllProcesses', false)).toEqual([entry('a'), entry('b')]);
  expect(await call('stopProcessGroup', 'g')).toEqual([]);
  expect(clock.pending()).toBeGreaterThan(0);
});

test('RPC-081 who waits for a stop says so at once and every two seconds, and no longer', async () => {
  const { call, exit, clock, lines } = rpcBench({ web: [{ startMs: 0, stopWaitMs: 60_000 }] });
  await call('startProcess', 'web');
  const waiting = call('stopProcess', 'web');
  const said = () => lines.filter((line) => line === 'INFO waiting for web to stop').length;
  expect(said()).toBe(1);
  clock.advance(4_500);
  expect(said()).toBe(3);
  exit('web', 0);
  expect(await waiting).toBe(true);
  clock.advance(10_000);
  expect(said()).toBe(3);
});

test('a batch of many starts lets other calls in between', async () => {
  const names = Array.from({ length: 50 }, (_, i) => ({ name: `p${i}`, startMs: 0 }));
  const { call, clock, os } = rpcBench({ g: names });
  const spawn = os.spawn.bind(os);
  os.spawn = (request) => {
    clock.advance(2); // a spawn takes its time
    return spawn(request);
  };
  const all = call('startProcessGroup', 'g');
  expect(os.requests.length).toBeLessThan(10);
  expect(await call('getPID')).toBe(1);
  while (os.requests.length < names.length) {
    clock.advance(0);
    await Promise.resolve();
  }
  expect(await all).toHaveLength(50);
});

test('RPC-030 RPC-033 a stopping daemon is fault 6 after the number of arguments and before anything else', async () => {
  const { call, daemon } = rpcBench({ web: [{}] });
  daemon.state = 'SHUTDOWN';
  const faultOf = (method: string, ...params: unknown[]) =>
    call(method, ...params).catch((fault) => fault.faultString);
  expect(await faultOf('getState')).toBe('SHUTDOWN_STATE');
  expect(await faultOf('startProcess', 7)).toBe('SHUTDOWN_STATE');
  expect(await faultOf('startProcess')).toBe('INCORRECT_PARAMETERS');
  expect(await faultOf('signalAllProcesses', 'HUP')).toBe('SHUTDOWN_STATE');
  expect(await faultOf('sendRemoteCommEvent', 'a', 'b')).toBe(true);
  daemon.state = 'RESTARTING';
  expect(await call('system.multicall', [{ methodName: 'supervisor.getPID' }])).toEqual([
    { faultCode: 6, faultString: 'SHUTDOWN_STATE' },
  ]);
});

test('RPC-172 a child that does not read gives FAILED, one that closed its stdin NO_FILE', async () => {
  const { call, os } = rpcBench({ web: [{ startMs: 0 }] });
  await call('startProcess', 'web');
  expect(await call('sendProcessStdin', 'web', 'grüße')).toBe(true);
  expect(os.written[0]).toEqual(Buffer.from('grüße'));
  os.nextWritten = 'full';
  await expect(call('sendProcessStdin', 'web', 'x')).rejects.toMatchObject({ faultCode: 30 });
  os.nextWritten = 'closed';
  await expect(call('sendProcessStdin', 'web', 'x')).rejects.toMatchObject({ faultString: 'NO_FILE: web' });
});

test('RPC-047 a multicall entry that is no call, or a bug, is a fault in its place', async () => {
  const { call } = rpcBench({ web: [{}] });
  expect(
    await call('system.multicall', [
      'x',
      { methodName: 7 },
      { methodName: 'supervisor.getPID', params: 'x' },
    ]),
  ).toEqual([
    { faultCode: 2, faultString: 'INCORRECT_PARAMETERS' },
    { faultCode: 2, faultString: 'INCORRECT_PARAMETERS' },
    { faultCode: 2, faultString: 'INCORRECT_PARAMETERS' },
  ]);
  const [bug] = (await call('system.multicall', [{ methodName: 'supervisor.reloadConfig' }])) as {
    faultString: string;
  }[];
  expect(bug?.faultString).toBe('FAILED: Error:not part of this bench');
});

test('abuse 10: multicalls that wait keep no more than 64 MB of results together, and a small one is still served', async () => {
  const { clock } = rpcBench({});
  const kept = new KeptResults();
  const text = 'x'.repeat(8 * 1024 * 1024 - 64);
  const ends: (() => void)[] = [];
  const call = (method: string) =>
    method === 'wait' ? new Promise<unknown>((end) => ends.push(() => end(true))) : Promise.resolve(text);
  const run = async (...names: string[]) => {
    const calls = names.map((methodName) => ({ methodName }));
    return (await multicall(calls, call, clock, kept)).map((result) => result === text);
  };
  const three = ['read', 'read', 'read'];
  const [first, second] = [run(...three, 'wait', ...three), run(...three, 'wait')];
  await vi.waitFor(() => expect(ends.length).toBe(2));
  expect(await run('read', 'read', 'read')).toEqual([true, true, false]);
  ends[0]?.();
  expect(await first).toEqual([true, true, true, false, true, true, false]);
  ends[1]?.();
  expect(await second).toEqual([true, true, true, false]);
  expect([kept.take(0, 64 * 1024 * 1024), kept.take(0, 1_000), kept.take(0, 200_000)]).toEqual([
    true,
    true,
    false,
  ]);
});

test('abuse 1: only names in the table are methods', async () => {
  const { call } = rpcBench({ web: [{}] });
  const names = [
    'constructor.constructor',
    'supervisor.__proto__',
    '__proto__.x',
    'supervisor.toString',
    'supervisor.',
    '.',
    '',
  ];
  names.push(
    'supervisor.supervisord.options',
    'system.run',
    'supervisor.startProcess.call',
    'supervisor.start\nProcess',
  );
  for (const name of names) await expect(call(name), name).rejects.toMatchObject({ faultCode: 1 });
});
