import { expect, test } from 'vitest';
import { describeHost } from '../../src/cli/describe-host.ts';
import { exitText } from '../../src/cli/describe-process.ts';
import { parseSpan, spanText, uptimeText } from '../../src/cli/durations.ts';
import { EXIT_STATUSES, worstOutcome } from '../../src/cli/exit-status.ts';
import { table } from '../../src/cli/table.ts';
import { neutralised, oneLine } from '../../src/cli/terminal-text.ts';
import type { Outcome } from '../../src/fleet/action.ts';
import type { HostView } from '../../src/fleet/host.ts';
import { withColours } from '../../src/fleet/terminal-codes.ts';

const DONE: Outcome = { kind: 'done', state: 'STOPPED', tookMs: 1 };
const FAILED: Outcome = { kind: 'failed', reason: 'x' };
const AWAY: Outcome = { kind: 'unreachable', reason: 'x' };
const UNKNOWN: Outcome = { kind: 'unknown', reason: 'x' };

test('the worst outcome decides: unknown, then failed, then unreachable', () => {
  expect(worstOutcome([DONE, DONE])).toBe('done');
  expect(worstOutcome([DONE, AWAY])).toBe('unreachable');
  expect(worstOutcome([AWAY, FAILED, DONE])).toBe('failed');
  expect(worstOutcome([AWAY, FAILED, UNKNOWN])).toBe('unknown');
});

test('no two exit statuses are the same', () => {
  const all = Object.values(EXIT_STATUSES).map(([status]) => status);
  expect(new Set(all).size).toBe(all.length);
});

test('a name cannot break out of its line or colour the terminal', () => {
  expect(oneLine('a\nb\x1b[31mc\r')).toBe('a␤bc');
  expect(neutralised('\x1b]8;;http://x\x1b\\link\x1b]8;;\x1b\\')).toBe('link');
});

test('a line in the console has its colours and the text of its links, and nothing else of what a terminal obeys', () => {
  expect(withColours('\x1b[31mred\x1b[0m\x1b[2J\x1b[38:2::9:0:0m\x1b]0;title\x07\x1b[?25l')).toBe(
    '\x1b[31mred\x1b[0m',
  );
  expect(withColours('\x1b]8;;javascript:x\x1b\\link\x1b]8;;\x07 \x1bPq\x1b\\after')).toBe('link after');
  expect(withColours('10%\r\tbell\x07 \x1b[38;2;1')).toBe('10%\r\tbell^G ^[[38;2;1');
});

test('what a terminal obeys is found in time, however often it begins and never ends', () => {
  const beganMs = performance.now();
  for (const begin of ['\x9d', '\x9b0', '\x1b]', '\x1b[;', '\x1b '])
    expect(withColours(begin.repeat(60_000))).not.toBe('');
  expect(performance.now() - beganMs).toBeLessThan(1_000);
});

test('times are read and written with their units', () => {
  expect([parseSpan('90s'), parseSpan('5m'), parseSpan('1h'), parseSpan('7'), parseSpan('x')]).toEqual([
    90_000,
    300_000,
    3_600_000,
    7_000,
    null,
  ]);
  expect([spanText(8_000), spanText(62_000), spanText(90_061_000)]).toEqual(['8 s', '1 min', '1 d 1 h']);
  expect([uptimeText(8_000), uptimeText(90_061_000)]).toEqual(['0:00:08', '1 day, 1:01:01']);
});

test('columns are as wide as what they show, colours not counted', () => {
  expect(
    table([
      [{ text: 'a' }, { text: 'x', shown: '\x1b[1mx\x1b[0m' }, { text: '1' }],
      [{ text: 'bbb' }, { text: 'yy' }, { text: '' }],
    ]),
  ).toEqual(['a    \x1b[1mx\x1b[0m   1', 'bbb  yy']);
});

test('how a child ended is told in words where a supervisord has no number for it', () => {
  expect(exitText({ exitStatus: 3, exitSignal: null })).toBe('exit 3');
  expect(exitText({ exitStatus: null, exitSignal: 'SIGKILL' })).toBe('killed by SIGKILL');
  expect(exitText({ exitStatus: -1, exitSignal: null })).toBe('killed by a signal');
});

test('a host that answers with another time than the hub’s is told so', () => {
  const host = (clockSkewMs: number): HostView => ({
    id: 'h',
    name: 'web-01',
    kind: 'agent',
    url: null,
    environment: null,
    tags: [],
    disabled: false,
    createdAtMs: 0,
    lastSeenMs: 0,
    processCount: 0,
    reachability: { kind: 'reachable', sinceMs: 0 },
    facts: { identifier: '', version: '', daemonState: 'RUNNING', pid: 1, clockSkewMs },
  });
  expect(describeHost(host(400), 8_000)).toBe('reachable for 8 s');
  expect(describeHost(host(7_200_400), 8_000)).toBe('reachable for 8 s, its clock is 2 h ahead');
  expect(describeHost(host(-61_000), 8_000)).toBe('reachable for 8 s, its clock is 1 min behind');
});
