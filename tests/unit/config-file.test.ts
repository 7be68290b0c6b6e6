import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, type TestContext, test } from 'vitest';
import { readConfig } from '../../src/config.ts';
import { tempDir } from '../support/supervisors.ts';

function fileWith(t: TestContext, text: string): string {
  const path = join(tempDir(t), 'hub.conf');
  writeFileSync(path, text);
  return path;
}

test('flags go before the environment, that before the file, that before the defaults', (t) => {
  const path = fileWith(
    t,
    'port = 1\nbase_path = /file\nlog-level = "warn" ; calm\nkeep-events = 30d\n\n# end\n',
  );
  const read = readConfig(['--config', path, '--port', '3', 'run'], {
    FLEETVISOR_PORT: '2',
    FLEETVISOR_BASE_PATH: '/env',
  });
  if (!read.ok) throw new Error(JSON.stringify(read.problems));
  const { port, basePath, logLevel, keepEventsMs, host } = read.value;
  expect({ port, basePath, logLevel, keepEventsMs, host }).toEqual({
    port: 3,
    basePath: '/env',
    logLevel: 'warn',
    keepEventsMs: 30 * 86_400_000,
    host: '127.0.0.1',
  });
  expect(read.rest).toEqual(['run']);
});

test('everything wrong is told at once, each with its file and line', (t) => {
  const path = fileWith(t, 'sessions = 1\nport = x\nport = 3\nrubbish\ntls-cert = /c.pem\nhost = 0.0.0.0\n');
  const read = readConfig(['--log-level', 'loud'], { FLEETVISOR_CONFIG: path });
  if (read.ok) throw new Error('it was taken');
  expect(read.problems.map(({ where }) => where.replace(path, 'F'))).toEqual([
    'F:1',
    'F:3',
    'F:4',
    'F:2: port',
    '--log-level',
    '--tls-key',
  ]);
  expect(read.problems[0]?.says).toContain('did you mean session-idle?');
});

test('a file that cannot be read is one problem', (t) => {
  const read = readConfig(['--config', join(tempDir(t), 'none.conf')], {});
  expect(read.ok ? [] : read.problems.map(({ says }) => says)).toEqual(['cannot be read: ENOENT']);
});
