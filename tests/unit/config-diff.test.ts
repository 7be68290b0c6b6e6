import { expect, test } from 'vitest';
import { diffConfig } from '../../agent/src/config/diff.ts';
import { loaded } from '../support/fake-config.ts';

function diff(before: string, after: string) {
  const head = (text: string) => (text.includes('[supervisord]') ? text : `[supervisord]\n${text}`);
  return diffConfig(loaded(head(before)).groups, loaded(head(after)));
}

const NOTHING = { added: [], changed: [], removed: [] };
const A = '[program:a]\ncommand=a\n';
const B = '[program:b]\ncommand=b\n';

test('RPC-062 added and changed in the new order, removed in the active one', () => {
  const before = `${A}${B}[program:c]\ncommand=c\n[program:d]\ncommand=d\n`;
  const after =
    '[program:z]\ncommand=z\npriority=2\n[program:b]\ncommand=x\npriority=3\n[program:a]\ncommand=a2\npriority=1\n[program:y]\ncommand=y\npriority=0\n';
  expect(diff(before, after)).toEqual({ added: ['y', 'z'], changed: ['a', 'b'], removed: ['c', 'd'] });
});

test.each([
  'command=other',
  'priority=1',
  'autostart=no',
  'autorestart=no',
  'startsecs=7',
  'startretries=7',
  'exitcodes=1',
  'stopsignal=INT',
  'stopwaitsecs=7',
  'stopasgroup=yes',
  'killasgroup=yes',
  'user=nobody',
  'redirect_stderr=yes',
  'environment=A=1',
  'directory=/tmp',
  'umask=077',
  'serverurl=http://x',
  'process_name=x',
  'stdout_logfile=/tmp/x',
  'stderr_logfile=none',
  'stdout_logfile_maxbytes=1',
  'stderr_logfile_backups=1',
  'stdout_capture_maxbytes=1',
  'stderr_events_enabled=yes',
  'stdout_syslog=yes',
])('RPC-060 %s changes its group', (line) => {
  expect(diff(A, `${A}${line}\n`)).toEqual({ ...NOTHING, changed: ['a'] });
});

test('RPC-060 the same options in another order, file or spelling change nothing', () => {
  expect(diff(`${A}${B}`, `; comment\n${B}[program:a]\nautostart=TRUE\ncommand = a\n`)).toEqual(NOTHING);
  expect(diff(`${A}environment=A=1,B=2\n`, `${A}environment=B="2",A="1"\n`)).toEqual(NOTHING);
});

test('RPC-060 a log file that becomes automatic is not noticed, one that becomes named is', () => {
  expect(diff(`${A}stdout_logfile=/tmp/x\n`, A)).toEqual(NOTHING);
  expect(diff(A, `${A}stdout_logfile=/tmp/x\n`)).toEqual({ ...NOTHING, changed: ['a'] });
});

test('RPC-060 members count in order, with their group’s priority', () => {
  const group = (line: string) => `${A}${B}[group:g]\n${line}\n`;
  expect(diff(group('programs=a,b'), group('programs=b,a'))).toEqual({ ...NOTHING, changed: ['g'] });
  expect(diff(group('programs=a'), group('programs=a\npriority=1'))).toEqual({ ...NOTHING, changed: ['g'] });
  expect(diff(A, group('programs=a'))).toEqual({ added: ['b', 'g'], changed: [], removed: ['a'] });
});

test('RPC-060 pool and socket options', () => {
  const pool = (line: string) => `[eventlistener:l]\ncommand=l\n${line}\n`;
  expect(diff(pool('events=TICK_5,EVENT'), pool('events=EVENT,TICK_5'))).toEqual(NOTHING);
  expect(diff(pool('events=TICK_5'), pool('events=TICK_60'))).toEqual({ ...NOTHING, changed: ['l'] });
  expect(diff(pool('events=TICK_5'), pool('events=TICK_5\nbuffer_size=1'))).toEqual({
    ...NOTHING,
    changed: ['l'],
  });
  const fcgi = (line: string) => `[fcgi-program:f]\ncommand=f\nsocket=${line}\n`;
  expect(diff(fcgi('tcp://h:1'), fcgi('tcp://h:2'))).toEqual({ ...NOTHING, changed: ['f'] });
  expect(diff(fcgi('unix:///a'), fcgi('unix:///a\nsocket_mode=0600'))).toEqual(NOTHING);
});

test('RPC-061 the daemon’s environment changes every group', () => {
  expect(diff(A + B, `${A}${B}[supervisord]\nenvironment=X=1\n`)).toEqual({
    ...NOTHING,
    changed: ['a', 'b'],
  });
});

test('RPC-063 a server section changes no group, though children would hear of it', () => {
  expect(diff(A, `${A}[inet_http_server]\nport=1\n`)).toEqual(NOTHING);
});
