import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Fleet, startFleet } from '../support/fleet.ts';
import type { Lifetime } from '../support/supervisors.ts';
import { until } from '../support/until.ts';

/** The same programs on an agent and on a stock supervisord, but for what is meant to differ. */
const programs = (startsecs: number) => `[program:echo]
command=/bin/sh -c 'while read -r line; do echo "got $line"; done' --token=not-for-viewers
startsecs=${startsecs}
environment=API_KEY="never-told",MODE="x"
[program:idle]
command=/bin/sleep 1000
process_name=%(program_name)s_%(process_num)02d
numprocs=${startsecs + 1}
startsecs=0
[program:off]
command=/bin/sleep 1000
autostart=false
`;

const ends: (() => void | Promise<void>)[] = [];
const lifetime: Lifetime = { onTestFinished: (fn) => void ends.unshift(fn) };
let fleet: Fleet;
beforeAll(async () => {
  fleet = await startFleet(lifetime, [
    { name: 'new', kind: 'agent', programs: programs(0) },
    { name: 'old', kind: 'supervisord', programs: programs(1) },
  ]);
  await until('both to have settled', async () => {
    const all = await fleet.api('GET', '/processes');
    return all.filter(({ state }: { state: string }) => state === 'RUNNING').length === 5;
  });
}, 120_000);
afterAll(async () => {
  for (const end of ends) await end();
});

const refusalOf = (asked: Promise<unknown>): Promise<string> =>
  asked.then(
    () => 'done',
    (error: Error) => error.message,
  );

test('the configuration of a process is told with the names of its environment where there is an agent, never a value', async () => {
  const onNew = await fleet.api('GET', '/processes/new/echo:echo/config');
  expect(onNew.process).toMatchObject({
    environment: ['API_KEY', 'MODE'],
    options: {
      startsecs: '0',
      stopsignal: 'TERM',
      autorestart: 'unexpected',
      stdout_logfile_maxbytes: '50MB',
    },
  });
  const onOld = await fleet.api('GET', '/processes/old/echo/config');
  expect(onOld.process).toMatchObject({ environment: null, options: { startsecs: '1', stopsignal: 'TERM' } });
  for (const { process } of [onNew, onOld]) {
    expect(process.options.command).toContain('--token=…');
    expect(JSON.stringify(process)).not.toMatch(/never-told|not-for-viewers/);
  }
  const whole = await fleet.api('GET', '/hosts/new/config');
  expect(whole.says).toBe('');
  expect(whole.processes.map(({ name }: { name: string }) => name)).toEqual(['echo', 'idle_00', 'off']);
  expect(await refusalOf(fleet.api('GET', '/processes/new/nothing/config'))).toContain('404');
});

test('what differs between the hosts of a group is told option by option, and nothing where nothing does', async () => {
  const echo = await fleet.api('GET', '/groups/echo/drift');
  expect(echo).toMatchObject({ compared: ['new', 'old'], missing: [] });
  expect(echo.rows).toEqual([
    {
      program: 'echo',
      option: 'startsecs',
      values: [
        { value: '0', hosts: ['new'] },
        { value: '1', hosts: ['old'] },
      ],
    },
  ]);
  const { rows: idle } = await fleet.api('GET', '/groups/idle/drift');
  expect(idle.map(({ option }: { option: string }) => option)).toEqual(['numprocs']);
  expect(
    (await fleet.api('GET', '/groups/off/drift')).rows.map(({ option }: { option: string }) => option),
  ).toEqual([]);
});

test("the end of each supervisor's own log is told in whole lines", async () => {
  for (const host of ['new', 'old']) {
    const log = await fleet.api('GET', `/hosts/${host}/log`);
    expect([log.says, log.cut]).toEqual(['', false]);
    expect(log.lines.join('\n')).toContain("spawned: 'echo' with pid");
    const end = await fleet.api('GET', `/hosts/${host}/log?bytes=300`);
    expect(end.cut).toBe(true);
    expect(log.lines).toEqual(expect.arrayContaining(end.lines));
  }
});

