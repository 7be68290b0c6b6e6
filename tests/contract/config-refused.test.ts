import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, type TestContext, test } from 'vitest';
import { DAEMON, eachSupervisor, headOf, run, type SupervisorKind, tempDir } from '../support/supervisors.ts';

const P = '[program:a]\ncommand=/bin/sleep 100\nautostart=false\n';
const F = '[fcgi-program:f]\ncommand=/bin/cat\n';
const L = '[eventlistener:e]\ncommand=/bin/cat\n';
const IN_A = " in section 'program:a' (file: 's.conf')";
const int = (text: string) => `invalid literal for int() with base 10: '${text}'`;

/** `{names}` stands for whatever names the environment of the test gives. */
type Row = readonly [title: string, config: string, says: string, files?: Readonly<Record<string, string>>];

const program = (line: string) => `[supervisord]\n${P}${line}\n`;
const own = (title: string, line: string, says: string): Row => [title, program(line), says + IN_A];
const daemon = (title: string, line: string, says: string): Row => [title, `[supervisord]\n${line}\n`, says];
const after = (title: string, sections: string, says: string): Row => [
  title,
  `[supervisord]\n${P}${sections}`,
  says,
];

const ROWS: readonly Row[] = [
  ['CFG-007 no [supervisord]', P, '.ini file does not include supervisord section'],
  ['CFG-007 an empty file', '', '.ini file does not include supervisord section'],
  [
    'CFG-011 the included file that introduced the section',
    '[supervisord]\n[include]\nfiles=b.ini\n',
    "not a valid boolean value: 'x' in section 'program:b' (file: '{dir}/b.ini')",
    { 'b.ini': '[program:b]\ncommand=b\nautostart=x\n' },
  ],
  after('CFG-012 a name has no such suffix', '[program:x/y]\ncommand=x\n', "Invalid name: 'x/y' because of character: '/'"),
  ['CFG-051 an option before any header', 'x=1\n', "File contains no section headers.\nfile: 's.conf', line: 1\n'x=1\\n'"],
  ['CFG-050 a byte order mark', '\ufeff[supervisord]\n', "File contains no section headers.\nfile: 's.conf', line: 1\n'\\ufeff[supervisord]\\n'"],
  [
    'CFG-052 lines that are nothing, all of them',
    "[supervisord]\nfoo\nx=1\nit's\n",
    "Source contains parsing errors: 's.conf'\n\t[line  2]: 'foo\\n'\n\t[line  4]: \"it's\\n\"",
  ],
  own('CFG-072 a lone %', 'command=date +%Y', "Format string 'date +%Y' for 'program:a.command' is badly formatted: unsupported format character 'Y' (0x59) at index 7"),
  own('CFG-072 a % at the end', 'command=100%', "Format string '100%' for 'program:a.command' is badly formatted: incomplete format"),
  own('CFG-073 an unknown name', 'directory=%(nope)s', "Format string '%(nope)s' for 'program:a.directory' contains names ('nope') which cannot be expanded. Available names: {names}, group_name, here, host_node_name, numprocs, process_num, program_name"),
  own('CFG-074 late options have a short label', 'process_name=%(nope)s', "Format string '%(nope)s' for 'process_name' contains names ('nope') which cannot be expanded. Available names: {names}, group_name, here, host_node_name, numprocs, process_num, program_name"),
  after('CFG-077 no here in [inet_http_server]', '[inet_http_server]\nport=%(here)s\n', "Format string '%(here)s' for 'inet_http_server.port' contains names ('here') which cannot be expanded. Available names: {names}"),
  daemon('CFG-080 no host_node_name in [supervisord]', 'identifier=%(host_node_name)s', "Format string '%(host_node_name)s' for 'supervisord.identifier' contains names ('host_node_name') which cannot be expanded. Available names: {names}, here"),
  own('CFG-082 no process_num in startsecs', 'startsecs=%(process_num)d', "Format string '%(process_num)d' for 'program:a.startsecs' contains names ('process_num') which cannot be expanded. Available names: {names}, group_name, here, host_node_name, program_name"),
  after('CFG-085 no group_name in a socket', `${F}socket=%(group_name)s\n`, "Format string '%(group_name)s' for 'fcgi-program:f.socket' contains names ('group_name') which cannot be expanded. Available names: {names}, here, program_name"),
  after('CFG-086 no program_name in a group', '[group:g]\nprograms=%(program_name)s\n', "Format string '%(program_name)s' for 'group:g.programs' contains names ('program_name') which cannot be expanded. Available names: {names}, here"),
  after('CFG-089 an include without files', '[include]\n', '.ini file has [include] section, but no files setting'),
  [
    'CFG-098 a syntax error in an included file',
    '[supervisord]\n[include]\nfiles=b.ini\n',
    "Source contains parsing errors: '{dir}/b.ini'\n\t[line  2]: 'foo\\n'",
    { 'b.ini': '[x]\nfoo\n' },
  ],
  after('CFG-100 with an include, %%(here)s breaks', 'command=%%(here)s\n[include]\nfiles=none\n', `Format string '%{dir}' for 'program:a.command' is badly formatted: unsupported format character '/' (0x2f) at index 1${IN_A}`),
  own('CFG-101 a boolean', 'autostart=maybe', "not a valid boolean value: 'maybe'"),
  own('CFG-101 an empty boolean', 'redirect_stderr=', "not a valid boolean value: ''"),
  own('CFG-102 an integer', 'startretries=1.5', int('1.5')),
  own('CFG-103 a byte size', 'stdout_logfile_maxbytes=50M', int('50m')),
  own('CFG-103 a byte size with a fraction', 'stderr_logfile_maxbytes=1.5MB', int('1.5')),
  own('CFG-104 an octal number', 'umask=9', '9 can not be converted to an octal type'),
  own('CFG-105 a signal name', 'stopsignal=FOO', "value 'FOO' is not a valid signal name"),
  own('CFG-105 a signal number', 'stopsignal=99', "value '99' is not a valid signal number"),
  own('CFG-107 exit codes', 'exitcodes=0,256', "not a valid list of exit codes: '0,256'"),
  own('CFG-107 exit codes with a comma too many', 'exitcodes=1,', "not a valid list of exit codes: '1,'"),
  own('CFG-108 autorestart', 'autorestart=Never', "invalid 'autorestart' value 'never'"),
  own('CFG-109 a user', 'user=no-such-user-x', 'Invalid user name no-such-user-x'),
  own('CFG-109 a user id', 'user=3999999', 'Invalid user id 3999999'),
  own('CFG-111 a process name', 'process_name=x y', "Invalid name: 'x y' because of character: ' '"),
  daemon('CFG-113 a directory', 'childlogdir=/no/such', '/no/such is not an existing directory'),
  own('CFG-114 a file in a directory', 'stdout_logfile=/no/such/file', 'The directory named as part of the path /no/such/file does not exist'),
  daemon('CFG-115 a log level', 'loglevel=Loud', "bad logging level name 'Loud'"),
  after('CFG-119 a port', '[inet_http_server]\nport=foo\n', "not a valid port number: 'foo' "),
  after('CFG-119 a port too high', '[inet_http_server]\nport=h:70000\n', '70000 is above upper bound (65535)'),
  after('CFG-119 no port', '[inet_http_server]\nport=h:\n', "no port number specified in ''"),
  own('CFG-124 no separator', 'environment=A=1 B=2', "Unexpected end of key/value pairs in value 'A=1 B=2'"),
  own('CFG-125 no value', 'environment=A=', "Unexpected end of key/value pairs in value 'A='"),
  own('CFG-125 a special character', 'environment=A=foo@bar', "Unexpected end of key/value pairs in value 'A=foo@bar'"),
  own('CFG-132 an expanded value changes the parse', 'environment=A=%(ENV_COMMA)s', "Unexpected end of key/value pairs in value 'A=1,2'"),
  daemon('CFG-135 logfile_backups', 'logfile_backups=x', int('x')),
  daemon('CFG-141 minfds', 'minfds=many', int('many')),
  daemon('CFG-145 the daemon’s user', 'user=no-such-user-x', 'Invalid user name no-such-user-x'),
  daemon('CFG-146 the daemon’s directory', 'directory=/no/such', '/no/such is not an existing directory'),
  after('CFG-152 no file', '[unix_http_server]\n', 'section [unix_http_server] has no file value'),
  after('CFG-153 chmod', '[unix_http_server]\nfile=x\nchmod=zz\n', 'Invalid chmod value zz'),
  after('CFG-154 chown', '[unix_http_server]\nfile=x\nchown=no-such-user-x\n', 'Invalid sockchown value no-such-user-x'),
  after('CFG-155 no port at all', '[inet_http_server]\n', 'section [inet_http_server] has no port value'),
  after('CFG-156 half a login', '[inet_http_server]\nport=1\nusername=x\n', 'Section [inet_http_server] contains incomplete authentication: If a username or a password is specified, both the username and password must be specified'),
  ['CFG-169 no command', '[supervisord]\n[program:a]\n', `program section program:a does not specify a command${IN_A}`],
  own('CFG-171 numprocs without process_num', 'numprocs=2', '%(process_num) must be present within process_name when numprocs > 1'),
  own('CFG-183 stopasgroup without killasgroup', 'stopasgroup=true\nkillasgroup=false', 'Cannot set stopasgroup=true and killasgroup=false'),
  after('CFG-199 an unknown first member', '[group:g]\nprograms=zzz,a\n', '[group:g] names unknown program or fcgi-program zzz'),
  after('CFG-199 an unknown later member', '[group:g]\nprograms=a,zzz\n', '[program:a] names unknown program or fcgi-program zzz'),
  after('CFG-200 an ambiguous member', '[fcgi-program:a]\ncommand=x\nsocket=tcp://h:1\n[group:g]\nprograms=a\n', '[group:g] name a is ambiguous (exists as program and fcgi-program)'),
  after('CFG-201 a comma too many', '[group:g]\nprograms=a,\n', '[program:a] names unknown program or fcgi-program '),
  after('CFG-209 a listener as a member', `${L}events=EVENT\n[group:g]\nprograms=e\n`, '[group:g] names unknown program or fcgi-program e'),
  after('CFG-210 no socket', F, '[fcgi-program:f] section requires a "socket" line'),
  after('CFG-212 a backlog', `${F}socket=unix:///x\nsocket_backlog=0\n`, 'Invalid socket_backlog value 0'),
  after('CFG-213 a socket owner', `${F}socket=unix:///x\nsocket_owner=no-such-user-x\n`, 'Invalid socket_owner value no-such-user-x'),
  after('CFG-214 a socket mode', `${F}socket=unix:///x\nsocket_mode=9\n`, 'Invalid socket_mode value 9'),
  after('CFG-215 a mode with tcp', `${F}socket=tcp://h:1\nsocket_mode=0700\n`, 'socket_owner and socket_mode params should only be used with a Unix domain socket in [fcgi-program:f] socket'),
  after('CFG-217 no events', L, '[eventlistener:e] section requires an "events" line'),
  after('CFG-217 an unknown event', `${L}events=FOO\n`, 'Unknown event type FOO in [eventlistener:e] events'),
  after('CFG-218 a buffer of nothing', `${L}events=EVENT\nbuffer_size=0\n`, '[eventlistener:e] section sets invalid buffer_size (0)'),
  after('CFG-219 redirect_stderr', `${L}events=EVENT\nredirect_stderr=true\n`, '[eventlistener:e] section sets redirect_stderr=true but this is not allowed because it will interfere with the eventlistener protocol'),
  after('CFG-221 a result handler', `${L}events=EVENT\nresult_handler=no_such:thing\n`, 'no_such:thing cannot be resolved within [eventlistener:e]'),
  after('CFG-222 a listener’s process name', '[eventlistener:e f]\ncommand=x\nevents=EVENT\n', "Invalid name: 'e f' because of character: ' ' in section 'eventlistener:e f' (file: 's.conf')"),
  after('CFG-223 no factory', '[rpcinterface:x]\n', 'section [rpcinterface:x] does not specify a supervisor.rpcinterface_factory'),
  after('CFG-226 an unknown factory', '[rpcinterface:x]\nsupervisor.rpcinterface_factory=no_such:make\n', 'no_such:make cannot be resolved within [rpcinterface:x]'),
]; // biome-ignore format: one row is one line

