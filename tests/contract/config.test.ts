import { mkdirSync, readFileSync, statSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, test } from 'vitest';
import { sharedSupervisor } from '../support/shared-supervisor.ts';
import {
  CTL,
  DAEMON,
  eachSupervisor,
  run,
  type Setup,
  startSupervisor,
  type TestSupervisor,
} from '../support/supervisors.ts';
import { until } from '../support/until.ts';

type ConfigInfo = Readonly<Record<string, unknown>> & { readonly name: string; readonly group: string };

/** `{dir}` is the folder of the file. No program starts by itself except those that print their environment. */
const MAIN: Setup = {
  daemon: 'identifier=me\nenvironment=GIVEN="from the daemon",OVER="daemon",SUPERVISOR_ENABLED="daemon"',
  env: { ...process.env, WORD: 'expanded', TWO: '42', BASE: 'base', OVER: 'base' },
  files: {
    'inc/b.conf': '[program:inc_b]\ncommand=%(here)s/b\nautostart=false\n[program:merged]\ncommand=second\n',
    'inc/a.conf':
      '[program:merged]\ncommand=first\npriority=5\nautostart=false\n[include]\nfiles=deeper.conf\n',
    'inc/.hidden.conf': 'garbage\n',
    'deeper.conf': '[program:deeper]\ncommand=x\n',
    'folder/x': 'garbage\n',
  },
  config: `
[program:plain]
command=/bin/cat
autostart=false
[program:inline] ; a comment ] in a header
command=/bin/echo a;b#c d ; cut
autostart=no # cut
startsecs=3\t; cut
[program:quotes]
command=sh -c "a ; b"
autostart=off
[program:colon]
command:a=b
AUTOSTART : FALSE
[program:lines]
command=/bin/echo
   one

; dropped
\ttwo # cut
   [three]
autostart=0
[program:indented]
  command=deep
  autostart=false
[program:brackets]and] rest
command=x
autostart=false
[program:twice]
command=/bin/one
autostart=false
[program:twice]
command=/bin/two
[Program:ignored]
command=x
[program:unknown]
command=x
autostart=false
nonsense=%(nope)s
[program:fmt]
command=%(process_num)d %(process_num)03d %(process_num)-3d| %(program_name)6s 100%% %(ENV_WORD)s
autostart=false
[program:names]
command=%(here)s %(program_name)s %(group_name)s %(host_node_name)s %(process_num)d/%(numprocs)d
directory=/%(ENV_OWN)s/%(process_num)d
environment=OWN="mine"
priority=%(ENV_TWO)s
startsecs=4
autostart=false
stdout_logfile=%(here)s/%(program_name)s.%(process_num)d
[program:given]
command=%(ENV_GIVEN)s
autostart=false
[program:many]
command=x %(process_num)d
process_name=%(program_name)s_%(process_num)02d
numprocs=3
numprocs_start=9
autostart=false
[program:none]
command=x
numprocs=0
[program:values]
command=x
autostart=FALSE
autorestart=false
priority=-1_0
startsecs=+7
startretries=0
exitcodes=0, 2 ,3
stopsignal= sigUSR1
stopwaitsecs=1
stopasgroup=Yes
redirect_stderr=on
stdout_logfile_maxbytes=10 kb
stdout_logfile_backups=0
stdout_capture_maxbytes=1MB
stdout_events_enabled=1
stdout_syslog=true
stderr_logfile_maxbytes=1Gb
serverurl=http://own
directory=/no/such/folder
[program:signal9]
command=x
stopsignal=9
exitcodes=
autostart=false
[program:logs_none]
command=x
autostart=false
stdout_logfile=None
stderr_logfile=OFF
[program:logs_odd]
command=x
autostart=false
stdout_logfile=
stderr_logfile=relative.log
[program:empty]
command=
autostart=false
[program:z]
command=x
autostart=false
priority=9
[program:y]
command=x
autostart=false
priority=3
[group:g]
programs= z , y
priority=77
[group:h]
programs=y
[group:nobody]
[group:double]
programs=y,y
[program:env]
command=/usr/bin/env -0
startsecs=0
autorestart=false
stdout_logfile={dir}/env.out
environment=
   PLAIN=/a/b.c+d-(e):f,
   QUOTED="a, b=#%%",SINGLE='x y' ,
   EMPTY="",OVER="program",SUPERVISOR_GROUP_NAME="mine",
   TAB="a\\tb",
[program:separators]
command=/usr/bin/env -0
startsecs=0
autorestart=false
stdout_logfile={dir}/separators.out
environment=A=1;B=2 x D=http://h:1/p?x=1,C=a b
[program:wrapped]
command=/bin/echo one
   "two
   three" \\
   four
startsecs=0
autorestart=false
stdout_logfile={dir}/wrapped.out
[program:]
command=x
autostart=false
[include]
files=inc/*.conf folder  none*.conf
  %(here)s/missing.conf
`,
};