test('text reaches the stdin of a process on both kinds of host; the audit keeps its length alone', async () => {
  for (const host of ['new', 'old']) {
    const line = `secret-of-${host} 商品`;
    const sent = await fleet.cli('send', `${host}/echo:echo`, line);
    expect([sent.code, sent.out]).toEqual([
      0,
      `${host}/echo:echo: sent ${Buffer.byteLength(line) + 1} bytes\n`,
    ]);
    await until('it is answered', async () =>
      (await fleet.cli('tail', `${host}/echo:echo`)).out.includes(`got ${line}`),
    );
  }
  const { rows } = await fleet.api('GET', '/audit?text=input');
  expect(rows.length).toBeGreaterThanOrEqual(4);
  expect(JSON.stringify(rows)).not.toContain('secret-of-');
  expect(rows.some(({ detail }: { detail: string }) => detail === '{"bytes":21}')).toBe(true);
});

test('where no child can read, sending is refused with the reason', async () => {
  for (const host of ['new', 'old']) {
    const refused = await fleet.cli('send', `${host}/off:off`, 'x');
    expect(refused.code).toBe(1);
    expect(refused.err).toContain('off:off has no child that could read: it is STOPPED');
  }
  expect((await fleet.cli('send', 'new/*', 'x')).code).toBe(2);
  expect((await fleet.cli('send', 'new/nothing', 'x')).code).toBe(6);
  const control = fleet.api('POST', '/processes/old/echo/input', { text: '\u0007' });
  expect(await refusalOf(control)).toContain('control characters');
  expect(await refusalOf(fleet.api('POST', '/processes/old/echo/input', { text: '' }))).toContain('400');
});

test('an agent host is measured: its numbers are in the API and, summed, at a glance; a stock host has none', async () => {
  const series = await until('a first point', async () => {
    const told = await fleet.api('GET', '/processes/new/echo:echo/metrics');
    return told.points.length > 0 ? told : undefined;
  });
  expect(series.stepMs).toBe(15_000);
  expect(series.points[0].memory).toBeGreaterThan(100_000);
  const sum = await fleet.api('GET', '/hosts/new/metrics');
  expect(sum.points[0].memory).toBeGreaterThan(series.points[0].memory);
  expect((await fleet.api('GET', '/processes/old/echo:echo/metrics')).points).toEqual([]);
  const hosts = await fleet.api('GET', '/hosts');
  const usage = (name: string) => hosts.find((host: { name: string }) => host.name === name).usage;
  expect(usage('new').memory).toHaveLength(30);
  expect(usage('old')).toBeUndefined();
  expect(await refusalOf(fleet.api('GET', '/hosts/new/metrics?from=2&to=1'))).toContain('must lie before');
  expect(await refusalOf(fleet.api('GET', '/hosts/new/metrics?step=1000&from=0&to=9000000000'))).toContain(
    'points',
  );
});

test('what a process was is told as spans without a gap, and whether its host was there', async () => {
  await fleet.cli('stop', 'new/idle:*', '--yes');
  const { fromMs, toMs, spans } = await until('the stop to be kept', async () => {
    const told = await fleet.api('GET', '/processes/new/idle:idle_00/timeline');
    return told.spans.at(-1).state === 'STOPPED' ? told : undefined;
  });
  expect(spans[0].fromMs).toBe(fromMs);
  expect(spans.at(-1).toMs).toBe(toMs);
  const states = spans.map(({ state }: { state: string }) => state);
  expect(states[0]).toBe('not-seen');
  expect(states).toContain('RUNNING');
  for (const [nth, span] of spans.entries()) if (nth > 0) expect(span.fromMs).toBe(spans[nth - 1].toMs);
  const host = await fleet.api('GET', '/hosts/new/timeline');
  expect(host.spans.at(-1).state).toBe('reachable');
});
