import { describe, expect, test } from 'vitest';
import { checkConfig, checkLines } from '../../agent/src/config/check.ts';
import { readCtlConfig } from '../../agent/src/config/ctl-config.ts';
import { glob } from '../../agent/src/config/glob.ts';
import { daemonHelp } from '../../agent/src/config/help.ts';
import { knownOptions } from '../../agent/src/config/known-options.ts';
import { SAMPLE_CONFIG } from '../../agent/src/config/sample.ts';
import { fakeFiles, fakeUsers, loaded, requestOf } from '../support/fake-config.ts';

const linesOf = (text: string) => checkLines(checkConfig(requestOf({ text })));

describe('checking', () => {
  test('a file with nothing wrong', () => {
    expect(linesOf('[supervisord]\n[program:a]\ncommand=a\n')).toEqual(['no problems found']);
  });

  test('problems and warnings, each with its place and a way to mend it', () => {
    const text = `[supervisord]
loglvel=info
[program:a]
comand=x
command=sh -c "a ; b"
startsecs=soon
[programm:b]
command=x
[group:g]
programs=aa
[whatever]
x=%(nope)s
`;
    expect(linesOf(text)).toEqual([
      "/etc/app/s.conf:6: error: invalid literal for int() with base 10: 'soon' in section 'program:a' (file: '/etc/app/s.conf')",
      '    hint: use a whole number, such as 10',
      '/etc/app/s.conf:10: error: [group:g] names unknown program or fcgi-program aa',
      '    hint: did you mean a?',
      '/etc/app/s.conf:2: warning: unknown option loglvel in [supervisord] is ignored',
      '    hint: did you mean loglevel?',
      "/etc/app/s.conf:3: warning: can't parse command 'sh -c \"a': No closing quotation",
      '    hint: close the quotation; a ; or # after a blank cuts the line even inside quotes',
      '/etc/app/s.conf:4: warning: unknown option comand in [program:a] is ignored',
      '    hint: did you mean command?',
      '/etc/app/s.conf:7: warning: unknown section [programm:b] is ignored',
      '    hint: did you mean program:?',
      '/etc/app/s.conf:11: warning: unknown section [whatever] is ignored',
      '2 errors, 5 warnings',
    ]);
    expect(checkConfig(requestOf({ text })).exitStatus).toBe(2);
  });

  test('a command that cannot be expanded is one problem, not also an empty command', () => {
    const lines = linesOf('[supervisord]\n[program:a]\ncommand=%(ENV_NOPE)s\n');
    expect(lines[0]).toContain('/etc/app/s.conf:3: error: Format string');
    expect(lines.at(-1)).toBe('1 error, 0 warnings');
  });

  test('warnings alone leave the exit status 0', () => {
    const report = checkConfig(
      requestOf({ text: '[supervisord]\nidentifier=a\nidentifier=b\n[include]\nfiles=x\n' }),
    );
    expect(report.exitStatus).toBe(0);
    expect(checkLines(report)).toEqual([
      '/etc/app/s.conf: warning: No file matches via include "/etc/app/x"',
      '/etc/app/s.conf:3: warning: identifier in [supervisord] replaces the one at /etc/app/s.conf:2',
      '0 errors, 2 warnings',
    ]);
  });

  test('a text of several lines stays readable', () => {
    expect(linesOf('x=1\n').slice(0, 3)).toEqual([
      '/etc/app/s.conf:1: error: File contains no section headers.',
      "    file: '/etc/app/s.conf', line: 1",
      "    'x=1\\n'",
    ]);
  });

  test('[DEFAULT] options and plugin options are nobody’s mistake', () => {
    expect(linesOf('[DEFAULT]\nfoo=1\n[supervisord]\n[ctlplugin:x]\nbar=1\n')).toEqual(['no problems found']);
  });
});

