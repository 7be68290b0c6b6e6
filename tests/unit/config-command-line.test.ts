import { describe, expect, test } from 'vitest';
import {
  defaultConfigPaths,
  findConfigFile,
  NO_OPTIONS,
  parseCommandLine,
} from '../../agent/src/config/command-line.ts';
import { loadConfig } from '../../agent/src/config/load.ts';
import { fakeFiles, fakeUsers, requestOf } from '../support/fake-config.ts';

const paths = {
  cwd: '/conf',
  env: { HOME: '/root' },
  files: fakeFiles({}, ['/conf', '/root']),
  users: fakeUsers,
};

function lineOf(...args: string[]) {
  const parsed = parseCommandLine(args, paths);
  if (!parsed.ok) throw new Error(parsed.problems[0].says);
  return parsed.value;
}

function saysOf(...args: string[]): string {
  const parsed = parseCommandLine(args, paths);
  if (parsed.ok) throw new Error('it is taken');
  return parsed.problems[0].says;
}

describe('how options are written', () => {
  test('CFG-014 short ones may be bundled, long ones shortened, with = or a blank', () => {
    expect(lineOf('-nsktz5', '-c', 'x')).toMatchObject({
      foreground: true,
      silent: true,
      keepAutoLogs: true,
      stripAnsi: true,
      logBackups: 5,
      configPath: 'x',
    });
    expect(lineOf('--nod', '--conf=x', '--logl', 'DEBUG')).toMatchObject({
      foreground: true,
      configPath: 'x',
      logLevel: 'debug',
    });
    expect(lineOf('--logfile', 'x', '--logfile_b', '2')).toMatchObject({ logFile: 'x', logBackups: 2 });
  });

  test('CFG-014 what getopt refuses', () => {
    expect(saysOf('--logfile_')).toBe('option --logfile_ not a unique prefix');
    expect(saysOf('-c')).toBe('option -c requires argument');
    expect(saysOf('--user')).toBe('option --user requires argument');
    expect(saysOf('--nodaemon=1')).toBe('option --nodaemon must not have an argument');
  });

  test('CFG-015 CFG-016 words and options nobody knows', () => {
    expect(saysOf('foo', "it's")).toBe("positional arguments are not supported: ['foo', \"it's\"]");
    expect(saysOf('-n', '--', '-x')).toBe("positional arguments are not supported: ['-x']");
    expect(saysOf('--bogus')).toBe('option --bogus not recognized');
    expect(saysOf('-nx')).toBe('option -x not recognized');
    expect(saysOf('-:')).toBe('option -: not recognized');
  });

  test('CFG-017 CFG-018 the same option twice, and bad values', () => {
    expect(saysOf('-n', '-n')).toBe("conflicting command line option '-n'");
    expect(saysOf('-c', 'a', '--configuration', 'b')).toBe(
      "conflicting command line option '--configuration'",
    );
    expect(saysOf('-e', 'loud')).toBe("invalid value for -e 'loud': bad logging level name 'loud'");
    expect(saysOf('--dir=/nope')).toBe(
      "invalid value for --directory '/nope': /nope is not an existing directory",
    );
    expect(saysOf('-l', '/nope/x')).toBe(
      "invalid value for -l '/nope/x': The directory named as part of the path /nope/x does not exist",
    );
  });

  test('CFG-023 CFG-024 help and version come at once, but after the arguments were understood', () => {
    expect(lineOf('-h', '-n', '-n').mode).toBe('help');
    expect(lineOf('-?').mode).toBe('help');
    expect(lineOf('--version', '-h').mode).toBe('version');
    expect(saysOf('-h', '--bogus')).toBe('option --bogus not recognized');
  });

  test('our own options take no shortening from supervisord’s', () => {
    expect(lineOf('--check', '-c', 'x')).toMatchObject({ mode: 'check', configPath: 'x' });
    expect(lineOf('--sample').mode).toBe('sample');
    expect(lineOf('--ch', '/tmp').childLogDir).toBe('/tmp');
    expect(saysOf('--sampl')).toBe('option --sampl not recognized');
  });
});

describe('what options set', () => {
  test('CFG-020 to CFG-039 one of each', () => {
    expect(
      lineOf(
        ...[
          '-c',
          'f',
          '-u',
          'nobody',
          '-m',
          '077',
          '-d',
          '/tmp',
          '-l',
          '~/l',
          '-y',
          '1MB',
          '-z',
          '1',
          '-e',
          'warn',
        ],
        ...['-j', 'p', '-i', 'me', '-q', '/tmp', '-a', '10', '--minprocs', '20', '--profile_options', 'a,b'],
      ),
    ).toEqual({
      ...NO_OPTIONS,
      configPath: 'f',
      user: 'nobody',
      umask: 0o77,
      directory: '/tmp',
      logFile: '/root/l',
      logMaxBytes: 1048576,
      logBackups: 1,
      logLevel: 'warn',
      pidFile: 'p',
      identifier: 'me',
      childLogDir: '/tmp',
      minFds: 10,
      minProcs: 20,
      profileOptions: ['a', 'b'],
    });
  });

  test('CFG-019 CFG-040 the command line beats the file and flags only switch on', () => {
    const text = '[supervisord]\nnodaemon=true\nidentifier=file\nlogfile=file.log\nuser=ghost\nminfds=5\n';
    const overrides = { identifier: 'line', logFile: 'line.log', user: 'nobody', minFds: 7 };
    const config = loadConfig(requestOf({ text, overrides }));
    expect(config).toMatchObject({
      value: {
        daemon: {
          foreground: true,
          identifier: 'line',
          logFile: '/conf/line.log',
          user: { uid: 65534 },
          minFds: 7,
        },
      },
    });
  });
});

describe('finding the file', () => {
  test('CFG-001 the places, in order', () => {
    const usual = [
      'supervisord.conf',
      'etc/supervisord.conf',
      '/etc/supervisord.conf',
      '/etc/supervisor/supervisord.conf',
    ];
    expect(defaultConfigPaths('/opt/x/bin/d')).toEqual([
      '/opt/x/etc/supervisord.conf',
      '/opt/x/supervisord.conf',
      ...usual,
    ]);
    expect(defaultConfigPaths('/bin/d')).toEqual(['/etc/supervisord.conf', '/supervisord.conf', ...usual]);
    expect(defaultConfigPaths('d')).toEqual(['etc/supervisord.conf', 'supervisord.conf', ...usual]);
    const files = fakeFiles({ '/conf/etc/supervisord.conf': '', '/etc/supervisord.conf': '' });
    expect(findConfigFile('/opt/x/bin/d', { files, cwd: '/conf' })).toEqual({
      ok: true,
      value: 'etc/supervisord.conf',
    });
  });

  test('CFG-002 nothing found', () => {
    expect(findConfigFile('/usr/bin/d', paths)).toMatchObject({
      problems: [
        {
          says: 'No config file found at default paths (/usr/etc/supervisord.conf, /usr/supervisord.conf, supervisord.conf, etc/supervisord.conf, /etc/supervisord.conf, /etc/supervisor/supervisord.conf); use the -c option to specify a config file at a different path',
        },
      ],
    });
  });
});
