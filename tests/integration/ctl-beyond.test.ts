import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { createServer } from 'node:https';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTerminal } from '../support/ctl.ts';
import { CTL, type Lifetime, run, startSupervisor, type TestSupervisor } from '../support/supervisors.ts';
import { until } from '../support/until.ts';

const CONFIG = `[program:on]
command=/bin/sleep 1000
startsecs=0
[program:off]
command=/bin/sleep 1000
autostart=false
startsecs=0
[program:red]
command=/bin/sh -c 'printf "\\033[31mred\\033[0m \\033]0;title\\007end\\n"; exec cat'
startsecs=0
stdout_logfile={dir}/red.log
[program:fast]
command=/bin/sleep 1000
autostart=false
startsecs=0
[program:slow]
command=/bin/sleep 1000
autostart=false
startsecs=3
[group:pace]
programs=slow,middle
[program:middle]
command=/bin/sleep 1000
autostart=false
startsecs=1
`;

const ends: (() => void | Promise<void>)[] = [];
const lifetime: Lifetime = { onTestFinished: (fn) => void ends.unshift(fn) };
let stock: TestSupervisor;

beforeAll(async () => {
  stock = await startSupervisor(lifetime, 'supervisord', { config: CONFIG });
  await stock.state('red', 'RUNNING');
  await until('its log', () => stock.read('red.log').includes('end'));
});
afterAll(async () => {
  for (const end of ends) await end();
});

const ctl = (...words: string[]) => run([...CTL.agent, '-c', stock.configPath, ...words], { cwd: stock.dir });
const terminal = (t: Lifetime, ...words: string[]) =>
  openTerminal(t, [...CTL.agent, '-c', stock.configPath, ...words], { cwd: stock.dir });

test('two Tabs in one read list what the word may become, and complete it no further', async (t) => {
  const screen = terminal(t);
  await screen.answer('supervisor> ', 'pid pace:\t\t');
  await screen.see('pace:middle');
  await screen.see('pace:slow');
  await screen.answer('supervisor> pid pace:', 'mid\t\t');
  await screen.answer('pace:middle ', '\r');
  await screen.answer('supervisor> ', 'quit\r');
  expect(await screen.ended()).toBe(0);
  expect(screen.shown()).not.toContain('\t');
});

test('strays says that a stock supervisord cannot tell of them', async () => {
  expect(await ctl('strays')).toMatchObject({
    code: 3,
    out: expect.stringMatching(/^ERROR: unix:.* is no fleetvisord, and cannot tell/),
  });
});

test('--json is one document per command: verb, exit status, results', async () => {
  const { out, code } = await ctl('status', 'on', 'nosuch', '--json');
  expect(JSON.parse(out)).toMatchObject({
    verb: 'status',
    exitStatus: 4,
    results: [
      { name: 'nosuch', error: 'no such process' },
      { name: 'on', statename: 'RUNNING' },
    ],
  });
  expect(code).toBe(4);
  const start = await ctl('--json', 'start', 'on', 'nosuch');
  expect(JSON.parse(start.out).results).toMatchObject([
    { group: 'on', name: 'on', status: 60 },
    { name: 'nosuch', status: 10 },
  ]);
});

test('every command has JSON', async () => {
  const lines = [
    'avail',
    'clear off',
    'fg off',
    'help',
    'maintail -10',
    'pid',
    'reread',
    'add x',
    'remove x',
  ];
  const more = ['signal CONT on', 'tail red', 'update', 'version', 'quit', 'bogus'];
  for (const line of [...lines, ...more]) {
    const { out, code } = await ctl(...line.split(' '), '--json');
    expect(JSON.parse(out), line).toMatchObject({ verb: line.split(' ')[0], exitStatus: code });
  }
});

test('a pipe gets the bytes of a log as they are, a terminal gets them made harmless, unless --raw', async (t) => {
  t.expect((await ctl('tail', 'red')).out).toContain('\x1b[31mred\x1b[0m');
  const guarded = terminal(t, 'tail', '-f', 'red');
  await guarded.answer('red end\r\n', '\x03');
  await guarded.ended();
  t.expect(guarded.shown()).not.toContain('\x1b');
  const raw = terminal(t, 'tail', '-f', 'red', '--raw');
  await raw.answer('\x1b[31mred\x1b[0m', '\x03');
  await raw.ended();
});

test('status --watch prints what changes in a pipe', async (t) => {
  const screen = openTerminal(
    t,
    ['sh', '-c', `${CTL.agent.join(' ')} -c ${stock.configPath} status --watch off | cat`],
    { cwd: stock.dir },
  );
  await screen.see('off                              STOPPED');
  await ctl('start', 'off');
  await screen.see('off                              RUNNING');
  screen.type('\x03');
  await screen.ended();
});

