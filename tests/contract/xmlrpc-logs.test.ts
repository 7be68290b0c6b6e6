import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'vitest';
import { faultOf, sharedSupervisor } from '../support/shared-supervisor.ts';
import { eachSupervisor, startSupervisor } from '../support/supervisors.ts';
import { until } from '../support/until.ts';

const CONFIG = `
[program:w]
command=sh -c 'printf 0123456789; printf ERR >&2; exec sleep 1000'
startsecs=0
stdout_logfile={dir}/w.out
stderr_logfile={dir}/w.err
[program:none]
command=sleep 1000
startsecs=0
stdout_logfile=NONE
stderr_logfile=NONE
[program:gone]
command=sleep 1000
autostart=false
stdout_logfile={dir}/gone.out
[program:wild]
command=sh -c 'printf "\\033[31mred\\000\\303"; exec sleep 1000'
startsecs=0
stdout_logfile={dir}/wild.out
`;

eachSupervisor((kind) => {
  const at = sharedSupervisor(kind, { config: CONFIG });
  const rpc = (method: string, ...params: unknown[]) => at().rpc(method, ...params);
  const fault = (method: string, ...params: unknown[]) => faultOf(rpc(method, ...params));
  const written = () =>
    until('both logs', () => at().read('w.out').length === 10 && at().read('w.err').length === 3);

  test('RPC-112 RPC-113 RPC-114 RPC-115 RPC-116 RPC-117 RPC-118 reading by offset and length', async (t) => {
    await written();
    const expected: [unknown, unknown, string][] = [
      [0, 0, '0123456789'],
      [4, 0, '456789'],
      [2, 3, '234'],
      [8, 100, '89'],
      [10, 5, ''],
      [50, 0, ''],
      [-3, 0, '789'],
      [-50, 0, '0123456789'],
      ['2', '3', '234'],
    ];
    for (const [offset, length, text] of expected) {
      t.expect([offset, length, await rpc('readProcessStdoutLog', 'w', offset, length)]).toEqual([
        offset,
        length,
        text,
      ]);
    }
    t.expect(await rpc('readProcessLog', 'w', -2, 0)).toBe('89');
    t.expect(await rpc('readProcessStderrLog', 'w', 0, 0)).toBe('ERR');
    t.expect(await fault('readProcessStdoutLog', 'w', -3, 1)).toBe('3 BAD_ARGUMENTS');
    t.expect(await fault('readProcessStdoutLog', 'w', 0, -1)).toBe('3 BAD_ARGUMENTS');
  });

  test('RPC-119 RPC-127 no log and a missing log', async (t) => {
    t.expect(await fault('readProcessStdoutLog', 'none', 0, 0)).toBe('20 NO_FILE');
    t.expect(await fault('readProcessStdoutLog', 'gone', 0, 0)).toBe(`20 NO_FILE: ${at().dir}/gone.out`);
    t.expect(await rpc('tailProcessStdoutLog', 'none', 5, 5)).toEqual(['', 0, false]);
    t.expect(await rpc('tailProcessStderrLog', 'none', 5, 5)).toEqual(['', 0, false]);
    t.expect(await fault('readProcessStdoutLog', 'nosuch', 0, 0)).toBe('10 BAD_NAME: nosuch');
  });

  test('RPC-122 RPC-123 RPC-124 RPC-125 RPC-126 tailing by offset and length', async (t) => {
    await written();
    const expected: [number, number, [string, number, boolean]][] = [
      [0, 4, ['6789', 10, true]],
      [0, 0, ['', 10, true]],
      [0, 10, ['0123456789', 10, false]],
      [5, 5, ['56789', 10, false]],
      [5, 8, ['23456789', 10, false]],
      [0, 50, ['0123456789', 10, false]],
      [10, 5, ['', 10, false]],
      [99, 5, ['', 10, false]],
    ];
    for (const [offset, length, answer] of expected) {
      t.expect([offset, length, await rpc('tailProcessStdoutLog', 'w', offset, length)]).toEqual([
        offset,
        length,
        answer,
      ]);
    }
    t.expect(await rpc('tailProcessLog', 'w', 0, 2)).toEqual(['89', 10, true]);
    t.expect(await rpc('tailProcessStderrLog', 'w', 0, 9)).toEqual(['ERR', 3, false]);
  });

  if (kind === 'agent') {
    test('A30 RPC-121 RPC-167 RPC-168 whatever a child prints, the reply is well-formed', async (t) => {
      await until('the log', () => at().read('wild.out').length > 0);
      t.expect(await rpc('readProcessStdoutLog', 'wild', 0, 0)).toBe('\ufffd[31mred\ufffd\ufffd');
      t.expect(await rpc('readProcessStdoutLog', 'wild', -1, 0)).toBe('\ufffd');
      t.expect(await rpc('tailProcessStdoutLog', 'wild', 0, 1)).toEqual(['\ufffd', 10, true]);
    });
  }

  test('RPC-129 RPC-132 the main log is read and cleared', async (t) => {
    const own = await startSupervisor(t, kind, { config: '' });
    t.expect(await own.rpc('readLog', 0, 0)).toBe(own.log());
    t.expect(await own.rpc('readMainLog', -5, 0)).toBe(own.log().slice(-5));
    t.expect(await own.rpc('clearLog')).toBe(true);
    t.expect(own.log()).not.toContain('started with pid');
    rmSync(join(own.dir, 'main.log'));
    t.expect(await faultOf(own.rpc('clearLog'))).toBe('20 NO_FILE');
    t.expect(await faultOf(own.rpc('readLog', 0, 0))).toBe(`20 NO_FILE: ${own.dir}/main.log`);
  });

  test('RPC-130 RPC-131 RPC-133 RPC-134 clearing empties the logs of what has pipes', async (t) => {
    const own = await startSupervisor(t, kind, { config: CONFIG, files: { 'gone.out': 'kept' } });
    await until('the log', () => own.read('w.out').length === 10 && own.read('w.err').length === 3);
    t.expect(await faultOf(own.rpc('clearProcessLogs', 'w:*'))).toBe('10 BAD_NAME: w:*');
    t.expect(await own.rpc('clearProcessLogs', 'w')).toBe(true);
    t.expect([own.read('w.out'), own.read('w.err'), existsSync(join(own.dir, 'w.out'))]).toEqual([
      '',
      '',
      true,
    ]);
    t.expect(await own.rpc('clearProcessLog', 'gone')).toBe(true);
    const entry = (name: string) => ({ name, group: name, status: 80, description: 'OK' });
    t.expect(await own.rpc('clearAllProcessLogs')).toEqual(['gone', 'none', 'w', 'wild'].map(entry));
    t.expect(own.read('gone.out')).toBe('kept');
  });

  if (kind === 'agent') {
    test('RPC-169 the answer of a batch is whole, whatever the names', async (t) => {
      const own = await startSupervisor(t, kind, {
        config: '[program:grüße-日本]\ncommand=cat\nautostart=false\nstartsecs=0\n',
      });
      t.expect(await own.rpc('startAllProcesses')).toEqual([
        { name: 'grüße-日本', group: 'grüße-日本', status: 80, description: 'OK' },
      ]);
    });
  }
});
