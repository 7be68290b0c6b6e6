import { expect, test } from 'vitest';
import { type MainLogOptions, openMainLog } from '../../agent/src/logs/main-log.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { FakeLogFiles } from '../support/fake-log-files.ts';

function opened(more: Partial<MainLogOptions> = {}) {
  const files = new FakeLogFiles();
  const complaints: string[] = [];
  const log = openMainLog({
    path: '/main.log',
    maxBytes: 0,
    backups: 0,
    level: 'info',
    clock: new FakeClock(new Date(2026, 0, 31, 9, 5, 0, 23).getTime()),
    syslog: null,
    echo: null,
    complain: (text) => complaints.push(text),
    files,
    ...more,
  });
  return { log, files, complaints, text: () => files.text('/main.log') };
}

test('PROC-087 a line is local time, level, text', () => {
  const { log, text } = opened();
  log.info('supervisord started');
  log.warn('careful');
  expect(text()).toBe(
    '2026-01-31 09:05:00,023 INFO supervisord started\n2026-01-31 09:05:00,023 WARN careful\n',
  );
});

test('PROC-088 lines below the level are not kept', () => {
  const { log, text } = opened({ level: 'trace' });
  for (const level of ['critical', 'error', 'warn', 'info', 'debug', 'trace', 'blather'] as const)
    log[level]('x');
  expect([...(text() ?? '').matchAll(/ ([A-Z]{4}) /g)].map((match) => match[1])).toEqual([
    'CRIT',
    'ERRO',
    'WARN',
    'INFO',
    'DEBG',
    'TRAC',
  ]);
  expect([log.hears('trace'), log.hears('blather')]).toEqual([true, false]);
});

test('PROC-090 the main log rotates as child logs do, and lines can go to syslog alone', () => {
  const { log, files } = opened({ maxBytes: 10, backups: 1 });
  log.info('one');
  log.info('two');
  expect([files.text('/main.log'), files.text('/main.log.1')?.includes('two')]).toEqual(['', true]);
  const lines: string[] = [];
  const other = opened({ path: null, syslog: { write: (line) => lines.push(line) } });
  other.log.info('x');
  expect([lines, other.log.file]).toEqual([['2026-01-31 09:05:00,023 INFO x'], null]);
});

test('PROC-086 in the foreground every line is echoed', () => {
  let echoed = '';
  const { log, text } = opened({
    echo: (line) => {
      echoed += line;
    },
  });
  log.info('x');
  expect(echoed).toBe(text());
});

test('PROC-108 A17 a log that cannot be written complains once on stderr', () => {
  const { log, files, complaints } = opened();
  files.appendError = 'ENOSPC';
  log.info('a');
  log.info('b');
  expect(complaints).toEqual(["cannot write to '/main.log' (ENOSPC), output is lost until it can be"]);
});

test('RPC-129 clearing makes the file anew', () => {
  const { log, text } = opened();
  log.info('a');
  log.clear();
  expect(text()).toBe('');
  log.info('b');
  expect(text()).toMatch(/ INFO b\n$/);
});