test('status --watch draws the table anew on a terminal until Ctrl-C', async (t) => {
  const screen = terminal(t, 'status', '--watch');
  await screen.see('\x1b[H\x1b[J');
  await screen.see('red');
  await screen.answer('\x1b[H\x1b[J', '\x03');
  t.expect(await screen.ended()).toBe(0);
});

test('a person is told what to do, a script what supervisorctl says', async (t) => {
  const screen = terminal(t, 'stauts');
  await screen.see('*** Unknown syntax: stauts');
  await screen.see('hint: did you mean status?');
  t.expect(await screen.ended()).toBe(1);
  t.expect(await ctl('stauts')).toMatchObject({
    out: '*** Unknown syntax: stauts\n',
    err: '',
  });
});

test('help tells a person what there is beyond supervisorctl, whose list it is', async (t) => {
  const screen = terminal(t, 'help');
  await screen.see('hint: beyond supervisorctl there are completion and strays (type help <topic>)');
  t.expect(await screen.ended()).toBe(0);
  t.expect((await ctl('help')).out).not.toContain('strays');
});

test('a group start tells each process as it gets there, not at the end', async (t) => {
  const screen = terminal(t, 'start', 'pace:*');
  await screen.see('pace:middle: started');
  t.expect((await stock.rpc('getProcessInfo', 'pace:slow')).statename).toBe('STARTING');
  await screen.see('pace:slow: started');
  t.expect(await screen.ended()).toBe(0);
  t.expect(screen.shown().match(/middle: started/g)).toHaveLength(1);
});

test('https:// is spoken, and a certificate nobody knows is refused', async (t) => {
  const key = join(stock.dir, 'key.pem');
  const cert = join(stock.dir, 'cert.pem');
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost', '-days', '2'];
  await run([
    'openssl',
    'req',
    '-x509',
    '-newkey',
    'rsa:2048',
    '-nodes',
    '-keyout',
    key,
    '-out',
    cert,
    ...subject,
  ]);
  t.expect(existsSync(cert)).toBe(true);
  const server = createServer({ key: readFileSync(key), cert: readFileSync(cert) }, (incoming, outgoing) => {
    const { method, url, headers } = incoming;
    const inner = request({ socketPath: stock.socketPath, method, path: url, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 500, answer.headers);
      answer.pipe(outgoing);
    });
    incoming.pipe(inner);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  t.onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  const url = `https://localhost:${typeof address === 'object' && address ? address.port : 0}`;
  const command = [...CTL.agent, '-c', stock.configPath, '-s', url, 'status', 'on'];
  const trusted = await run(command, { env: { ...process.env, NODE_EXTRA_CA_CERTS: cert } });
  t.expect([trusted.out.slice(0, 2), trusted.code]).toEqual(['on', 0]);
  t.expect(await run(command)).toMatchObject({ code: 1, out: t.expect.stringContaining('certificate') });
});

test('bash completes commands, processes and groups with the printed script', async () => {
  const script = join(stock.dir, 'completion.bash');
  writeFileSync(script, (await ctl('completion', 'bash')).out);
  writeFileSync(
    join(stock.dir, 'fleetvisorctl'),
    `#!/bin/sh\nexec ${CTL.agent.map((word) => `'${word}'`).join(' ')} "$@"\n`,
    { mode: 0o755 },
  );
  const complete = async (line: string) => {
    const ask = `source ${script}; _fleetvisorctl; printf '%s\n' "\${COMPREPLY[@]}"`;
    const env = {
      ...{ ...process.env, PATH: `${stock.dir}:${process.env.PATH}` },
      ...{ COMP_LINE: line, COMP_POINT: `${line.length}` },
    };
    return (await run(['/bin/bash', '-c', ask], { cwd: stock.dir, env })).out.trimEnd().split('\n');
  };
  const { configPath, socketPath } = stock;
  expect(await complete('fleetvisorctl sta')).toEqual(['start', 'status']);
  expect(await complete(`fleetvisorctl -c ${configPath} stop o`)).toEqual(['off', 'on']);
  expect(await complete(`fleetvisorctl -s unix://${socketPath} stop pace:s`)).toEqual(['slow']);
  expect(await complete(`fleetvisorctl -s unix://${socketPath} stop pace:`)).toEqual([
    'middle',
    '\\*',
    'slow',
  ]);
  expect(await complete(`fleetvisorctl -c ${configPath} stop `)).toContain('fast');
});

test('output nobody reads any more ends the command quietly', async () => {
  const command = `${CTL.agent.join(' ')} -c ${stock.configPath} tail -f red | head -n 1`;
  let over = false;
  const ran = run(['sh', '-c', command]).finally(() => {
    over = true;
  });
  await until('the command has noticed', async () => {
    await stock.rpc('sendProcessStdin', 'red', 'more\n');
    return over;
  });
  expect(await ran).toMatchObject({ out: '==> Press Ctrl-C to exit <==\n', err: '' });
});