eachSupervisor((kind) => {
  describe('a configuration that is accepted', () => {
    const shared = sharedSupervisor(kind, MAIN);
    let daemon: TestSupervisor;
    let infos: readonly ConfigInfo[];
    const info = (name: string, group?: string): ConfigInfo => {
      const found = infos.find((one) => one.name === name && (group === undefined || one.group === group));
      if (found === undefined) throw new Error(`no process ${name}`);
      return found;
    };

    beforeAll(async () => {
      daemon = shared();
      infos = await daemon.rpc('getAllConfigInfo');
    });

    test('CFG-054 CFG-055 CFG-065 inline comments after white space only, text after a header is ignored', ({
      expect,
    }) => {
      expect(info('inline')).toMatchObject({ command: '/bin/echo a;b#c d', autostart: false, startsecs: 3 });
      expect(info('brackets]and').command).toBe('x');
    });

    test('CFG-056 quotes do not protect an inline marker', ({ expect }) => {
      expect(info('quotes').command).toBe('sh -c "a');
    });

    test('CFG-057 CFG-058 the first = or : separates, option names have no case', ({ expect }) => {
      expect(info('colon')).toMatchObject({ command: 'a=b', autostart: false });
      expect(infos.some(({ name }) => name === 'ignored')).toBe(false);
    });

    test('CFG-053 CFG-060 CFG-061 CFG-063 continuation lines', ({ expect }) => {
      expect(info('lines').command).toBe('/bin/echo\none\n\ntwo\n[three]');
    });

    test('CFG-062 indented options', ({ expect }) => {
      expect(info('indented')).toMatchObject({ command: 'deep', autostart: false });
    });

    test('CFG-066 duplicate sections merge and the last value wins', ({ expect }) => {
      expect(info('twice')).toMatchObject({ command: '/bin/two', autostart: false });
      expect(infos.filter(({ name }) => name === 'twice')).toHaveLength(1);
    });

    test('CFG-069 unknown options are not even expanded', ({ expect }) => {
      expect(info('unknown').command).toBe('x');
    });

    test('CFG-071 CFG-072 CFG-075 flags, width, %% and ENV_x', ({ expect }) => {
      expect(info('fmt').command).toBe('0 000 0  |    fmt 100% expanded');
    });

    test('CFG-076 CFG-078 CFG-079 CFG-081 names of a program', ({ expect }) => {
      expect(info('names').command).toBe(`${daemon.dir} names names ${hostname()} 0/1`);
      expect(info('names').stdout_logfile).toBe(`${daemon.dir}/names.0`);
    });

    test('CFG-084 late options see the program’s own environment, early ones the daemon’s', ({ expect }) => {
      expect(info('names')).toMatchObject({
        directory: '/mine/0',
        process_prio: 42,
        group_prio: 42,
        startsecs: 4,
      });
    });

    test('CFG-083 the environment of [supervisord] becomes ENV_x', ({ expect }) => {
      expect(info('given').command).toBe('from the daemon');
    });

    test('CFG-170 CFG-171 CFG-173 many processes of one program', ({ expect }) => {
      expect(infos.filter(({ group }) => group === 'many')).toMatchObject([
        { name: 'many_09', command: 'x 9' },
        { name: 'many_10', command: 'x 10' },
        { name: 'many_11', command: 'x 11' },
      ]);
    });

    test('CFG-172 CFG-202 groups with no process', async ({ expect }) => {
      expect(infos.filter(({ group }) => group === 'none' || group === 'nobody')).toEqual([]);
      await expect(daemon.rpc('startProcessGroup', 'none')).resolves.toEqual([]);
      await expect(daemon.rpc('startProcessGroup', 'nobody')).resolves.toEqual([]);
    });

    test('CFG-174 to CFG-197 defaults', ({ expect }) => {
      expect(info('plain')).toMatchObject({
        ...{
          autostart: false,
          directory: 'none',
          uid: 'none',
          exitcodes: [0],
          process_prio: 999,
          group_prio: 999,
        },
        ...{
          startsecs: 1,
          startretries: 3,
          stopsignal: 15,
          stopwaitsecs: 10,
          killasgroup: false,
          redirect_stderr: false,
        },
        ...{ stdout_logfile_maxbytes: 52428800, stdout_logfile_backups: 10, stdout_capture_maxbytes: 0 },
        ...{ stderr_logfile_maxbytes: 52428800, stderr_logfile_backups: 10, stderr_capture_maxbytes: 0 },
        ...{
          stdout_events_enabled: false,
          stderr_events_enabled: false,
          stdout_syslog: false,
          stderr_syslog: false,
        },
      });
      expect(info('plain').stdout_logfile).toMatch(/\/child\/plain-stdout---me-/);
    });

    test('CFG-101 to CFG-105 CFG-107 CFG-175 to CFG-196 values as they are kept', ({ expect }) => {
      expect(info('values')).toMatchObject({
        ...{
          process_prio: -10,
          startsecs: 7,
          startretries: 0,
          exitcodes: [0, 2, 3],
          stopsignal: 10,
          stopwaitsecs: 1,
        },
        ...{
          killasgroup: true,
          redirect_stderr: true,
          stderr_logfile: 'none',
          stdout_logfile_maxbytes: 10240,
        },
        ...{
          stdout_logfile_backups: 0,
          stdout_capture_maxbytes: 1048576,
          stderr_logfile_maxbytes: 1073741824,
          stdout_events_enabled: true,
          stdout_syslog: true,
        },
        ...{ serverurl: 'http://own', directory: '/no/such/folder' },
      });
      expect(info('signal9')).toMatchObject({ stopsignal: 9, exitcodes: [] });
    });

    test('CFG-116 CFG-117 CFG-186 log files: none, empty, relative', ({ expect }) => {
      expect(info('logs_none')).toMatchObject({ stdout_logfile: 'none', stderr_logfile: 'none' });
      expect(info('logs_odd').stderr_logfile).toBe('relative.log');
    });

    test('CFG-169 an empty command fails only when it is started', async ({ expect }) => {
      expect(info('empty').command).toBe('');
      await expect(daemon.rpc('startProcess', 'empty')).rejects.toMatchObject({ faultCode: 21 });
    });

    test('CFG-198 CFG-203 CFG-206 members belong to their group and lose their own', async ({ expect }) => {
      const processes: { group: string; name: string }[] = await daemon.rpc('getAllProcessInfo');
      expect(processes.filter(({ group }) => group === 'g').map(({ name }) => name)).toEqual(['y', 'z']);
      expect(processes.some(({ group }) => group === 'z' || group === 'y')).toBe(false);
      expect(info('z')).toMatchObject({ group: 'g', group_prio: 77, process_prio: 9 });
    });

    test('CFG-204 CFG-205 a program in two groups is there twice, named twice in one it is there once', async ({
      expect,
    }) => {
      const processes: { group: string; name: string }[] = await daemon.rpc('getAllProcessInfo');
      expect(processes.filter(({ name }) => name === 'y').map(({ group }) => group)).toEqual(
        expect.arrayContaining(['g', 'h', 'double']),
      );
      expect(processes.filter(({ group }) => group === 'double')).toHaveLength(1);
    });

    test('CFG-091 CFG-092 CFG-095 CFG-096 CFG-099 includes: sorted, merged, not nested, with their own here', ({
      expect,
    }) => {
      expect(info('merged')).toMatchObject({ command: 'second', process_prio: 5, autostart: false });
      expect(info('inc_b').command).toBe(`${daemon.dir}/inc/b`);
      expect(infos.some(({ name }) => name === 'deeper')).toBe(false);
    });

    test('CFG-090 CFG-093 CFG-094 CFG-097 what the main log says about includes', ({ expect }) => {
      const said = daemon
        .log()
        .split('\n')
        .filter((line) => / (?:WARN|INFO) (?:No file|Included)/.test(line));
      expect(said.map((line) => line.slice(24))).toEqual([
        `WARN No file matches via include "${daemon.dir}/none*.conf"`,
        `WARN No file matches via include "${daemon.dir}/missing.conf"`,
        `INFO Included extra file "${daemon.dir}/inc/a.conf" during parsing`,
        `INFO Included extra file "${daemon.dir}/inc/b.conf" during parsing`,
        `INFO Included extra file "${daemon.dir}/folder" during parsing`,
      ]);
    });

    const environmentOf = async (file: string): Promise<Record<string, string>> => {
      const text = await until(file, () => daemon.read(file));
      return Object.fromEntries(
        text
          .split('\0')
          .flatMap((line) =>
            line.includes('=') ? [[line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]] : [],
          ),
      );
    };

    test('CFG-121 CFG-122 CFG-123 CFG-126 CFG-131 the environment grammar', async ({ expect }) => {
      expect(await environmentOf('env.out')).toMatchObject({
        ...{ PLAIN: '/a/b.c+d-(e):f', QUOTED: 'a, b=#%', SINGLE: 'x y', EMPTY: '', TAB: 'a\\tb' },
      });
    });

    test('CFG-064 a line break in a command is white space, or part of a quoted word', async ({ expect }) => {
      const said = await until('wrapped.out', () => daemon.read('wrapped.out'));
      expect(said).toBe('one two\nthree \nfour\n');
    });

    test('CFG-112 a program without a name is a group without a name', async ({ expect }) => {
      expect(info('').group).toBe('');
      await expect(daemon.rpc('startProcessGroup', '')).resolves.toMatchObject([{ name: '', status: 20 }]);
    });

    test('CFG-232 no credentials are handed to children', async ({ expect }) => {
      const names = Object.keys(await environmentOf('env.out'));
      expect(names.filter((name) => /^SUPERVISOR_(?:USERNAME|PASSWORD)$/.test(name))).toEqual([]);
    });

    test('CFG-124 CFG-128 separators nobody looks at, values cut in silence', async ({ expect }) => {
      expect(await environmentOf('separators.out')).toMatchObject({
        A: '1',
        B: '2',
        C: 'a',
        D: 'http://h:1/p',
        x: '1',
      });
    });

    test('CFG-148 CFG-228 CFG-229 CFG-230 what a child gets, and who overrides whom', async ({ expect }) => {
      expect(await environmentOf('env.out')).toMatchObject({
        BASE: 'base',
        GIVEN: 'from the daemon',
        OVER: 'program',
        SUPERVISOR_ENABLED: 'daemon',
        SUPERVISOR_PROCESS_NAME: 'env',
        SUPERVISOR_GROUP_NAME: 'mine',
        SUPERVISOR_SERVER_URL: `unix://${daemon.socketPath}`,
        ...(process.env.HOME === undefined ? {} : { HOME: process.env.HOME }),
      });
      expect(await environmentOf('separators.out')).toMatchObject({
        OVER: 'daemon',
        SUPERVISOR_GROUP_NAME: 'separators',
      });
    });

    test('CFG-149 the identifier', async ({ expect }) => {
      await expect(daemon.rpc('getIdentification')).resolves.toBe('me');
    });

    test('CFG-153 the socket’s mode is 0700 (abuse 24)', ({ expect }) => {
      expect(statSync(daemon.socketPath).mode & 0o777).toBe(0o700);
    });

    test('CFG-160 a server without authentication is told', ({ expect }) => {
      expect(daemon.log()).toContain(
        "CRIT Server 'unix_http_server' running without any HTTP authentication checking",
      );
    });

    test('CFG-161 a second daemon on the same socket is refused and harms nothing', async ({ expect }) => {
      const pid = readFileSync(join(daemon.dir, 'pid'), 'utf8');
      const second = await run([...DAEMON[kind], '-n', '-s', '-c', daemon.configPath], {
        cwd: daemon.dir,
        env: MAIN.env ?? {},
      });
      expect(second.code).toBe(2);
      expect(second.err).toContain(
        'Error: Another program is already listening on a port that one of our HTTP servers is configured to use.  Shut this program down first before starting supervisord.\n',
      );
      expect(readFileSync(join(daemon.dir, 'pid'), 'utf8')).toBe(pid);
      await expect(daemon.rpc('getState')).resolves.toMatchObject({ statename: 'RUNNING' });
    });
  });

  test('CFG-019 CFG-032 CFG-033 the command line beats the file, also after a reread', async (t) => {
    const daemon = await startSupervisor(t, kind, {
      daemon: 'identifier=file',
      config: '',
      args: ['-i', 'line', '--pid=other.pid'],
    });
    t.expect(await daemon.rpc('getIdentification')).toBe('line');
    t.expect(daemon.read('other.pid')).toBe(`${daemon.pid}\n`);
    await daemon.rpc('reloadConfig');
    t.expect(await daemon.rpc('getIdentification')).toBe('line');
  });

  test('PROC-103 RPC-052 an identifier changed in the file is told after a reread', async (t) => {
    const daemon = await startSupervisor(t, kind, { daemon: 'identifier=one', config: '' });
    daemon.write(
      'supervisord.conf',
      daemon.read('supervisord.conf').replace('identifier=one', 'identifier=two'),
    );
    await daemon.rpc('reloadConfig');
    t.expect(await daemon.rpc('getIdentification')).toBe('two');
  });

  test('CFG-088 a name that a reread removes can still be used', async (t) => {
    const program = (line: string) => `[program:a]\ncommand=x\nautostart=false\n${line}`;
    const daemon = await startSupervisor(t, kind, { daemon: 'environment=GONE="kept"', config: program('') });
    const text = daemon.read('supervisord.conf');
    daemon.write('supervisord.conf', `${text.replace(/^environment=.*$/m, '')}directory=/%(ENV_GONE)s\n`);
    t.expect(await daemon.rpc('reloadConfig')).toEqual([[[], ['a'], []]]);
    t.expect(await daemon.rpc('getAllConfigInfo')).toMatchObject([{ directory: '/kept' }]);
  });

  test('RPC-057 RPC-058 RPC-060 RPC-062 what a reread finds, and that a bad file changes nothing', async (t) => {
    const program = (name: string, line = '') => `[program:${name}]\ncommand=x\nautostart=false\n${line}\n`;
    const daemon = await startSupervisor(t, kind, { config: program('a') + program('b') + program('c') });
    const head = daemon.read('supervisord.conf').split('[program:a]')[0] ?? '';
    daemon.write('supervisord.conf', head + program('a', 'startsecs=x'));
    await t.expect(daemon.rpc('reloadConfig')).rejects.toMatchObject({
      faultCode: 92,
      faultString: `CANT_REREAD: invalid literal for int() with base 10: 'x' in section 'program:a' (file: '${daemon.configPath}')`,
    });
    t.expect(await daemon.rpc('getAllProcessInfo')).toHaveLength(3);
    daemon.write(
      'supervisord.conf',
      head + program('z') + program('b', 'startsecs=5') + program('a', '; same'),
    );
    t.expect(await daemon.rpc('reloadConfig')).toEqual([[['z'], ['b'], ['c']]]);
  });

  test('CFG-129 CFG-130 VER-007 quoting: 4.2.5 strips quotes at both ends, ours is POSIX as in 4.4', async (t) => {
    const daemon = await startSupervisor(t, kind, {
      config: `[program:a]\ncommand=%(ENV_INNER)s|%(ENV_ESCAPED)s\nautostart=false\nenvironment=INNER="'x'",ESCAPED=${kind === 'agent' ? '"\\"y\\""' : 'y'}\n`,
    });
    const command = { agent: '\'x\'|"y"', supervisord: 'x|y' }[kind];
    t.expect(await daemon.rpc('getAllConfigInfo')).toMatchObject([{ command }]);
  });

  test('CFG-225 without [rpcinterface:supervisor] no supervisor method exists', async (t) => {
    const daemon = await startSupervisor(t, kind, {
      headless: true,
      config:
        '[supervisord]\nlogfile={dir}/main.log\npidfile={dir}/pid\n[unix_http_server]\nfile={dir}/s.sock\n',
      noWait: true,
    });
    await until('an answer', () => daemon.rpc('system.listMethods'));
    await t.expect(daemon.rpc('getState')).rejects.toMatchObject({ faultCode: 1 });
  });

  test('CFG-043 CFG-163 the ctl command reads its own section, ENV_x and here included', async (t) => {
    const daemon = await startSupervisor(t, kind, { config: '' });
    daemon.write('ctl.conf', '[supervisorctl]\nserverurl=unix://%(here)s/%(ENV_SOCK)s\n');
    mkdirSync(join(daemon.dir, 'elsewhere'));
    const asked = await run([...CTL[kind], '-c', join(daemon.dir, 'ctl.conf'), 'pid'], {
      cwd: join(daemon.dir, 'elsewhere'),
      env: { ...process.env, SOCK: 's.sock' },
    });
    t.expect(asked).toMatchObject({ code: 0, out: `${daemon.pid}\n` });
  });
});
