import { describe, expect, test } from 'vitest';
import { decodeResponse, encodeResponse } from '../../agent/src/xmlrpc/index.ts';
import { ClockSkew } from '../../src/links/clock-skew.ts';
import { lastLines } from '../../src/links/last-lines.ts';
import { maskReply, nowInReply } from '../../src/links/masked-reply.ts';
import { PollPace } from '../../src/links/poll-pace.ts';
import { RateLimit } from '../../src/links/rate-limit.ts';
import { parseSupervisordAddress } from '../../src/links/supervisord-address.ts';
import { crashed, linkProcess, type ToldProcess, toldProcesses } from '../../src/links/told-process.ts';
import { FakeClock } from '../support/fake-clock.ts';

const middle = () => 0.5;

describe('the pace of polls', () => {
  test('2 s when nothing moves; after something is expected 60 ms, slowing to 250 ms, for 10 s', () => {
    const pace = new PollPace(middle);
    expect(pace.afterAnswer(0, 5, ['RUNNING'])).toBe(2_000);
    pace.expectChange(1_000);
    expect(pace.afterAnswer(1_000, 5, ['RUNNING'])).toBe(60);
    expect(pace.afterAnswer(1_450, 5, ['RUNNING'])).toBe(150);
    expect(pace.afterAnswer(10_999, 5, ['RUNNING'])).toBe(250);
    expect(pace.afterAnswer(11_000, 5, ['RUNNING'])).toBe(2_000);
  });

  test('a process on its way keeps it brisk, a slow host gets rest, never beyond 5 s', () => {
    const pace = new PollPace(middle);
    expect(pace.afterAnswer(0, 5, ['RUNNING', 'STOPPING'])).toBe(500);
    expect(pace.afterAnswer(0, 800, ['RUNNING'])).toBe(3_200);
    expect(pace.afterAnswer(0, 4_900, ['RUNNING'])).toBe(5_000);
  });

  test('a host that is away is asked within 3 s for a minute, then within 15 s', () => {
    const pace = new PollPace(() => 0.999);
    const waits: number[] = [];
    for (let nowMs = 0; nowMs < 200_000; ) {
      const waitMs = pace.afterFailure(nowMs);
      waits.push(waitMs);
      expect(waitMs).toBeLessThanOrEqual(nowMs < 60_000 ? 3_000 : 15_000);
      nowMs += waitMs;
    }
    expect(waits[0]).toBeLessThan(600);
    expect(waits.at(-1)).toBe(15_000);
  });

  test('hosts do not march in step', () => {
    const waits = [0, 0.25, 0.75, 0.999].map((at) => new PollPace(() => at).afterAnswer(0, 5, []));
    expect(new Set(waits).size).toBe(4);
    expect(Math.max(...waits) - Math.min(...waits)).toBeGreaterThan(500);
  });
});

describe('the clock of a host', () => {
  test('H15 two hours ahead is learned within 100 ms from whole seconds', () => {
    const skew = new ClockSkew();
    const aheadMs = 2 * 3_600_000 + 345;
    for (let atMs = 1_000_000; atMs < 1_060_000; atMs += 1_970) {
      skew.learn(Math.floor((atMs + aheadMs + 10) / 1000), atMs, atMs + 20);
    }
    expect(Math.abs(skew.skewMs() - aheadMs)).toBeLessThan(100);
  });

  test('clocks that agree are not corrected by rounding', () => {
    const skew = new ClockSkew();
    skew.learn(1_000, 1_000_990, 1_001_010);
    expect(skew.skewMs()).toBe(0);
  });

  test('a step of the clock is followed at once', () => {
    const skew = new ClockSkew();
    skew.learn(1_000, 1_000_400, 1_000_410);
    skew.learn(4_602, 1_002_400, 1_002_410);
    expect(Math.abs(skew.skewMs() - 3_600_000)).toBeLessThan(700);
  });
});

const info = {
  name: 'a',
  group: 'web',
  description: 'pid 7, uptime 0:00:01',
  start: 990,
  stop: 0,
  now: 1_000,
  state: 20,
  statename: 'RUNNING',
  spawnerr: '',
  exitstatus: 0,
  logfile: '',
  stdout_logfile: '/log',
  stderr_logfile: '',
  pid: 7,
};

