import { chmodSync, writeFileSync } from 'node:fs';
import { createServer as createHttpServer, type RequestListener } from 'node:http';
import { createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { describe, test } from 'vitest';
import { encodeFault, encodeResponse } from '../../agent/src/xmlrpc/index.ts';
import { linkTo } from '../support/link-to.ts';
import { freePort, type Lifetime, startSupervisor, tempDir } from '../support/supervisors.ts';
import { until } from '../support/until.ts';

/** A TCP server that treats every connection the same; its address as a URL. */
function tcpStub(t: Lifetime, treat: (socket: Socket) => void): Promise<string> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {}); // the link hangs up as it likes
    treat(socket);
  });
  t.onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return new Promise((done) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      done(`http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`);
    });
  });
}

function httpStub(t: Lifetime, answer: RequestListener): Promise<string> {
  const http = createHttpServer(answer);
  return tcpStub(t, (socket) => http.emit('connection', socket));
}

const html = '<html><body>Welcome to nginx! <secret-text></body></html>';

describe.concurrent('H10 each way not to answer has its own name', () => {
  const stubs: readonly [
    name: string,
    reach: string,
    says: RegExp,
    stub: (t: Lifetime) => Promise<string>,
  ][] = [
    [
      'H6 black hole',
      'timeout',
      /^accepts connections, answers nothing within 5 s$/,
      (t) => tcpStub(t, () => {}),
    ],
    [
      'H8 one byte per second',
      'timeout',
      /^answers too slowly/,
      (t) =>
        httpStub(t, (_request, response) => {
          response.writeHead(200, { 'content-length': '100000' });
          const timer = setInterval(() => response.write('<'), 1_000);
          response.on('close', () => clearInterval(timer));
          response.write('<');
        }),
    ],
    [
      'HTML',
      'not-a-supervisor',
      /not a supervisord/,
      (t) => httpStub(t, (_, response) => void response.end(html)),
    ],
    [
      'a redirect, which is not followed',
      'not-a-supervisor',
      /HTTP 302/,
      (t) =>
        httpStub(t, (_, response) => void response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end()),
    ],
    [
      'another path',
      'wrong-path',
      /HTTP 404/,
      (t) => httpStub(t, (_, response) => void response.writeHead(404).end(html)),
    ],
    [
      'garbage XML',
      'not-a-supervisor',
      /not a supervisord/,
      (t) => httpStub(t, (_, response) => void response.end('<methodResponse><params><param><value><array>')),
    ],
    [
      'something else than processes',
      'not-a-supervisor',
      /not a supervisord/,
      (t) => httpStub(t, (_, response) => void response.end(encodeResponse('hello'))),
    ],
    [
      'XML-RPC without a supervisor',
      'not-a-supervisor',
      /rpcinterface:supervisor/,
      (t) =>
        httpStub(
          t,
          (_, response) => void response.end(encodeFault({ faultCode: 1, faultString: 'UNKNOWN_METHOD' })),
        ),
    ],
    [
      'a shutdown under way',
      'shutting-down',
      /shutting down/,
      (t) =>
        httpStub(
          t,
          (_, response) => void response.end(encodeFault({ faultCode: 6, faultString: 'SHUTDOWN_STATE' })),
        ),
    ],
    [
      'an SSH server',
      'not-a-supervisor',
      /not a supervisord/,
      (t) => tcpStub(t, (s) => void s.end('SSH-2.0-x\r\n')),
    ],
    [
      'a connection that is closed',
      'closed',
      /closed the connection/,
      (t) => tcpStub(t, (s) => void s.end()),
    ],
    [
      'H9 1 GB',
      'too-large',
      /larger than 64 MB/,
      (t) =>
        httpStub(t, (_, response) => {
          const chunk = Buffer.alloc(1024 * 1024, 'x');
          let left = 1024;
          const more = (): void => {
            while (left-- > 0) if (!response.write(chunk)) return;
            response.end();
          };
          response.on('drain', more);
          more();
        }),
    ],
    [
      'nobody there',
      'refused',
      /^connection refused by http:/,
      async () => `http://127.0.0.1:${await freePort()}`,
    ],
    ['a name nobody knows', 'dns', /does not resolve/, async () => 'http://no-such-host.invalid:9001'],
    [
      'no socket file',
      'no-socket',
      /^there is no socket /,
      async (t) => `unix://${join(tempDir(t), 'none.sock')}`,
    ],
    [
      'plain HTTP where TLS was promised',
      'tls',
      /no TLS connection/,
      async (t) => (await httpStub(t, (_, response) => void response.end(html))).replace('http:', 'https:'),
    ],
  ];

  for (const [name, reach, says, stub] of stubs) {
    test(name, async (t) => {
      const { sink } = linkTo(t, await stub(t));
      await until('told', () => sink.reach('h1').startsWith('unreachable'));
      t.expect(sink.reach('h1')).toBe(`unreachable ${reach}`);
      t.expect(sink.says('h1')).toMatch(says);
      t.expect(sink.mend('h1')).toMatch(/^\S.*\.$/);
      t.expect(sink.says('h1') + sink.mend('h1')).not.toContain('secret-text');
      t.expect(sink.all.map((heard) => heard.kind)).toEqual(['reachability', 'reachability']);
    });
  }

  test('a wrong password, at a real supervisord', async (t) => {
    const port = await freePort();
    const config = `[inet_http_server]\nport=127.0.0.1:${port}\nusername=op\npassword=right\n`;
    await startSupervisor(t, 'supervisord', { config });
    const { sink } = linkTo(t, `http://127.0.0.1:${port}`, { username: 'op', password: 'wr0ng-secret' });
    await until('told', () => sink.reach('h1') === 'unreachable unauthorized');
    t.expect(sink.says('h1') + sink.mend('h1')).not.toContain('wr0ng-secret');
  });

  test('a file that is no socket, and a socket nobody listens on', async (t) => {
    const file = join(tempDir(t), 'file.sock');
    writeFileSync(file, '');
    chmodSync(file, 0o600);
    const { sink } = linkTo(t, `unix://${file}`);
    await until('told', () => sink.reach('h1').startsWith('unreachable'));
    t.expect(sink.says('h1')).toBe(`nothing listens on the socket ${file}`);
  });

  test('control characters in names and texts are taken as they come', async (t) => {
    const info = (name: string) =>
      `<value><struct><member><name>name</name><value><string>${name}</string></value></member>` +
      '<member><name>group</name><value><string>g</string></value></member>' +
      '<member><name>state</name><value><int>200</int></value></member>' +
      '<member><name>__proto__</name><value><struct></struct></value></member>' +
      '<member><name>spawnerr</name><value><string>\u001b[31m\u0000 & bad</string></value></member></struct></value>';
    const url = await httpStub(t, (request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk) => chunks.push(chunk));
      request.on('end', () => {
        const all = Buffer.concat(chunks).includes('getAllProcessInfo');
        response.end(
          all
            ? `<?xml version='1.0'?><methodResponse><params><param><value><array><data>${info('a\u0007')}</data></array></value></param></params></methodResponse>`
            : encodeFault({ faultCode: 1, faultString: 'UNKNOWN_METHOD' }),
        );
      });
    });
    const { sink } = linkTo(t, url);
    await until('snapshot', () => sink.facts('h1'));
    t.expect(sink.process('h1', 'g:a\u0007')).toMatchObject({
      state: 'FATAL',
      spawnError: '\u001b[31m\u0000 & bad',
    });
  });

  test('a call is not sent to a host that is not reachable; one that may have arrived is unknown', async (t) => {
    let asked = 0;
    const url = await httpStub(t, (request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk) => chunks.push(chunk));
      request.on('end', () => {
        const text = Buffer.concat(chunks).toString();
        if (text.includes('stopProcess')) {
          asked++;
          return; // and never an answer
        }
        response.end(encodeResponse(text.includes('getAllProcessInfo') ? [] : 'x'));
      });
    });
    const { link, sink } = linkTo(t, url);
    await until('reachable', () => sink.reach('h1') === 'reachable');
    const call = { id: '1', method: 'supervisor.stopProcess', params: ['a', false], deadlineMs: 500 };
    await t.expect(link.call(call)).rejects.toMatchObject({ kind: 'unknown' });
    t.expect(asked).toBe(1);

    const nobody = linkTo(t, `http://127.0.0.1:${await freePort()}`);
    await until('refused', () => nobody.sink.reach('h1') === 'unreachable refused');
    await t.expect(nobody.link.call(call)).rejects.toMatchObject({ kind: 'unreachable' });
  });
});
