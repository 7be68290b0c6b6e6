import type { Socket } from 'node:net';
import { hostname } from 'node:os';
import { describe, test } from 'vitest';
import { openFiles, residentMiB } from '../support/process-usage.ts';
import { callXml, connectTo, parseAnswer, request, sendRaw } from '../support/raw-http.ts';
import { mutate, seeded } from '../support/seeded.ts';
import { freePort, type Lifetime, startSupervisor } from '../support/supervisors.ts';
import { until } from '../support/until.ts';

const CALM = '[program:calm]\ncommand=sleep 1000\nstartsecs=0\n';
const MiB = 1024 * 1024;

/** A connection that says something and then nothing more; `closed` once the other end has had enough. */
function silent(
  t: Lifetime,
  address: string | number,
  bytes: string,
): { readonly socket: Socket; closed: boolean; got: string } {
  const socket = connectTo(address);
  const client = { socket, closed: false, got: '' };
  socket.on('error', () => {});
  socket.on('close', () => {
    client.closed = true;
  });
  socket.on('data', (chunk) => {
    client.got += chunk.toString('latin1');
  });
  socket.write(bytes);
  t.onTestFinished(() => void socket.destroy());
  return client;
}

describe.concurrent('a hostile client', () => {
  test('A59 a body of 64 MB is refused by its header, without memory', async (t) => {
    const agent = await startSupervisor(t, 'agent', { config: CALM });
    const before = residentMiB(agent.pid);
    const client = silent(
      t,
      agent.socketPath,
      `POST /RPC2 HTTP/1.1\r\nHost: x\r\nContent-Length: ${64 * MiB}\r\n\r\n`,
    );
    for (let i = 0; i < 64 && !client.closed; i++) client.socket.write(Buffer.alloc(MiB, 'x'));
    await until('413', () => client.got.includes(' 413 '));
    await until('closed', () => client.closed);
    t.expect(await agent.rpc('getPID')).toBe(agent.pid);
    t.expect(residentMiB(agent.pid) - before).toBeLessThan(64);
  });

  test('A59 a header of 16 MB is refused at 16 KiB', async (t) => {
    const agent = await startSupervisor(t, 'agent', { config: CALM });
    const before = residentMiB(agent.pid);
    const client = silent(t, agent.socketPath, `GET / HTTP/1.1\r\nHost: x\r\nX-Long: `);
    client.socket.write(Buffer.alloc(16 * MiB, 'x'));
    await until('closed', () => client.closed);
    t.expect(client.got === '' || client.got.includes(' 431 ')).toBe(true);
    t.expect(await agent.rpc('getPID')).toBe(agent.pid);
    t.expect(residentMiB(agent.pid) - before).toBeLessThan(64);
    const many = Array.from({ length: 3000 }, (_, i) => `H${i}: ${i}`).join('\r\n');
    t.expect(parseAnswer(await sendRaw(agent.socketPath, `GET / HTTP/1.1\r\n${many}\r\n\r\n`)).status).toBe(
      431,
    );
  });

  test('RPC-173 200 slow sockets delay nobody and are gone within their time', async (t) => {
    const port = await freePort();
    const agent = await startSupervisor(t, 'agent', {
      config: `${CALM}[inet_http_server]\nport=127.0.0.1:${port}\n`,
    });
    const slow = Array.from({ length: 200 }, (_, i) =>
      silent(
        t,
        port,
        ['', 'POST /RPC2 HTTP/1.1\r\nX: ', 'POST /RPC2 HTTP/1.1\r\nContent-Length: 100\r\n\r\n<'][i % 3] ??
          '',
      ),
    );
    await until('all of them connected', () => slow.every(({ socket }) => !socket.connecting));
    const times: number[] = [];
    for (let i = 0; i < 50; i++) {
      const asked = performance.now();
      t.expect((await request(port, 'POST', '/RPC2', { body: callXml('supervisor.getState') })).status).toBe(
        200,
      );
      times.push(performance.now() - asked);
    }
    t.expect(times.sort((a, b) => a - b)[25]).toBeLessThan(250); // other tests take their share of the machine
    await until('all of them closed', () => slow.every(({ closed }) => closed), { withinMs: 14_000 });
    t.expect((await agent.rpc('getState')).statename).toBe('RUNNING');
  });

  test('RPC-173 more connections than there is room for push out the silent ones, never those being answered', async (t) => {
    const agent = await startSupervisor(t, 'agent', {
      config: '[program:w]\ncommand=sleep 99\nautostart=false\nstartsecs=6\n',
    });
    const waiting = agent.rpc('startProcess', 'w');
    await agent.state('w', 'STARTING');
    const crowd = Array.from({ length: 600 }, () => silent(t, agent.socketPath, ''));
    await until('some pushed out', () => crowd.filter(({ closed }) => closed).length >= 150);
    t.expect((await request(agent.socketPath, 'GET', '/ok.html')).body).toBe('OK');
    t.expect(await waiting).toBe(true);
  });

  test('A54 20 followers that never read cost no memory, and their descriptors come back', async (t) => {
    const agent = await startSupervisor(t, 'agent', {
      config:
        '[program:flood]\ncommand=cat\nstartsecs=0\nstdout_logfile={dir}/flood.out\nstdout_logfile_maxbytes=0\n[program:other]\ncommand=cat\nstartsecs=0\nstdout_logfile={dir}/other.out\n',
    });
    for (const name of ['flood', 'other']) await agent.state(name, 'RUNNING');
    const [files, memory] = [openFiles(agent.pid), residentMiB(agent.pid)];
    const followers = Array.from({ length: 20 }, () => {
      const socket = connectTo(agent.socketPath);
      socket.on('error', () => {});
      socket.pause();
      socket.write('GET /logtail/flood HTTP/1.1\r\nHost: x\r\n\r\n');
      return socket;
    });
    const text = `${'y'.repeat(63)}\n`.repeat(8 * 1024);
    for (let i = 1; i <= 40; i++) {
      await agent.rpc('sendProcessStdin', 'flood', text);
      await until('it is written', () => agent.read('flood.out').length === i * text.length);
    }
    await agent.rpc('sendProcessStdin', 'other', 'heard\n');
    await until('the neighbour is heard', () => agent.read('other.out') === 'heard\n');
    t.expect(residentMiB(agent.pid) - memory).toBeLessThan(64);
    for (const socket of followers) socket.destroy();
    await until('descriptors are back', () => openFiles(agent.pid) <= files + 1, { withinMs: 8_000 });
  });

  test('abuse 11: requests sent ahead of their answers take no more than one follower, and go with their connection', async (t) => {
    const agent = await startSupervisor(t, 'agent', {
      config: `${CALM}stdout_logfile={dir}/calm.out\n`,
    });
    await agent.state('calm', 'RUNNING');
    await agent.state('calm', 'RUNNING');
    const [files, follow] = [openFiles(agent.pid), 'GET /logtail/calm HTTP/1.1\r\n\r\n'];
    const few = silent(t, agent.socketPath, follow.repeat(20));
    await until('the first is answered', () => few.got.includes('200 OK'));
    t.expect(openFiles(agent.pid)).toBeLessThanOrEqual(files + 2);
    const many = silent(t, agent.socketPath, follow.repeat(2_000));
    await until('closed', () => many.closed);
    few.socket.destroy();
    await until('descriptors are back', () => openFiles(agent.pid) <= files);
    const act = 'POST /index.html?processname=calm&action=stop HTTP/1.1\r\nContent-Length: 0\r\n\r\n';
    const last = 'PUT / HTTP/1.1\r\nContent-Length: 0\r\n\r\n';
    t.expect(await sendRaw(agent.socketPath, last + act)).toMatch(/^HTTP.1.1 400 /);
    t.expect((await agent.rpc('getProcessInfo', 'calm')).statename).toBe('RUNNING');
  });

  test('abuse 4: without a password, a browser is served only under a name of the machine', async (t) => {
    const port = await freePort();
    const agent = await startSupervisor(t, 'agent', {
      config: `${CALM}[inet_http_server]\nport=127.0.0.1:${port}\n`,
    });
    const browser = { 'User-Agent': 'Mozilla/5.0 (X11)' };
    const ask = async (path: string, headers: Record<string, string>) =>
      (
        await request(port, path === '/RPC2' ? 'POST' : 'GET', path, {
          headers,
          ...(path === '/RPC2' ? { body: callXml('supervisor.getState') } : {}),
        })
      ).status;
    const rebound = { ...browser, Host: 'page.example', Origin: 'http://page.example' };
    for (const path of ['/', '/RPC2', '/logtail/calm', '/mainlogtail', '/status.json', '/nosuch'])
      t.expect([path, await ask(path, rebound)]).toEqual([path, 403]);
    const refused = await request(port, 'GET', '/', { headers: rebound });
    t.expect(refused.body).toContain('set username and password');
    for (const Host of [
      `127.0.0.1:${port}`,
      `localhost:${port}`,
      '[::1]:9001',
      hostname(),
      `${hostname()}.lan`,
    ])
      t.expect([Host, await ask('/', { ...browser, Host })]).toEqual([Host, 200]);
    t.expect(await ask('/RPC2', { Host: 'page.example', 'User-Agent': 'xmlrpc' })).toBe(200);
    t.expect((await agent.rpc('getState')).statename).toBe('RUNNING');
  });

  test('abuse 11: who is not known is answered before the body is read', async (t) => {
    const port = await freePort();
    await startSupervisor(t, 'agent', {
      config: `${CALM}[inet_http_server]\nport=127.0.0.1:${port}\nusername=u\npassword=p\n`,
    });
    const got = await sendRaw(port, 'POST /RPC2 HTTP/1.1\r\nContent-Length: 100000\r\n\r\n', (text) =>
      text.includes('</body>'),
    );
    t.expect(parseAnswer(got).status).toBe(401);
  });

  test('abuse 15: guessing passwords is slowed, knowing one is not', async (t) => {
    const port = await freePort();
    await startSupervisor(t, 'agent', {
      config: `${CALM}[inet_http_server]\nport=127.0.0.1:${port}\nusername=u\npassword=p\n`,
    });
    const ask = async (password: string) => {
      const asked = performance.now();
      const headers = { Authorization: `Basic ${Buffer.from(`u:${password}`).toString('base64')}` };
      const { status } = await request(port, 'GET', '/healthz', { headers });
      return { status, tookMs: performance.now() - asked };
    };
    for (const leastMs of [90, 190, 390]) {
      const { status, tookMs } = await ask('guess');
      t.expect([status, tookMs > leastMs]).toEqual([401, true]);
    }
    t.expect((await ask('p')).status).toBe(200);
    const flood = await Promise.all(Array.from({ length: 40 }, () => ask('guess')));
    t.expect(flood.every(({ status }) => status === 401)).toBe(true);
  });

  test('abuse 10: garbled requests get an answer or an end, and children never notice', async (t) => {
    const agent = await startSupervisor(t, 'agent', { config: CALM });
    const { pid } = await agent.state('calm', 'RUNNING');
    const random = seeded(20_260_131);
    const bodies = [
      callXml('supervisor.getProcessInfo', '<string>calm</string>'),
      callXml(
        'system.multicall',
        '<array><data><value><struct><member><name>methodName</name><value>supervisor.getState</value></member></struct></value></data></array>',
      ),
      callXml('supervisor.readLog', '<int>0</int>', '<int>10</int>'),
    ];
    const sources = [
      ...bodies.map(
        (body) =>
          `POST /RPC2 HTTP/1.1\r\nHost: x\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`,
      ),
      'GET /index.html?processname=calm&action=refresh HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n',
      'GET /tail.html?processname=calm&limit=2000 HTTP/1.0\r\nConnection: keep-alive\r\n\r\n',
    ].map((source) => Buffer.from(source));
    const before = residentMiB(agent.pid);
    for (let round = 0; round < 40; round++) {
      const batch = Array.from({ length: 10 }, (_, i) =>
        mutate(sources[i % sources.length] ?? Buffer.alloc(0), random),
      );
      await Promise.all(
        batch.map((bytes) => sendRaw(agent.socketPath, bytes, (got) => got.length > 0, { withinMs: 150 })),
      );
    }
    t.expect((await agent.rpc('getProcessInfo', 'calm')).pid).toBe(pid);
    t.expect(residentMiB(agent.pid) - before).toBeLessThan(64);
    t.expect(agent.log()).not.toContain('unexpected exception');
  });
});
