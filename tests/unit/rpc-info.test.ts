import { expect, test } from 'vitest';
import { compareText } from '../../agent/src/rpc/compare-text.ts';
import { describeProcess, formatStopTime, formatUptime } from '../../agent/src/rpc/description.ts';
import { flag, integer } from '../../agent/src/rpc/params.ts';
import { encodeResponse } from '../../agent/src/xmlrpc/index.ts';
import { rpcBench } from '../support/rpc-bench.ts';

test('RPC-099 uptime is written as H:MM:SS with days in front', () => {
  const written = [-5, 0, 59, 3_661, 86_399, 86_400, 90_061, 864_000].map(formatUptime);
  expect(written).toEqual([
    '0:00:00',
    '0:00:00',
    '0:00:59',
    '1:01:01',
    '23:59:59',
    '1 day, 0:00:00',
    '1 day, 1:01:01',
    '10 days, 0:00:00',
  ]);
});

test('RPC-101 a stop time is written as Mon DD HH:MM AM', () => {
  const midnight = new Date(2026, 0, 5, 0, 7).getTime() / 1000;
  const noon = new Date(2026, 11, 31, 12, 0).getTime() / 1000;
  expect([formatStopTime(midnight), formatStopTime(noon)]).toEqual(['Jan 05 12:07 AM', 'Dec 31 12:00 PM']);
});

test('RPC-018 RPC-096 times are whole seconds that fit 32 bits, a signal is -1', async () => {
  const { call, clock, exit, os } = rpcBench({ web: [{ startMs: 0, autorestart: 'never' }] });
  clock.stepWall(2 ** 31 * 1000);
  await call('startProcess', 'web');
  expect(await call('getProcessInfo', 'web')).toMatchObject({
    start: 2_147_483_647,
    now: 2_147_483_647,
    exitstatus: 0,
  });
  exit('web', 3);
  expect(await call('getProcessInfo', 'web')).toMatchObject({ stop: 2_147_483_647, exitstatus: 3, pid: 0 });
  expect(os.requests).toHaveLength(1);
});

test('RPC-094 kept text says what the struct says, whatever happens to the process and however late it is asked', async () => {
  const { call, clock, exit } = rpcBench({ 'w<é': [{ startMs: 1_000, autorestart: 'never' }] });
  const texts: string[] = [];
  const ask = async () => {
    const info = await call('getAllProcessInfo');
    const text = encodeResponse(info).toString();
    expect(text).toBe(encodeResponse(JSON.parse(JSON.stringify(info))).toString());
    texts.push(text);
  };
  await ask();
  await call('startProcess', 'w<é', false);
  await ask();
  clock.advance(1_000);
  await ask();
  clock.advance(61_000);
  await ask();
  exit('w<é', 9);
  await ask();
  expect(new Set(texts).size).toBe(texts.length);
});

test('RPC-100 a failure without a text says where to look', () => {
  const { group } = rpcBench({ web: [{}] });
  expect(group).toBeTypeOf('function');
  const failed = { name: 'web', state: 'FATAL', spawnError: '' } as Parameters<typeof describeProcess>[0];
  expect(describeProcess(failed, { start: 1, stop: 1, now: 1 })).toBe('unknown error (try "tail web")');
});

test('RPC-104 names sort by code point', () => {
  expect(['b', 'a', 'B', 'ab', '\u{1f600}', '\uffee', 'é'].sort(compareText)).toEqual([
    'B',
    'a',
    'ab',
    'b',
    'é',
    '\uffee',
    '\u{1f600}',
  ]);
});

test('RPC-118 offsets are integers in any clothing, nothing else', () => {
  expect([integer(5), integer('-5'), integer(' 7 '), integer(1.9), integer(true)]).toEqual([5, -5, 7, 1, 1]);
  for (const value of ['x', '', '1.5', null, undefined, [], {}, Number.NaN])
    expect(() => integer(value)).toThrow('INCORRECT_PARAMETERS');
});

test('a flag is on unless it is given as nothing', () => {
  expect([undefined, true, 1, 'x', [0]].map(flag)).toEqual([true, true, true, true, true]);
  expect([false, 0, '', [], {}, null].map(flag)).toEqual([false, false, false, false, false, false]);
});