const ARGUMENTS: readonly (readonly [title: string, args: readonly string[], says: string])[] = [
  ['CFG-015 a word', ['foo', 'bar'], "positional arguments are not supported: ['foo', 'bar']"],
  ['CFG-016 an unknown option', ['--bogus'], 'option --bogus not recognized'],
  ['CFG-014 not a unique beginning', ['--logfile_'], 'option --logfile_ not a unique prefix'],
  ['CFG-014 no argument', ['--user'], 'option --user requires argument'],
  ['CFG-017 twice', ['-n', '-n'], "conflicting command line option '-n'"],
  ['CFG-017 two files', ['-c', 'a', '-c', 'b'], "conflicting command line option '-c'"],
  ['CFG-018 CFG-031 a level', ['-e', 'loud'], "invalid value for -e 'loud': bad logging level name 'loud'"],
  ['CFG-026 a umask', ['-m9'], "invalid value for -m '9': 9 can not be converted to an octal type"],
  ['CFG-027 a directory', ['-d', '/no/such'], "invalid value for -d '/no/such': /no/such is not an existing directory"],
  ['CFG-028 a log file', ['--logfile=/no/such/x'], "invalid value for --logfile '/no/such/x': The directory named as part of the path /no/such/x does not exist"],
  ['CFG-029 a size', ['-y', '5M'], `invalid value for -y '5M': ${int('5m')}`],
  ['CFG-030 a number of backups', ['-z', 'x'], `invalid value for -z 'x': ${int('x')}`],
  ['CFG-034 a folder for logs', ['-q', '/no/such'], "invalid value for -q '/no/such': /no/such is not an existing directory"],
  ['CFG-036 CFG-038 limits', ['--minprocs', 'x'], `invalid value for --minprocs 'x': ${int('x')}`],
  ['CFG-005 a missing file', ['-c', 'nope.conf'], 'could not find config file nope.conf'],
  ['CFG-005 a directory as the file', ['-c', '.'], 'could not read config file .'],
]; // biome-ignore format: one row is one line

