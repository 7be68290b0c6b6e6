import { spawn } from 'node:child_process';
import { existsSync, lstatSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'vitest';
import { request, sendRaw } from '../support/raw-http.ts';
import { DAEMON, freePort, headOf, rpcOver, run, startSupervisor, tempDir } from '../support/supervisors.ts';
import { until } from '../support/until.ts';

const CALM = '[program:calm]\ncommand=sleep 1000\nstartsecs=0\n';
const LONG = 'n'.repeat(300);
const NAMES = [
  '100%',
  '%41',
  'grüße',
  '日本',
  '<b>bold<b>',
  '"quoted"',
  "it's",
  'a&b=c',
  'q?x#y',
  '__proto__',
  LONG,
];

describe.concurrent('the agent over HTTP', () => {
  test('health and metrics', async (t) => {
    const agent = await startSupervisor(t, 'agent', { config: CALM });
    await agent.state('calm', 'RUNNING');
    const health = await request(agent.socketPath, 'GET', '/healthz');
    t.expect([health.status, health.body]).toEqual([200, 'RUNNING\n']);
    await agent.rpc('stopProcess', 'calm');
    await agent.rpc('startProcess', 'calm');
    const { headers, body } = await request(agent.socketPath, 'GET', '/metrics');
    t.expect(headers['content-type']).toBe('text/plain; version=0.0.4; charset=utf-8');
    const value = (metric: string) =>
      Number(new RegExp(`^${metric}\\{group="calm",process="calm"\\} (\\S+)$`, 'm').exec(body)?.[1]);
    t.expect(value('fleetvisor_process_up')).toBe(1);
    t.expect(value('fleetvisor_process_state')).toBe(20);
    t.expect(value('fleetvisor_process_starts_total')).toBe(2);
    t.expect(value('fleetvisor_process_exits_total')).toBe(0);
    t.expect(value('fleetvisor_process_resident_memory_bytes')).toBeGreaterThan(100_000);
    t.expect(body).toContain('fleetvisor_processes{state="RUNNING"} 1\n');
  });

  test('a process may be called anything, everywhere', async (t) => {
    const config = NAMES.map(
      (name) => `[program:${name}]\ncommand=sh -c 'echo here; exec sleep 1000'\nstartsecs=0\n`,
    );
    const agent = await startSupervisor(t, 'agent', { config: config.join('') });
    const all: { name: string }[] = await agent.rpc('getAllProcessInfo');
    t.expect(all.map(({ name }) => name).sort()).toEqual([...NAMES].sort());
    const page = (await request(agent.socketPath, 'GET', '/')).body;
    t.expect(page).not.toContain('<b>');
    for (const name of NAMES) {
      t.expect((await agent.ctl('status', name)).out).toMatch(/ (STARTING|RUNNING) /);
      t.expect((await agent.state(name, 'RUNNING')).name).toBe(name);
      await until('its log', async () => (await agent.rpc('readProcessStdoutLog', name, 0, 0)) === 'here\n');
      const tail = await request(
        agent.socketPath,
        'GET',
        `/tail.html?processname=${encodeURIComponent(name)}`,
      );
      t.expect([name, tail.body.includes('here')]).toEqual([name, true]);
      t.expect((await agent.ctl('tail', name)).out.trim()).toBe('here');
      const stream = await sendRaw(
        agent.socketPath,
        `GET /logtail/${encodeURIComponent(name)} HTTP/1.1\r\nHost: x\r\n\r\n`,
        (got) => got.includes('here'),
      );
      t.expect([name, stream.includes('here')]).toEqual([name, true]);
      const acted = await request(agent.socketPath, 'POST', '/index.html', {
        body: `processname=${encodeURIComponent(name)}&action=stop`,
      });
      t.expect(decodeURIComponent(acted.headers.location ?? '')).toContain(`Process ${name} stopped`);
    }
  });

  test('abuse 24: at no moment of its start may anybody else use its socket, whatever the umask', async (t) => {
    const dir = tempDir(t);
    const conf = join(dir, 'agent.conf');
    writeFileSync(
      conf,
      `[unix_http_server]\nfile=${dir}/s.sock\n[supervisord]\nnodaemon=true\nlogfile=${dir}/agent.log\npidfile=${dir}/pid\n`,
    );
    const words = [...DAEMON.agent, '-c', conf].map((word) => `'${word}'`).join(' ');
    const child = spawn('/bin/sh', ['-c', `umask 000; exec ${words}`], { stdio: 'ignore' });
    const ended = new Promise((done) => child.on('close', done));
    t.onTestFinished(async () => {
      child.kill('SIGKILL');
      await ended;
    });
    const seen = new Set<string>();
    const look = () => {
      for (const file of readdirSync(dir)) {
        const stat = lstatSync(join(dir, file), { throwIfNoEntry: false });
        if (stat?.isSocket()) seen.add(`${file} ${(stat.mode & 0o777).toString(8)}`);
      }
    };
    for (
      const giveUpAt = performance.now() + 20_000;
      !existsSync(join(dir, 's.sock')) && performance.now() < giveUpAt;
    ) {
      look();
      await new Promise<void>((next) => setImmediate(next));
    }
    look();
    const open = [...seen].filter((file) => (Number.parseInt(file.split(' ')[1] ?? '777', 8) & 0o077) !== 0);
    t.expect([open, seen.has('s.sock 700')]).toEqual([[], true]);
  });

  test('A9 a deleted socket file is made anew, with its mode, and TCP goes on meanwhile', async (t) => {
    const port = await freePort();
    const agent = await startSupervisor(t, 'agent', {
      config: `${CALM}[unix_http_server]\nchmod=0660\n[inet_http_server]\nport=127.0.0.1:${port}\n`,
    });
    rmSync(agent.socketPath);
    t.expect((await request(port, 'GET', '/ok.html')).body).toBe('OK');
    t.expect(existsSync(agent.socketPath)).toBe(false);
    await until('a new file', () => existsSync(agent.socketPath), { withinMs: 10_000 });
    t.expect((statSync(agent.socketPath).mode & 0o777).toString(8)).toBe('660');
    t.expect(await agent.rpc('getPID')).toBe(agent.pid);
  });

  test('PROC-078 a file that took the place of the socket is left alone at the end', async (t) => {
    const agent = await startSupervisor(t, 'agent', { config: CALM });
    renameSync(agent.socketPath, join(agent.dir, 'moved'));
    writeFileSync(agent.socketPath, 'mine');
    t.expect((await agent.stop()).code).toBe(0);
    t.expect(agent.read('s.sock')).toBe('mine');
  });

  test('A8 of agents started at once over a stale socket exactly one wins', async (t) => {
    const dir = tempDir(t);
    await run([
      process.execPath,
      '-e',
      `require('net').createServer().listen('${dir}/s.sock', () => process.kill(process.pid, 9))`,
    ]);
    const [file, ...args] = DAEMON.agent as [string, ...string[]];
    const ran = Array.from({ length: 6 }, (_, i) => {
      const own = tempDir(t);
      const config = headOf(own).replace(`file=${own}/s.sock`, `file=${dir}/s.sock`);
      writeFileSync(join(own, 'c.conf'), config.replace(/childlogdir=.*/, `childlogdir=${own}`));
      return { i, done: run([file, ...args, '-n', '-c', join(own, 'c.conf')], { timeoutMs: 30_000 }) };
    });
    const ends = new Map<number, number | null>();
    for (const { i, done } of ran) void done.then(({ code }) => ends.set(i, code));
    await until('five have given up', () => ends.size === 5, { withinMs: 25_000 });
    t.expect([...ends.values()]).toEqual([2, 2, 2, 2, 2]);
    const rpc = rpcOver({ socketPath: join(dir, 's.sock'), path: '/RPC2' });
    t.expect(await rpc('getState')).toEqual({ statecode: 1, statename: 'RUNNING' });
    process.kill(await rpc('getPID'), 'SIGTERM');
    await until('the winner ends', () => ends.size === 6);
    t.expect(existsSync(join(dir, 's.sock'))).toBe(false);
  });

  test("Python's client and curl talk to it", async (t) => {
    const agent = await startSupervisor(t, 'agent', { config: CALM });
    await agent.state('calm', 'RUNNING');
    const script = `
import xmlrpc.client
from supervisor.xmlrpc import SupervisorTransport
server = xmlrpc.client.ServerProxy('http://localhost', transport=SupervisorTransport(None, None, 'unix://${agent.socketPath}'))
print(server.supervisor.getProcessInfo('calm')['statename'], len(server.system.listMethods()))
multi = server.system.multicall([{'methodName': 'supervisor.getPID', 'params': []}])
print(multi[0] == ${agent.pid})
try: server.supervisor.startProcess('calm')
except xmlrpc.client.Fault as fault: print(fault.faultCode, fault.faultString)
`;
    const python = await run(['/usr/bin/python3', '-c', script]);
    t.expect([python.err, python.out]).toEqual(['', 'RUNNING 41\nTrue\n60 ALREADY_STARTED: calm\n']);
    const curl = await run([
      'curl',
      '-sS',
      '--unix-socket',
      agent.socketPath,
      'http://x/mainlogtail',
      '--max-time',
      '1',
    ]);
    t.expect(curl.out).toContain('INFO supervisord started with pid');
  });
});