describe('the sample', () => {
  test('is a configuration that starts nothing', () => {
    expect(loaded(SAMPLE_CONFIG)).toMatchObject({
      groups: [],
      servers: [{ path: '/tmp/supervisor.sock' }],
      notices: [],
    });
    expect(linesOf(SAMPLE_CONFIG)).toEqual(['no problems found']);
  });

  test('names every option there is, and no other', () => {
    const shown = SAMPLE_CONFIG.replace(/^;(?=\[|[a-z_]+=)/gm, '');
    const { warnings } = checkConfig(requestOf({ text: shown }));
    expect(warnings.filter(({ says }) => says.startsWith('unknown'))).toEqual([]);
    for (const section of [
      'supervisord',
      'program:x',
      'eventlistener:x',
      'fcgi-program:x',
      'group:x',
      'fleetvisor',
    ]) {
      const options = knownOptions(section);
      if (options === null || options === 'any') throw new Error(section);
      const missing = options.filter(
        (option) => option !== 'result_handler' && !new RegExp(`^;?${option}=`, 'm').test(SAMPLE_CONFIG),
      );
      expect(missing).toEqual([]);
    }
  });
});

test('CFG-023 the help names every option', () => {
  const help = daemonHelp('fleetvisord');
  for (const option of ['-c', '--nodaemon', '-q', '--minprocs', '--check', '--sample'])
    expect(help).toContain(option);
  expect(help.split('\n').every((line) => line.length <= 100)).toBe(true);
});

describe('the ctl command’s section', () => {
  const read = (text: string, path = 'c.conf') =>
    readCtlConfig(path, {
      cwd: '/conf',
      env: { HOME: '/root', P: 'secret' },
      files: fakeFiles({ '/conf/c.conf': text, '/conf/i.conf': '[supervisorctl]\n' }),
      users: fakeUsers,
    });

  test('CFG-163 to CFG-166 defaults and values', () => {
    expect(read('[supervisorctl]\n')).toEqual({
      ok: true,
      value: {
        serverUrl: 'http://localhost:9001',
        username: null,
        password: null,
        prompt: 'supervisor',
        historyFile: null,
        exposed: null,
        unloadable: [],
      },
    });
    const text =
      '[supervisorctl]\nserverurl=unix://%(here)s/../s.sock\nusername=u\npassword=%(ENV_P)s\nprompt=p\nhistory_file=~/h\n';
    expect(read(text)).toEqual({
      ok: true,
      value: {
        serverUrl: 'unix:///s.sock',
        username: 'u',
        password: 'secret',
        prompt: 'p',
        historyFile: '/root/h',
        exposed: null,
        unloadable: [],
      },
    });
  });

  test('abuse 7: a password any user may read is told, unless the environment gives it', () => {
    const files = { ...fakeFiles({ '/c': '' }), isReadableByAll: () => true };
    const told = (text: string) => {
      const read = readCtlConfig('/c', {
        ...{ cwd: '/', env: { P: 'secret' }, users: fakeUsers },
        files: { ...files, read: () => ({ kind: 'bytes', bytes: Buffer.from(`[supervisorctl]\n${text}`) }) },
      });
      return read.ok ? read.value.exposed : read.problems;
    };
    expect(told('password=x\n')).toBe('/c holds a password and any user may read it: chmod o-r /c');
    expect(told('[fleetvisor]\njoin_token=x\n')).toContain('/c holds');
    expect([told(''), told('password=\n'), told('password=%(ENV_P)s\n')]).toEqual([null, null, null]);
  });

  test('CFG-167 credentials are not taken from server sections, and other sections are not checked', () => {
    const text = '[unix_http_server]\nusername=x\n[supervisord]\nminfds=x\n[supervisorctl]\n';
    expect(read(text)).toMatchObject({ ok: true, value: { username: null } });
  });

  test('CFG-005 CFG-008 CFG-009 CFG-013 what it refuses', () => {
    const says = (text: string, path?: string) => {
      const result = read(text, path);
      return result.ok ? null : result.problems[0].says;
    };
    expect(says('', 'nope')).toBe('could not find config file nope');
    expect(says('[supervisord]\n')).toBe('.ini file does not include supervisorctl section');
    expect(says('[include]\nfiles=i.conf\n')).toBe('.ini file does not include supervisorctl section');
    expect(says('foo\n')).toContain('File contains no section headers.');
    expect(says('[supervisorctl]\nprompt=%(here)s\n')).toContain(
      "for 'supervisorctl.prompt' contains names ('here')",
    );
  });

  test('CFG-227 plugins are Python: left out and named; one without a factory is refused', () => {
    expect(read('[supervisorctl]\n[ctlplugin:x]\nsupervisor.ctl_factory=a:b\n')).toMatchObject({
      ok: true,
      value: { unloadable: ['ctlplugin:x'] },
    });
    expect(read('[supervisorctl]\n[ctlplugin:x]\na=b\n')).toMatchObject({
      problems: [
        { where: 'c.conf:2', says: 'section [ctlplugin:x] does not specify a supervisor.ctl_factory' },
      ],
    });
  });
});

describe('CFG-091 globs', () => {
  const files = fakeFiles({
    '/d/a.ini': '',
    '/d/b.ini': '',
    '/d/.h.ini': '',
    '/d/s/a.ini': '',
    '/d/s/[x]': '',
    '/d/a-b': '',
  });
  test.each([
    ['/d/*.ini', ['/d/a.ini', '/d/b.ini']],
    ['/d/?.ini', ['/d/a.ini', '/d/b.ini']],
    ['/d/[!a].ini', ['/d/b.ini']],
    ['/d/[a-b].ini', ['/d/a.ini', '/d/b.ini']],
    ['/d/[b-a].ini', []],
    ['/d/.*', ['/d/.h.ini']],
    ['/*/*/a.ini', ['/d/s/a.ini']],
    ['/d/**/a.ini', ['/d/s/a.ini']],
    ['/d/s/[[]x]', ['/d/s/[x]']],
    ['/d/a[-]b', ['/d/a-b']],
    ['/d/a-*', ['/d/a-b']],
    ['/d/[😀-\uffff]', []],
    ['/d/a.ini', ['/d/a.ini']],
    ['/d/no.ini', []],
    ['/d/s/', ['/d/s/']],
    ['/d/[a', []],
  ])('%s', (pattern, found) => {
    expect(glob(pattern, files)).toEqual(found);
  });
});
