import { expect, test } from 'vitest';
import type { ChannelConfig, LogLevel } from '../../agent/src/config/config.ts';
import { type ChildLog, type ChildOutput, createChildLog } from '../../agent/src/logs/child-log.ts';
import { createLogWriters } from '../../agent/src/logs/log-writers.ts';
import { LOG_LEVELS, type MainLog } from '../../agent/src/logs/main-log.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { FakeLogFiles } from '../support/fake-log-files.ts';

interface Bench {
  readonly files: FakeLogFiles;
  readonly log: ChildLog;
  readonly told: ChildOutput[];
  readonly echoed: string[];
  readonly syslogged: string[];
  write(...texts: readonly string[]): void;
}

interface Setup extends Partial<ChannelConfig> {
  readonly level?: LogLevel;
  readonly stripAnsi?: boolean;
  readonly isListener?: boolean;
  readonly wantsLogs?: boolean;
}

function opened(setup: Setup = {}): Bench {
  const files = new FakeLogFiles();
  const told: ChildOutput[] = [];
  const echoed: string[] = [];
  const syslogged: string[] = [];
  const silent = () => {};
  const mainLog: MainLog = {
    critical: silent,
    error: silent,
    warn: silent,
    info: silent,
    debug: (text) => echoed.push(text),
    trace: silent,
    blather: silent,
    hears: (level) => LOG_LEVELS[level].weight >= LOG_LEVELS[setup.level ?? 'info'].weight,
    file: null,
    clear: silent,
    reopen: silent,
    close: silent,
  };
  const log = createChildLog({
    process: { name: 'p', group: 'g' },
    channel: 'stdout',
    config: {
      logFile: { kind: 'file', path: '/p.log' },
      maxBytes: 0,
      backups: 0,
      captureMaxBytes: 0,
      eventsEnabled: false,
      syslog: false,
      ...setup,
    },
    isListener: setup.isListener ?? false,
    childLogDir: '/child',
    identifier: 'id',
    stripAnsi: () => setup.stripAnsi ?? false,
    pid: () => 42,
    writers: createLogWriters({ clock: new FakeClock(), files, report: { error: silent, warn: silent } }),
    mainLog,
    syslog: () => ({ write: (line) => syslogged.push(line) }),
    wantsLogs: () => setup.wantsLogs ?? true,
    tell: (output) => told.push(output),
  });
  log.open();
  const write = (...texts: readonly string[]) => {
    for (const text of texts) log.write(Buffer.from(text, 'latin1'));
  };
  return { files, log, told, echoed, syslogged, write };
}

const BEGIN = '<!--XSUPERVISOR:BEGIN-->';
const END = '<!--XSUPERVISOR:END-->';

test('PROC-101 bytes reach the file as they are', () => {
  const { files, write } = opened();
  write('a\x00\xff\x1b[0m', '\n');
  expect(files.text('/p.log')).toBe('a\x00\xff\x1b[0m\n');
});

test('the chunk may be reused as soon as write returns', () => {
  const { files, log, told } = opened({ eventsEnabled: true, captureMaxBytes: 100 });
  const chunk = Buffer.from(`x${BEGIN}message`);
  log.write(chunk);
  chunk.fill('!');
  log.write(Buffer.from(END));
  expect(files.text('/p.log')).toBe('x');
  expect(told.map(({ kind, data }) => [kind, String(data)])).toEqual([
    ['process-log', 'x'],
    ['process-log', 'message'],
    ['process-communication', 'message'],
  ]);
});

test('PROC-102 stripping covers the log and the log events', () => {
  const { files, log, told, write } = opened({ stripAnsi: true, eventsEnabled: true });
  write('\x1b[31mred\x1b', '[0m\n\x1b');
  log.end();
  expect(files.text('/p.log')).toBe('red\n\x1b');
  expect(told.map(({ data }) => String(data)).join('')).toBe('red\n\x1b');
});

