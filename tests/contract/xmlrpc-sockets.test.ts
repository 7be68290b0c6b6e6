import { createHash } from 'node:crypto';
import { statSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { test } from 'vitest';
import { callXml, request } from '../support/raw-http.ts';
import {
  DAEMON,
  eachSupervisor,
  freePort,
  headOf,
  run,
  startSupervisor,
  tempDir,
  writeSetup,
} from '../support/supervisors.ts';

const SHA = `{SHA}${createHash('sha1').update('se:cret').digest('hex')}`;
const basic = (text: string, scheme = 'Basic') => ({
  Authorization: `${scheme} ${Buffer.from(text).toString('base64')}`,
});

eachSupervisor((kind) => {
  for (const [word, password] of [
    ['plain', 'se:cret'],
    ['SHA', SHA],
  ] as const) {
    test(`RPC-135 RPC-136 RPC-137 RPC-138 RPC-140 a ${word} password guards every URL`, async (t) => {
      const port = await freePort();
      await startSupervisor(t, kind, {
        config: `[inet_http_server]\nport=127.0.0.1:${port}\nusername=joe\npassword=${password}\n`,
      });
      const urls: [string, string, string?][] = [
        ['GET', '/'],
        ['GET', '/mainlogtail'],
        ['GET', '/logtail/x'],
        ['GET', '/stylesheets/supervisor.css'],
        ['POST', '/RPC2', callXml('supervisor.getState')],
      ];
      for (const [method, path, body] of urls) {
        const wrong = [
          {},
          basic('joe:wrong'),
          basic('ann:se:cret'),
          basic(':'),
          { Authorization: 'Bearer x' },
          basic(`joe:${SHA}`),
        ];
        const answers = await Promise.all(
          wrong.map((headers) => request(port, method, path, { headers, ...(body ? { body } : {}) })),
        );
        for (const [at, { status, headers }] of answers.entries()) {
          t.expect([path, wrong[at], status]).toEqual([path, wrong[at], 401]);
          t.expect(headers).toMatchObject({
            'www-authenticate': 'Basic realm="default"',
            connection: 'close',
          });
        }
      }
      for (const scheme of ['Basic', 'basic', 'BASIC']) {
        t.expect((await request(port, 'GET', '/', { headers: basic('joe:se:cret', scheme) })).status).toBe(
          200,
        );
      }
    });
  }

  test('RPC-141 CFG-153 the socket has the configured mode', async (t) => {
    const own = await startSupervisor(t, kind, { config: '[unix_http_server]\nchmod=0640\n' });
    t.expect((statSync(own.socketPath).mode & 0o777).toString(8)).toBe('640');
  });

  test('RPC-142 a stale socket file is replaced, and that is said', async (t) => {
    const { dir, configPath } = writeSetup(t, { config: '' });
    await run([
      process.execPath,
      '-e',
      `require('net').createServer().listen('${dir}/s.sock', () => process.kill(process.pid, 9))`,
    ]);
    t.expect(statSync(join(dir, 's.sock')).isSocket()).toBe(true);
    const config = `${headOf(dir)}`;
    const own = await startSupervisor(t, kind, {
      config: config.replaceAll(`${dir}/main.log`, `${dir}/other.log`),
      headless: true,
      noWait: true,
    });
    t.expect(configPath).not.toBe(own.configPath);
    const { err } = await new Promise<{ err: string }>((done) => {
      let text = '';
      own.child.stderr?.on('data', (chunk) => {
        text += chunk;
        if (text.includes('\n')) done({ err: text });
      });
    });
    t.expect(err).toContain(`Unlinking stale socket ${dir}/s.sock\n`);
  });

  test('RPC-143 CFG-161 a live socket or a taken port is a usage error, and the owner is unharmed', async (t) => {
    const first = await startSupervisor(t, kind, { config: '' });
    const [file, ...args] = DAEMON[kind] as [string, ...string[]];
    const text =
      'Error: Another program is already listening on a port that one of our HTTP servers is configured to use.  Shut this program down first before starting supervisord.';
    const second = await run([file, ...args, '-n', '-c', first.configPath], { cwd: first.dir });
    t.expect([second.code, second.err]).toEqual([2, t.expect.stringContaining(text)]);
    t.expect(await first.rpc('getPID')).toBe(first.pid);
    const taken = createServer().listen(0, '127.0.0.1');
    await new Promise((done) => taken.once('listening', done));
    t.onTestFinished(() => void taken.close());
    const port = (taken.address() as { port: number }).port;
    const dir = tempDir(t);
    const setup = writeSetup(
      { onTestFinished: t.onTestFinished },
      { config: `[inet_http_server]\nport=127.0.0.1:${port}\n` },
    );
    const third = await run([file, ...args, '-n', '-c', setup.configPath], { cwd: dir });
    t.expect([third.code, third.err]).toEqual([2, t.expect.stringContaining(text)]);
  });
});
