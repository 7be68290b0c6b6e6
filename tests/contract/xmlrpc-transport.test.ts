import { test } from 'vitest';
import { callXml, parseAnswer, request, sendRaw } from '../support/raw-http.ts';
import { sharedSupervisor } from '../support/shared-supervisor.ts';
import { eachSupervisor } from '../support/supervisors.ts';

const GET_STATE = callXml('supervisor.getState');
const post = (body: string, more = '', version = '1.1') =>
  `POST /RPC2 HTTP/${version}\r\nHost: x\r\n${more}Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
const answers = (count: number) => (got: string) => got.split('</methodResponse>').length > count;

eachSupervisor((kind) => {
  const at = sharedSupervisor(kind, { config: '[program:é]\ncommand=cat\nautostart=false\n' });
  const rpc = (body: string, headers = {}) => request(at().socketPath, 'POST', '/RPC2', { body, headers });

  test('RPC-001 any path that begins with /RPC2 takes calls', async (t) => {
    for (const path of ['/RPC2', '/RPC2/', '/RPC2foo', '/RPC2?x=1']) {
      const answer = await request(at().socketPath, 'POST', path, { body: GET_STATE });
      t.expect([path, answer.status, answer.body.includes('RUNNING')]).toEqual([path, 200, true]);
    }
  });

  test('RPC-002 other verbs on /RPC2 are 400', async (t) => {
    for (const verb of ['GET', 'PUT', 'DELETE']) {
      t.expect((await request(at().socketPath, verb, '/RPC2')).status).toBe(400);
    }
  });

  test('RPC-003 a body without Content-Length is 411', async (t) => {
    t.expect((await request(at().socketPath, 'POST', '/RPC2')).status).toBe(411);
    const chunked =
      'POST /RPC2 HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n';
    const got = await sendRaw(at().socketPath, chunked, (text) => text.includes('</body>'));
    t.expect(parseAnswer(got).status).toBe(411);
  });

  if (kind === 'agent') {
    test('RPC-004 an empty body is 400; supervisord never answers', async (t) => {
      t.expect((await rpc('')).status).toBe(400);
    });
  }

  test('RPC-005 Content-Type and Accept do not matter', async (t) => {
    const answer = await rpc(GET_STATE, { 'Content-Type': 'image/png', Accept: 'text/nothing' });
    t.expect([answer.status, answer.headers['content-type']]).toEqual([200, 'text/xml']);
  });

  test('RPC-006 what is no call is 400 and an ERRO line', async (t) => {
    const bodies = [
      '<x>',
      'hello',
      '<methodCall></methodCall>',
      '<methodCall><methodName></methodName></methodCall>',
    ];
    for (const body of bodies) t.expect([body, (await rpc(body)).status]).toEqual([body, 400]);
    t.expect(at().log()).toMatch(/ ERRO XML-RPC request data .* is invalid/);
  });

  test('RPC-007 params may be absent', async (t) => {
    const answer = await rpc('<methodCall><methodName>supervisor.getState</methodName></methodCall>');
    t.expect([answer.status, answer.body.includes('<int>1</int>')]).toEqual([200, true]);
  });

  test('RPC-008 every documented type is read', async (t) => {
    const values = [
      '<int>7</int>',
      '<i4>7</i4>',
      '<boolean>1</boolean>',
      '<string>x</string>',
      '<double>1.5</double>',
    ];
    values.push('<dateTime.iso8601>20260131T09:15:00</dateTime.iso8601>', '<base64>eA==</base64>', 'x');
    values.push('<array><data><value>x</value></data></array>', '<nil/>');
    values.push('<struct><member><name>a</name><value>x</value></member></struct>');
    for (const value of values) {
      const answer = await rpc(callXml('supervisor.sendRemoteCommEvent', 'T', value));
      t.expect([value, answer.status, answer.body.includes('<boolean>1</boolean>')]).toEqual([
        value,
        200,
        true,
      ]);
    }
    const named = await rpc(
      callXml('supervisor.getProcessInfo', `<base64>${Buffer.from('é').toString('base64')}</base64>`),
    );
    t.expect(named.body).toContain('<value><string>é</string></value>');
  });

  test('RPC-009 bytes that are not UTF-8 and control characters are refused', async (t) => {
    const control = callXml('supervisor.getProcessInfo', '<string>\u001b</string>');
    t.expect((await rpc(control)).status).toBe(400);
    const latin1 = Buffer.from(callXml('supervisor.getProcessInfo', '<string>\u00e9</string>'), 'latin1');
    const status = (await request(at().socketPath, 'POST', '/RPC2', { body: latin1 })).status;
    t.expect(status).not.toBe(200); // supervisord drops the connection
    if (kind === 'agent') t.expect(status).toBe(400);
  });

  test('RPC-010 replies and faults are 200, text/xml, of known length', async (t) => {
    for (const method of ['supervisor.getState', 'supervisor.nothing']) {
      const answer = await rpc(callXml(method));
      t.expect(answer.status).toBe(200);
      t.expect(answer.headers['content-type']).toBe('text/xml');
      t.expect(Number(answer.headers['content-length'])).toBe(Buffer.byteLength(answer.body));
      t.expect(answer.body.startsWith("<?xml version='1.0'?>\n<methodResponse>")).toBe(true);
    }
  });

  test('RPC-011 text is UTF-8 with only & < > escaped', async (t) => {
    const answer = await rpc(callXml('supervisor.getProcessInfo', '<string>&amp;&lt;&gt;"\'ü</string>'));
    t.expect(answer.body).toContain('<string>BAD_NAME: &amp;&lt;&gt;"\'ü</string>');
  });

  test('RPC-012 connections persist, and pipelined requests are answered in order', async (t) => {
    const two = post(callXml('supervisor.getIdentification')) + post(GET_STATE);
    const got = await sendRaw(at().socketPath, two, answers(2));
    t.expect(got.indexOf('<string>supervisor</string>')).toBeGreaterThan(0);
    t.expect(got.indexOf('statecode')).toBeGreaterThan(got.indexOf('<string>supervisor</string>'));
    const old = await sendRaw(at().socketPath, post(GET_STATE, '', '1.0'));
    t.expect(parseAnswer(old).status).toBe(200); // and the end came by itself
    const kept = post(GET_STATE, 'Connection: keep-alive\r\n', '1.0');
    t.expect(answers(2)(await sendRaw(at().socketPath, kept + kept, answers(2)))).toBe(true);
  });

  test('RPC-013 Connection: close is honoured', async (t) => {
    t.expect(answers(1)(await sendRaw(at().socketPath, post(GET_STATE, 'Connection: close\r\n')))).toBe(true);
  });

  test('RPC-014 every answer says Server and Date', async (t) => {
    for (const path of ['/nosuch', '/', '/ok.html']) {
      const { headers } = await request(at().socketPath, 'GET', path);
      t.expect(headers).toMatchObject({ server: 'Medusa/1.12', date: t.expect.stringMatching(/ GMT$/) });
    }
  });

  test('RPC-015 a request line without version is 500, garbage ends the connection, HEAD is for files', async (t) => {
    t.expect(await sendRaw(at().socketPath, 'GET /\r\n\r\n', (got) => got.includes('</body>'))).toMatch(
      / 500 /,
    );
    t.expect(await sendRaw(at().socketPath, '\u0016\u0003garbage\r\n\r\n')).not.toContain('200');
    t.expect((await request(at().socketPath, 'HEAD', '/')).status).toBe(404);
    t.expect((await request(at().socketPath, 'HEAD', '/stylesheets/supervisor.css')).status).toBe(200);
  });

  test('RPC-016 an error is a small page with code and reason', async (t) => {
    const { headers, body } = await request(at().socketPath, 'GET', '/nosuch');
    t.expect(headers['content-type']).toBe('text/html');
    t.expect(body).toContain('<p>Error code 404.\r\n<p>Message: Not Found.\r\n');
  });

  test('RPC-020 RPC-021 RPC-024 a name needs one dot, no underscore and a method that exists', async (t) => {
    const names = ['noSuchMethod', 'a.b.c', 'supervisor._update', 'supervisor.', '.getState', 'nothing.here'];
    names.push('supervisor.nothing', 'supervisor.supervisord', 'supervisor.__init__', 'SUPERVISOR.getState');
    names.push(
      'supervisor.constructor',
      '__proto__.toString',
      'supervisor.supervisord.options',
      'system.constructor',
    );
    for (const name of names) {
      const { body } = await rpc(callXml(name));
      t.expect([name, /<int>(\d+)<.*<string>([^<]*)</s.exec(body)?.slice(1)]).toEqual([
        name,
        ['1', 'UNKNOWN_METHOD'],
      ]);
    }
  });
});