test('PROC-114 captured text is told as a log event too, though it stays out of the log', () => {
  const { files, told, write } = opened({ eventsEnabled: true, captureMaxBytes: 10 });
  write(`a${BEGIN}m${END}b`);
  expect(files.text('/p.log')).toBe('ab');
  expect(told.map(({ kind }) => kind)).toEqual([
    'process-log',
    'process-log',
    'process-communication',
    'process-log',
  ]);
  expect(told[2]).toMatchObject({ pid: 42, channel: 'stdout', process: { name: 'p', group: 'g' } });
});

test('PROC-111 without capture the tokens are ordinary text', () => {
  const { files, told, write } = opened();
  write(`${BEGIN}m${END}`);
  expect([files.text('/p.log'), told]).toEqual([`${BEGIN}m${END}`, []]);
});

test('PROC-113 the last bytes of a child are written when it is gone', () => {
  const { files, log, write } = opened({ captureMaxBytes: 10 });
  write('hi <!--X');
  log.end();
  expect(files.text('/p.log')).toBe('hi <!--X');
});

test('A53 a message that never ends keeps no more than its limit and one chunk', () => {
  const { log, told, write } = opened({ captureMaxBytes: 10 });
  write(BEGIN, ...Array<string>(1_000).fill('0123456'));
  write(END);
  expect(told[0]?.data.length).toBeLessThanOrEqual(10);
  write(BEGIN, 'left over');
  log.end();
  write(BEGIN, 'm', END);
  expect(String(told[1]?.data)).toBe('m');
});

test('PROC-089 at debug the main log has the output too, what is not UTF-8 as a literal', () => {
  const { echoed, write } = opened({ level: 'debug' });
  write('text\n', '\xff');
  expect(echoed).toEqual(["'p' stdout output:\ntext\n", "'p' stdout output:\nUndecodable: b'\\xff'"]);
});

test('EVT-030 no log event without events_enabled, none while nobody wants one', () => {
  const off = opened();
  off.write('a');
  const unwanted = opened({ eventsEnabled: true, wantsLogs: false });
  unwanted.write('a');
  expect([off.told, unwanted.told]).toEqual([[], []]);
});

test('EVT-031 EVT-054 PROC-116 the protocol channel of a listener is logged and nothing else', () => {
  const { files, told, syslogged, write } = opened({
    isListener: true,
    eventsEnabled: true,
    captureMaxBytes: 10,
    syslog: true,
  });
  write(`READY\n${BEGIN}m${END}`);
  expect([files.text('/p.log'), told, syslogged]).toEqual([`READY\n${BEGIN}m${END}`, [], []]);
});

test('PROC-106 PROC-107 syslog gets each line on its own, beside the file', () => {
  const { files, log, syslogged, write } = opened({ syslog: true });
  write('one\ntw', 'o\n\nrest');
  expect(syslogged).toEqual(['p one', 'p two', 'p ']);
  log.end();
  expect(syslogged.at(-1)).toBe('p rest');
  expect(files.text('/p.log')).toBe('one\ntwo\n\nrest');
});

test('a line without end reaches syslog in parts and memory not at all', () => {
  const { syslogged, write } = opened({ syslog: true, logFile: { kind: 'none' } });
  write('x'.repeat(20_000));
  expect(syslogged.map((line) => line.length)).toEqual([8_194, 8_194]);
});

test('NONE has no file and takes everything', () => {
  const { files, log, write } = opened({ logFile: { kind: 'none' } });
  write('a');
  log.clear();
  log.reopen();
  log.end();
  log.drop();
  expect([log.file, files.names.size]).toEqual([null, 0]);
});

test('PROC-100 a log that no child ever used is not made by reopening', () => {
  const { files, log } = opened();
  files.names.delete('/p.log');
  log.drop();
  log.reopen();
  expect(files.names.size).toBe(0);
});
