import { renameSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'vitest';
import { connectTo, parseAnswer, request } from '../support/raw-http.ts';
import { sharedSupervisor } from '../support/shared-supervisor.ts';
import { eachSupervisor, type Lifetime, startSupervisor } from '../support/supervisors.ts';
import { until } from '../support/until.ts';

const CONFIG = `
[program:cat]
command=cat
startsecs=0
stdout_logfile={dir}/cat.out
stderr_logfile=NONE
[program:old]
command=cat
autostart=false
stdout_logfile={dir}/old.out
[program:gone]
command=cat
autostart=false
stdout_logfile={dir}/gone.out
[group:g]
programs=m
[program:m]
command=sh -c 'echo out; echo err >&2; exec sleep 1000'
startsecs=0
`;

/** Follows a URL; what came so far can be looked at any time. */
function follow(t: Lifetime, path: string, socketPath: string, version = '1.1') {
  const socket = connectTo(socketPath);
  let got = '';
  socket.on('data', (chunk) => {
    got += chunk.toString('latin1');
  });
  socket.on('error', () => {});
  socket.write(`GET ${path} HTTP/${version}\r\nHost: x\r\n\r\n`);
  t.onTestFinished(() => void socket.destroy());
  return { answer: () => parseAnswer(got), text: () => parseAnswer(got).body };
}

eachSupervisor((kind) => {
  const at = sharedSupervisor(kind, { config: CONFIG, files: { 'old.out': `${'x'.repeat(2000)}END` } });

  test('RPC-144 RPC-145 RPC-147 a log tail is its last 1024 bytes and then what is written', async (t) => {
    const old = follow(t, '/logtail/old', at().socketPath);
    await until('the tail', () => old.text() === `${'x'.repeat(1021)}END`);
    t.expect(old.answer().status).toBe(200);
    t.expect(old.answer().headers).toMatchObject({
      'content-type': 'text/plain;charset=utf-8',
      'transfer-encoding': 'chunked',
      'x-accel-buffering': 'no',
      'last-modified': t.expect.stringMatching(/ GMT$/),
    });
    const live = follow(t, '/logtail/cat/stdout', at().socketPath);
    await until('the header', () => live.answer().status === 200);
    await at().rpc('sendProcessStdin', 'cat', 'hello\n');
    await until('the line', () => live.text().endsWith('hello\n'));
    const escaped = follow(t, '/logtail/g%3Am/stderr', at().socketPath);
    await until('stderr', () => escaped.text() === 'err\n');
  });

  test('RPC-146 the main log can be followed', async (t) => {
    const main = follow(t, '/mainlogtail', at().socketPath);
    await until('the log', () => main.text().includes('INFO'));
  });

  test('RPC-152 RPC-153 what has no log is 404, other verbs are 400', async (t) => {
    for (const path of [
      '/logtail/nosuch',
      '/logtail/g:*',
      '/logtail/cat/stdxxx',
      '/logtail/cat/stderr',
      '/logtail/gone',
    ]) {
      t.expect([path, (await request(at().socketPath, 'GET', path)).status]).toEqual([path, 404]);
    }
    t.expect((await request(at().socketPath, 'POST', '/logtail/cat', { body: 'x' })).status).toBe(400);
    t.expect((await request(at().socketPath, 'POST', '/mainlogtail', { body: 'x' })).status).toBe(400);
    if (kind === 'agent') t.expect((await request(at().socketPath, 'GET', '/logtail')).status).toBe(404);
  });

  test('RPC-149 a file that is replaced is followed from its start', async (t) => {
    const own = await startSupervisor(t, kind, { config: CONFIG });
    const tail = follow(t, '/logtail/cat', own.socketPath);
    await until('the header', () => tail.answer().status === 200);
    await own.rpc('sendProcessStdin', 'cat', 'before\n');
    await until('the line', () => tail.text() === 'before\n');
    renameSync(join(own.dir, 'cat.out'), join(own.dir, 'cat.out.old'));
    own.child.kill('SIGUSR2');
    await until(
      'a new file',
      () => own.read('cat.out.old') === 'before\n' && own.log().includes('logreopen'),
    );
    await own.rpc('sendProcessStdin', 'cat', 'after\n');
    await until('the new file', () => tail.text() === 'before\nafter\n');
    await own.rpc('clearProcessLogs', 'cat');
    await own.rpc('sendProcessStdin', 'cat', 'cleared\n');
    await until('the cleared file', () => tail.text() === 'before\nafter\ncleared\n');
  });

  if (kind === 'agent') {
    test('RPC-148 RPC-151 an HTTP/1.0 client is served at once, without chunks', async (t) => {
      const own = await startSupervisor(t, kind, { config: CONFIG });
      const tail = follow(t, '/logtail/cat', own.socketPath, '1.0');
      await until('the header', () => tail.answer().status === 200);
      t.expect(tail.answer().headers['transfer-encoding']).toBeUndefined();
      await own.rpc('sendProcessStdin', 'cat', 'hello\n');
      await until('the line', () => tail.text() === 'hello\n');
    });

    test('RPC-150 a file that shrinks is told and followed from its start', async (t) => {
      const own = await startSupervisor(t, kind, { config: CONFIG });
      const tail = follow(t, '/logtail/cat', own.socketPath);
      await own.rpc('sendProcessStdin', 'cat', 'line one\n');
      await until('the line', () => tail.text() === 'line one\n');
      truncateSync(join(own.dir, 'cat.out'), 0);
      await own.rpc('sendProcessStdin', 'cat', 'two\n');
      await until('the rest', () => tail.text() === 'line one\n==> File truncated <==\ntwo\n');
    });
  }
});
