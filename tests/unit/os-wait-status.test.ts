import { expect, test } from 'vitest';
import { signalName } from '../../agent/src/os/signals.ts';
import { decodeWaitStatus } from '../../agent/src/os/wait-status.ts';
import { describeEnd, exitStatus } from '../../agent/src/process/describe-end.ts';

test.each([
  [0x0000, 'exit status 0', 0],
  [0x0300, 'exit status 3', 3],
  [0xff00, 'exit status 255', 255],
  [0x0009, 'terminated by SIGKILL', -1],
  [0x008b, 'terminated by SIGSEGV (core dumped)', -1],
  [0x0023, 'terminated by signal 35', -1],
])('PROC-043 PROC-045 wait status %i is "%s"', (status, text, code) => {
  const end = decodeWaitStatus(status);
  expect([describeEnd(end), exitStatus(end)]).toEqual([text, code]);
});

test('signals with two names carry the one supervisord prints', () => {
  expect([6, 15, 29, 34, 64].map(signalName)).toEqual([
    'SIGABRT',
    'SIGTERM',
    'SIGPOLL',
    'SIGRTMIN',
    'SIGRTMAX',
  ]);
});