describe('what supervisord tells', () => {
  test('replies that differ in now and uptime only are one, and can still be read', () => {
    const masked = (one: object, tag = 'int'): Buffer => {
      const reply = Buffer.from(encodeResponse([one]).toString().replaceAll('int>', `${tag}>`));
      maskReply(reply);
      return reply;
    };
    const later = { ...info, now: 1_002, description: 'pid 7, uptime 0:00:03' };
    expect(masked(info).equals(masked(later))).toBe(true);
    expect(masked(info, 'i4').equals(masked(later, 'i4'))).toBe(true);
    expect(masked(info).equals(masked({ ...later, pid: 8 }))).toBe(false);
    const answer = decodeResponse(masked(info, 'i4'));
    expect(answer.kind === 'value' && toldProcesses(answer.value)).toMatchObject([
      { pid: 7, start: 990, state: 'RUNNING' },
    ]);
    expect(nowInReply(encodeResponse([later]))).toBe(1_002);
    expect(nowInReply(encodeResponse([]))).toBeNull();
  });

  test('only an array of processes is believed', () => {
    expect(toldProcesses([info])?.[0]).toMatchObject({ state: 'RUNNING', hasStdout: true, hasStderr: false });
    expect(toldProcesses([{ name: 'a' }])).toBeNull();
    expect(toldProcesses({ 0: info })).toBeNull();
    expect(toldProcesses([null])).toBeNull();
  });

  test("times are the hub's, exit status only once a child ended", () => {
    const [told] = toldProcesses([info]) as [ToldProcess];
    const running = linkProcess(told, undefined, { skewMs: 5_000, nowMs: 995_000, lastAskedMs: 0 });
    expect(running).toMatchObject({
      startedAtMs: 985_000,
      sinceMs: 985_000,
      exitStatus: null,
      stoppedAtMs: 0,
    });
    const ended: ToldProcess = { ...told, state: 'EXITED', pid: 0, stop: 1_001, exitStatus: 3 };
    const exited = linkProcess(ended, running, { skewMs: 5_000, nowMs: 997_000, lastAskedMs: 995_000 });
    expect(exited).toMatchObject({ sinceMs: 996_000, exitStatus: 3, stoppedAtMs: 996_000 });
    const same = linkProcess(ended, exited, { skewMs: 5_000, nowMs: 999_000, lastAskedMs: 997_000 });
    expect(same.sinceMs).toBe(996_000);
  });

  test('the 0 told of a child that ended before startsecs is not believed', () => {
    const [told] = toldProcesses([info]) as [ToldProcess];
    const telling = { skewMs: 0, nowMs: 1_002_000, lastAskedMs: 1_000_000 };
    for (const state of ['BACKOFF', 'FATAL'] as const) {
      const ended: ToldProcess = { ...told, state, pid: 0, stop: 1_001, exitStatus: 0 };
      expect(linkProcess(ended, undefined, telling).exitStatus, state).toBeNull();
    }
  });

  test('a crash is a state nobody asks for, entered since the last look', () => {
    const [told] = toldProcesses([info]) as [ToldProcess];
    const exited: ToldProcess = { ...told, state: 'EXITED', stop: 1_001, exitStatus: 1, pid: 0 };
    expect(crashed(exited, told)).toBe(true);
    expect(crashed(exited, exited)).toBe(false);
    expect(crashed(exited, undefined)).toBe(false);
    expect(crashed({ ...exited, exitStatus: 0 }, told)).toBe(false);
    expect(crashed({ ...exited, state: 'STOPPED' }, told)).toBe(false);
    expect(crashed({ ...exited, state: 'BACKOFF', stop: 1_002 }, { ...exited, state: 'BACKOFF' })).toBe(true);
  });

  test('last words are the last twenty lines, without blank ones at the end', () => {
    expect(lastLines('a\r\nb\n\n')).toEqual(['a', 'b']);
    expect(lastLines('')).toEqual([]);
    expect(lastLines(Array.from({ length: 30 }, (_, n) => `${n}`).join('\n'))).toHaveLength(20);
  });
});

describe('the address of a supervisord', () => {
  test.each([
    ['http://web-01:9001', { kind: 'tcp', secure: false, hostname: 'web-01', port: 9001, path: '/RPC2' }],
    ['https://[::1]/sup/RPC2', { kind: 'tcp', secure: true, hostname: '::1', port: 443, path: '/sup/RPC2' }],
    ['unix:///run/supervisor.sock', { kind: 'unix', socketPath: '/run/supervisor.sock' }],
  ])('%s', (url, value) => {
    expect(parseSupervisordAddress(url)).toMatchObject({ ok: true, value });
  });

  test.each([
    'ftp://web-01',
    'web-01:9001',
    'http://op:pw@web-01:9001',
    'http://web-01:9001/?action=stopall',
    'http://169.254.169.254/latest',
    'http://[::ffff:169.254.169.254]/',
    'http://0xa9fea9fe/',
    'http://[fe80::1]:9001',
    'unix://run/x.sock',
  ])('%s is refused, with a hint', (url) => {
    expect(parseSupervisordAddress(url)).toMatchObject({
      ok: false,
      problems: [{ where: 'url', hint: expect.stringMatching(/\.$/) }],
    });
  });
});

test('a rate lets a burst pass, and then so many a second', () => {
  const clock = new FakeClock();
  const rate = new RateLimit({ burst: 3, perSecond: 2 }, clock);
  expect([1, 2, 3, 4].map(() => rate.take())).toEqual([true, true, true, false]);
  clock.advance(500);
  expect([rate.take(), rate.take()]).toEqual([true, false]);
});
