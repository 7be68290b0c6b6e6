import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openSyslog } from '../../agent/src/logs/syslog.ts';
import { systemClock } from '../../agent/src/os/clock.ts';
import { datagramSender } from '../../agent/src/os/syslog.ts';
import { type Lifetime, tempDir } from '../support/supervisors.ts';
import { until } from '../support/until.ts';

const RECEIVER = `import os, socket, sys
listener = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
if os.path.exists(sys.argv[1]): os.unlink(sys.argv[1])
listener.bind(sys.argv[1])
with open(sys.argv[2], 'ab', buffering=0) as log:
    log.write(b'up\\n')
    while True: log.write(listener.recv(65536) + b'\\n')
`;

/** A program that binds a datagram socket and writes what it gets to a file, one message a line. */
async function receiver(t: Lifetime, dir: string) {
  const socketPath = join(dir, 'log.sock');
  const file = join(dir, `got-${Math.random()}`);
  const child = spawn('/usr/bin/python3', ['-c', RECEIVER, socketPath, file], { stdio: 'inherit' });
  const gone = new Promise((done) => child.on('exit', done));
  const stop = () => {
    child.kill('SIGKILL');
    return gone.then(() => {});
  };
  t.onTestFinished(stop);
  const got = () => (existsSync(file) ? readFileSync(file, 'utf8').split('\n').slice(1, -1) : []);
  await until('receiver up', () => existsSync(file) && readFileSync(file, 'utf8').startsWith('up\n'));
  return { socketPath, got, stop };
}

test('PROC-106 a line reaches the syslog socket as facility USER with the daemon as its ident', async (t) => {
  const { socketPath, got } = await receiver(t, tempDir(t));
  const syslog = openSyslog({ ident: 'fleetvisord', clock: systemClock, path: socketPath });
  syslog.write('web hello é');
  await until('received', () => got().length === 1);
  expect(got()[0]).toMatch(/^<14>[A-Z][a-z]{2} [ 123]\d \d\d:\d\d:\d\d fleetvisord: web hello é$/);
});

test('a syslog that was restarted is found again, and one that is away costs lines and nothing else', async (t) => {
  const dir = tempDir(t);
  const first = await receiver(t, dir);
  const sender = datagramSender(first.socketPath);
  expect(sender.send(Buffer.from('one'))).toBe(true);
  await until('received', () => first.got().includes('one'));
  await first.stop();
  expect(sender.send(Buffer.from('lost'))).toBe(false);
  const second = await receiver(t, dir);
  expect(sender.send(Buffer.from('two'))).toBe(true);
  await until('received', () => second.got().includes('two'));
});

test('a socket that does not exist is no error', (t) => {
  expect(datagramSender(join(tempDir(t), 'nowhere')).send(Buffer.from('x'))).toBe(false);
});
