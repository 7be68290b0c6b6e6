import { describe, test } from 'vitest';
import { LinkError } from '../../src/links/host-link.ts';
import { linkTo } from '../support/link-to.ts';
import { freePort, startSupervisor } from '../support/supervisors.ts';
import { until } from '../support/until.ts';

const SLEEPER = `
[program:sleeper]
command=sleep 1000
startsecs=0
`;

describe.concurrent('a link to a real supervisord', () => {
  test('tells facts and processes over a unix socket', async (t) => {
    const real = await startSupervisor(t, 'supervisord', { config: SLEEPER });
    const { sink } = linkTo(t, `unix://${real.socketPath}`);
    await until('first snapshot', () => sink.facts('h1'));
    t.expect(sink.reach('h1')).toBe('reachable');
    t.expect(sink.facts('h1')).toMatchObject({ daemonState: 'RUNNING', pid: real.pid, clockSkewMs: 0 });
    t.expect(sink.facts('h1')?.version).toMatch(/^\d+\.\d+/);
    await until('RUNNING', () => sink.process('h1', 'sleeper:sleeper')?.state === 'RUNNING');
    const process = sink.process('h1', 'sleeper:sleeper');
    t.expect(process).toMatchObject({ exitStatus: null, hasStdout: true, hasStderr: true });
    t.expect(process?.pid).toBeGreaterThan(0);
    t.expect(Math.abs((process?.startedAtMs ?? 0) - Date.now())).toBeLessThan(30_000);
  });

  test('stops and starts a process over TCP with a password, and sees each state soon', async (t) => {
    const port = await freePort();
    const inet = `[inet_http_server]\nport=127.0.0.1:${port}\nusername=op\npassword=se:cret\n`;
    await startSupervisor(t, 'supervisord', { config: inet + SLEEPER });
    const { link, sink } = linkTo(t, `http://127.0.0.1:${port}`, { username: 'op', password: 'se:cret' });
    await until('RUNNING', () => sink.process('h1', 'sleeper:sleeper')?.state === 'RUNNING');

    const call = (id: string, method: string) =>
      link.call({ id, method: `supervisor.${method}`, params: ['sleeper', false], deadlineMs: 5_000 });
    t.expect(await call('1', 'stopProcess')).toBe(true);
    const askedMs = performance.now();
    await until('STOPPED', () => sink.process('h1', 'sleeper:sleeper')?.state === 'STOPPED');
    t.expect(performance.now() - askedMs).toBeLessThan(3_000);
    t.expect(await call('2', 'startProcess')).toBe(true);
    await until('RUNNING again', () => sink.process('h1', 'sleeper:sleeper')?.state === 'RUNNING');
  });

  test('turns a fault into a LinkError with its number', async (t) => {
    const real = await startSupervisor(t, 'supervisord', { config: SLEEPER });
    const { link } = linkTo(t, `unix://${real.socketPath}`);
    const call = link.call({
      id: '1',
      method: 'supervisor.startProcess',
      params: ['nobody', false],
      deadlineMs: 5_000,
    });
    await t.expect(call).rejects.toMatchObject({ kind: 'fault', faultCode: 10, message: 'BAD_NAME: nobody' });
    await t.expect(call).rejects.toBeInstanceOf(LinkError);
  });

  test('hands over the last words of a process that crashed', async (t) => {
    const crash = `[program:crash]\ncommand=sh -c 'echo "naïve \\033[31mred" >&2; echo bye >&2; sleep 2; exit 3'\nautorestart=false\nexitcodes=0\n`;
    const real = await startSupervisor(t, 'supervisord', { config: crash });
    const { sink } = linkTo(t, `unix://${real.socketPath}`);
    const news = await until('crash', () =>
      sink.all.find((heard) => heard.kind === 'changed' && heard.process.state === 'EXITED'),
    );
    t.expect(news).toMatchObject({
      process: { exitStatus: 3 },
      lastLines: [t.expect.stringContaining('naïve'), 'bye'],
    });
  });

  test('H11 a supervisord that starts again is noticed by its new pid', async (t) => {
    const port = await freePort();
    const config = `[inet_http_server]\nport=127.0.0.1:${port}\n${SLEEPER}`;
    const first = await startSupervisor(t, 'supervisord', { config });
    const { sink } = linkTo(t, `http://127.0.0.1:${port}`);
    await until('first', () => sink.facts('h1')?.pid === first.pid);
    await first.stop();
    await until('gone', () => sink.reach('h1').startsWith('unreachable'));
    t.expect(sink.keys('h1')).toEqual(['sleeper:sleeper']);
    const second = await startSupervisor(t, 'supervisord', { config });
    await until('second', () => sink.reach('h1') === 'reachable' && sink.facts('h1')?.pid === second.pid);
  });

  test('a supervisord that is stopped with SIGSTOP is unreachable, and back within 3 s of SIGCONT', async (t) => {
    const real = await startSupervisor(t, 'supervisord', { config: SLEEPER });
    const { sink } = linkTo(t, `unix://${real.socketPath}`);
    await until('reachable', () => sink.reach('h1') === 'reachable');
    real.child.kill('SIGSTOP');
    await until('unreachable', () => sink.reach('h1') === 'unreachable timeout');
    t.expect(sink.says('h1')).toBe('accepts connections, answers nothing within 5 s');
    t.expect(sink.mend('h1')).toContain('web-01');
    t.expect(sink.process('h1', 'sleeper:sleeper')).toBeDefined();
    real.child.kill('SIGCONT');
    await until('back', () => sink.reach('h1') === 'reachable', { withinMs: 3_500 });
  });
});