/** The whole environment, so that the names a message lists are known. */
const ENV = { COMMA: '1,2', LC_CTYPE: 'C.UTF-8', PATH: '/usr/bin:/bin' };
const NAMES = 'ENV_COMMA, ENV_LC_CTYPE, ENV_PATH';

async function refusal(kind: SupervisorKind, args: readonly string[], dir: string) {
  const { code, err, out } = await run([...DAEMON[kind], ...args], { cwd: dir, env: ENV });
  return { code, err, out };
}

function usageError(kind: SupervisorKind, says: string) {
  return { code: 2, out: '', err: `Error: ${says}\nFor help, use ${DAEMON[kind].at(-1)} -h\n` };
}

function written(t: TestContext, config: string, files: Readonly<Record<string, string>> = {}): string {
  const dir = tempDir(t);
  for (const [name, text] of Object.entries({ ...files, 's.conf': config })) {
    writeFileSync(join(dir, name), text.replaceAll('{dir}', dir));
  }
  return dir;
}

eachSupervisor((kind) => {
  describe('CFG-004 a usage error is two lines on stderr and status 2', () => {
    test.for(ROWS)('%s', async ([, config, says, files], t) => {
      const dir = written(t, config, files);
      const expected = says.replaceAll('{dir}', dir).replaceAll('{names}', NAMES);
      t.expect(await refusal(kind, ['-n', '-c', 's.conf'], dir)).toEqual(usageError(kind, expected));
    });

    test.for(ARGUMENTS)('%s', async ([, args, says], t) => {
      const dir = written(t, `[supervisord]\n${P}`);
      t.expect(await refusal(kind, args, dir)).toEqual(usageError(kind, says));
    });
  });

  test('CFG-010 nothing is spawned, logged or bound before the last section was read', async (t) => {
    const dir = tempDir(t);
    mkdirSync(join(dir, 'child'));
    const config = `[program:go]\ncommand=/usr/bin/touch ${dir}/ran\n[inet_http_server]\nport=x\n`;
    writeFileSync(join(dir, 's.conf'), headOf(dir) + config);
    t.expect(await refusal(kind, ['-n', '-c', 's.conf'], dir)).toMatchObject({ code: 2, out: '' });
    for (const name of ['s.sock', 'main.log', 'pid', 'ran'])
      t.expect(existsSync(join(dir, name))).toBe(false);
  });

  test('CFG-001 CFG-006 without -c the usual places are searched, of which root is warned', async (t) => {
    const dir = tempDir(t);
    mkdirSync(join(dir, 'etc'));
    writeFileSync(join(dir, 'etc/supervisord.conf'), '[supervisord]\nminfds=later\n');
    const later = await refusal(kind, ['-n'], dir);
    t.expect(later.err.endsWith(usageError(kind, int('later')).err)).toBe(true);
    writeFileSync(join(dir, 'supervisord.conf'), '[supervisord]\nminfds=first\n');
    const first = await refusal(kind, ['-n'], dir);
    t.expect(first).toMatchObject({ code: 2, out: '' });
    t.expect(first.err.endsWith(usageError(kind, int('first')).err)).toBe(true);
    const warning =
      'Supervisord is running as root and it is searching for its configuration file in default locations (including its current working directory); you probably want to specify a "-c" argument specifying an absolute path to a configuration file for improved security.';
    t.expect(first.err.includes(warning)).toBe(process.getuid?.() === 0);
  });

  test('CFG-162 a server that cannot be opened for another reason', async (t) => {
    const dir = tempDir(t);
    mkdirSync(join(dir, 'child'));
    writeFileSync(join(dir, 's.conf'), `${headOf(dir)}[inet_http_server]\nport=192.0.2.1:9\n`);
    const says = 'Cannot open an HTTP server: socket.error reported errno.EADDRNOTAVAIL (99)';
    t.expect(await refusal(kind, ['-n', '-s', '-c', 's.conf'], dir)).toEqual(usageError(kind, says));
  });

  for (const [title, file, says] of [
    ['in a folder that is not there', '{dir}/none/s.sock', 'errno.ENOENT (2)'],
    ['under a file', '{dir}/s.conf/s.sock', 'errno.ENOTDIR (20)'],
    ['with a path too long', `{dir}/${'x'.repeat(120)}`, 'AF_UNIX path too long'],
  ] as const) {
    test(`CFG-162 a socket ${title}`, async (t) => {
      const dir = tempDir(t);
      mkdirSync(join(dir, 'child'));
      const config = headOf(dir).replace(/^file=.*$/m, `file=${file.replace('{dir}', dir)}`);
      writeFileSync(join(dir, 's.conf'), config);
      t.expect(await refusal(kind, ['-n', '-s', '-c', 's.conf'], dir)).toEqual(
        usageError(kind, `Cannot open an HTTP server: socket.error reported ${says}`),
      );
    });
  }

  test('CFG-050 an undecodable byte', async (t) => {
    const dir = tempDir(t);
    writeFileSync(join(dir, 's.conf'), Buffer.from('[supervisord]\nx=\xff\n', 'latin1'));
    t.expect(await refusal(kind, ['-n', '-c', 's.conf'], dir)).toEqual(
      usageError(kind, "'utf-8' codec can't decode byte 0xff in position 16: invalid start byte"),
    );
  });

  test('CFG-211 a socket that is none: the real text is a badly printed pair, ours a sentence', async (t) => {
    const dir = written(t, `[supervisord]\n${F}socket=foo\n`);
    const says = { agent: 'Bad socket format foo', supervisord: "('Bad socket format %s', 'foo')" }[kind];
    t.expect(await refusal(kind, ['-n', '-c', 's.conf'], dir)).toEqual(
      usageError(kind, `${says} in [fcgi-program:f] socket`),
    );
  });

  test('CFG-068 a [DEFAULT] option reaches the RPC interface, which takes none', async (t) => {
    const dir = tempDir(t);
    mkdirSync(join(dir, 'child'));
    writeFileSync(join(dir, 's.conf'), `${headOf(dir)}[DEFAULT]\ndirectory=/tmp\n`);
    const { code, err } = await refusal(kind, ['-n', '-s', '-c', 's.conf'], dir);
    t.expect(code).toBe(2);
    t.expect(err).toContain('Error: Could not make supervisor rpc interface\n');
  });

  test('CFG-141 a limit that cannot be had', async (t) => {
    const dir = tempDir(t);
    mkdirSync(join(dir, 'child'));
    writeFileSync(join(dir, 's.conf'), headOf(dir, 'minfds=2000000000'));
    const { code, err } = await refusal(kind, ['-n', '-s', '-c', 's.conf'], dir);
    t.expect(code).toBe(2);
    t.expect(err).toMatch(/^Error: .*minfds/s);
  });

  test('CFG-023 CFG-024 help and version on stdout', async (t) => {
    const dir = tempDir(t);
    const version = await refusal(kind, ['--version'], dir);
    t.expect(version).toMatchObject({ code: 0, err: '' });
    t.expect(version.out).toMatch(/^\d+\.\d+\.\d+\S*\n$/);
    for (const option of ['-h', '--help', '-?']) {
      const help = await refusal(kind, [option], dir);
      t.expect(help).toMatchObject({ code: 0, err: '' });
      t.expect(help.out).toContain('--nodaemon');
    }
  });
});
