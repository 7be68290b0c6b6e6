import { expect, test } from 'vitest';
import { driftOf } from '../../src/control/drift.ts';
import { masked } from '../../src/fleet/masked.ts';
import type { HostConfig, ProcessOptions } from '../../src/fleet/process-options.ts';
import { toldConfig } from '../../src/links/told-config.ts';

const process = (name: string, options: Record<string, string>, group = 'web'): ProcessOptions => ({
  group,
  name,
  options,
  environment: null,
});
const on = (host: string, processes: readonly ProcessOptions[], says = '') => {
  const config: HostConfig = { atMs: 1, processes, says };
  return { host, config, sees: (name: string) => name !== 'hidden' };
};

test('what differs is told by program and option, the commonest value first', () => {
  const { rows, compared } = driftOf('web', [
    on('a', [
      process('w_0', { startsecs: '1', user: 'www' }),
      process('w_1', { startsecs: '1', user: 'www' }),
    ]),
    on('b', [process('w_0', { startsecs: '1', user: 'www' })]),
    on('c', [process('w_0', { startsecs: '9', user: 'www' }), process('other', { startsecs: '5' })]),
  ]);
  expect(compared).toEqual(['a', 'b', 'c']);
  expect(rows).toEqual([
    {
      program: 'w',
      option: 'numprocs',
      values: [
        { value: '1', hosts: ['b', 'c'] },
        { value: '2', hosts: ['a'] },
      ],
    },
    {
      program: 'w',
      option: 'startsecs',
      values: [
        { value: '1', hosts: ['a', 'b'] },
        { value: '9', hosts: ['c'] },
      ],
    },
  ]);
});

test('nothing differs where options are the same but for their host, are not told, or may not be seen', () => {
  const { rows } = driftOf('web', [
    on('web-1', [process('w', { command: 'run --name web-1', umask: '022' }), process('hidden', { x: '1' })]),
    on('web-2', [process('w', { command: 'run --name web-2' }), process('hidden', { x: '2' })]),
  ]);
  expect(rows).toEqual([]);
});

test('a host that did not tell is named with the reason, and so is one that has the group no longer', () => {
  const { missing, compared, rows } = driftOf('web', [
    on('a', [process('w', { x: '1' })]),
    on('b', [], 'b does not answer: timeout'),
    on('c', [process('w', { x: '2' }, 'else')]),
  ]);
  expect(missing).toEqual([
    { host: 'b', says: 'b does not answer: timeout' },
    { host: 'c', says: 'has it no longer in its configuration' },
  ]);
  expect([compared, rows]).toEqual([['a'], []]);
});

test('options are told as they are written in the file, AUTO logs under no name of their own', () => {
  const told = toldConfig([
    {
      group: 'g',
      name: 'n',
      inuse: true,
      autostart: false,
      stopsignal: 15,
      exitcodes: [0, 2],
      stdout_logfile: '/tmp/n-stdout---supervisor-x9_k2j1a.log',
      stderr_logfile: '/var/log/n.err',
      stdout_logfile_maxbytes: 52_428_800,
      stderr_logfile_maxbytes: 1_000,
      process_prio: 999,
      environment_names: ['B', 'A'],
    },
  ]);
  expect(told?.[0]).toMatchObject({
    environment: ['B', 'A'],
    options: {
      autostart: 'false',
      stopsignal: 'TERM',
      exitcodes: '0,2',
      stdout_logfile: 'AUTO',
      stderr_logfile: '/var/log/n.err',
      stdout_logfile_maxbytes: '50MB',
      stderr_logfile_maxbytes: '1000',
      priority: '999',
    },
  });
  expect(toldConfig({ not: 'a list' })).toBeNull();
  expect(toldConfig([{ name: 'without a group' }])).toBeNull();
});

test('what looks like a secret in a command is not shown, everything else is', () => {
  expect(masked('run --password=hunter2 --port=80')).toBe('run --password=… --port=80');
  expect(masked("run --api-key 'a b' -v")).toBe('run --api-key … -v');
  expect(masked('env DB_PASSWORD=x AWS_SECRET_ACCESS_KEY="y z" node app.js')).not.toMatch(/=x|y z/);
  expect(masked('psql postgres://me:pw@db/x')).toBe('psql postgres://…@db/x');
  expect(masked('sleep 1000 --author me')).toContain('sleep 1000');
});
