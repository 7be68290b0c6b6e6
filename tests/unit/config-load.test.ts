import { describe, expect, test } from 'vitest';
import type { ProcessConfig } from '../../agent/src/config/config.ts';
import { configReader } from '../../agent/src/config/load.ts';
import { fakeFiles, loaded, problemsOf, requestOf } from '../support/fake-config.ts';

const HEAD = '[supervisord]\n';
const MEMBER = '[program:a]\ncommand=/bin/a\n';

function processOf(text: string, more: Parameters<typeof requestOf>[0]['files'] = {}): ProcessConfig {
  const config = loaded({
    text: `${HEAD}[program:a]\ncommand=/bin/a\n${text}\n`,
    files: more,
    env: { X: '7' },
  });
  const [process] = config.groups[0]?.processes ?? [];
  if (process === undefined) throw new Error('no process');
  return process;
}

function saysOf(text: string): string {
  return problemsOf(text)[0].says;
}

describe('defaults', () => {
  test('CFG-133 to CFG-149 an empty [supervisord]', () => {
    expect(loaded(HEAD).daemon).toEqual({
      logFile: '/conf/supervisord.log',
      logToSyslog: false,
      logMaxBytes: 52428800,
      logBackups: 10,
      logLevel: 'info',
      pidFile: '/conf/supervisord.pid',
      umask: 0o22,
      foreground: false,
      silent: false,
      minFds: 1024,
      minProcs: 200,
      keepAutoLogs: false,
      childLogDir: '/tmp',
      user: null,
      directory: null,
      stripAnsi: false,
      environment: {},
      identifier: 'supervisor',
    });
  });

  test('CFG-168 to CFG-197 a program with nothing but a command', () => {
    const channel = {
      logFile: { kind: 'auto' },
      maxBytes: 52428800,
      backups: 10,
      captureMaxBytes: 0,
      eventsEnabled: false,
      syslog: false,
    };
    expect(loaded(HEAD + MEMBER).groups).toEqual([
      {
        kind: 'group',
        name: 'a',
        priority: 999,
        processes: [
          {
            name: 'a',
            group: 'a',
            program: 'a',
            kind: 'program',
            command: '/bin/a',
            priority: 999,
            autostart: true,
            autorestart: 'unexpected',
            startMs: 1000,
            startRetries: 3,
            exitCodes: [0],
            stopSignal: 15,
            stopWaitMs: 10_000,
            stopAsGroup: false,
            killAsGroup: false,
            user: null,
            redirectStderr: false,
            stdout: channel,
            stderr: channel,
            environment: {},
            directory: null,
            umask: null,
            serverUrl: null,
            serverUrlDerived: true,
            fcgiSocket: null,
            where: '/etc/app/s.conf:2',
          },
        ],
      },
    ]);
  });

  test('[fleetvisor] may be absent: no hub, control allowed, identity beside the file', () => {
    expect(loaded(HEAD).fleetvisor).toEqual({
      hub: null,
      joinToken: null,
      joinTokenFile: null,
      identityFile: '/etc/app/fleetvisor-identity.json',
      hostName: 'box',
      allow: 'control',
    });
  });

  test('CFG-144 the folder for automatic logs is TMPDIR when that is a folder', () => {
    expect(loaded({ text: HEAD, env: { TMPDIR: '/var/log' } }).daemon.childLogDir).toBe('/var/log');
    expect(loaded({ text: HEAD, env: { TMPDIR: '/nowhere' } }).daemon.childLogDir).toBe('/tmp');
  });
});

describe('[fleetvisor]', () => {
  test('expands ENV_x and here, and takes relative paths from the folder of the file', () => {
    const text = `${HEAD}[fleetvisor]\nhub=https://%(ENV_HUB)s\njoin_token_file=token\nidentity=%(here)s/../id.json\nname=%(host_node_name)s-1\nallow=Observe\n`;
    expect(loaded({ text, env: { HUB: 'h:1' } }).fleetvisor).toEqual({
      hub: 'https://h:1',
      joinToken: null,
      joinTokenFile: '/etc/app/token',
      identityFile: '/etc/id.json',
      hostName: 'box-1',
      allow: 'observe',
    });
  });

  test('what cannot be meant is refused', () => {
    expect(problemsOf(`${HEAD}[fleetvisor]\nhub=ftp://x\nallow=everything\n`)).toMatchObject([
      { where: '/etc/app/s.conf:3', says: "[fleetvisor] hub is not a URL: 'ftp://x'" },
      { where: '/etc/app/s.conf:4', says: "invalid 'allow' value 'everything' in [fleetvisor]" },
    ]);
  });
});

describe('expansion', () => {
  test('CFG-076 CFG-078 CFG-079 names of a program', () => {
    expect(
      processOf('command=%(here)s %(program_name)s %(group_name)s %(host_node_name)s %(ENV_X)s').command,
    ).toBe('/etc/app a a box 7');
  });

  test('CFG-081 process_num and numprocs, per process', () => {
    const { groups } = loaded(
      `${HEAD}[program:w]\ncommand=w %(process_num)d/%(numprocs)d\nprocess_name=%(program_name)s_%(process_num)02d\nnumprocs=2\nnumprocs_start=9\nenvironment=PORT="80%(process_num)02d"\ndirectory=/%(ENV_PORT)s\nstdout_logfile=%(process_num)d.log\n`,
    );
    expect(groups[0]?.processes).toMatchObject([
      {
        name: 'w_09',
        command: 'w 9/2',
        environment: { PORT: '8009' },
        directory: '/8009',
        stdout: { logFile: { path: '9.log' } },
      },
      { name: 'w_10', command: 'w 10/2', environment: { PORT: '8010' }, directory: '/8010' },
    ]);
  });

  test('CFG-082 options read once per section cannot use process_num', () => {
    for (const option of [
      'user',
      'umask',
      'autostart',
      'startsecs',
      'stopsignal',
      'exitcodes',
      'serverurl',
      'numprocs',
    ]) {
      expect(saysOf(`${HEAD}${MEMBER}${option}=%(process_num)s\n`)).toBe(
        `Format string '%(process_num)s' for 'program:a.${option}' contains names ('process_num') which cannot be expanded. Available names: ENV_HOME, group_name, here, host_node_name, program_name in section 'program:a' (file: '/etc/app/s.conf')`,
      );
    }
  });

  test('CFG-083 CFG-080 VER-006 [supervisord] environment lends its variables to what is read later', () => {
    const config = loaded(
      `${HEAD}environment=A="%(host_node_name)s",B="50%%"\n[program:x]\ncommand=%(ENV_A)s\n[unix_http_server]\nfile=/tmp/%(ENV_A)s.sock\n`,
    );
    expect(config.daemon.environment).toEqual({ A: 'box', B: '50%' });
    expect(config.groups[0]?.processes[0]).toMatchObject({
      command: 'box',
      environment: { A: 'box', B: '50%' },
    });
    expect(config.servers[0]).toMatchObject({ path: '/tmp/box.sock' });
    expect(saysOf(`${HEAD}environment=A=1\nidentifier=%(ENV_A)s\n`)).toContain("names ('ENV_A')");
  });

  test('CFG-088 names once added stay over rereads that remove them', () => {
    const texts = [`${HEAD}environment=A="one"\n${MEMBER}`, `${HEAD}${MEMBER}directory=/%(ENV_A)s\n`];
    let at = 0;
    const files = { ...fakeFiles({}, ['/etc/app', '/conf']), exists: () => true };
    const read = configReader({
      ...requestOf({ text: '' }),
      files: { ...files, read: () => ({ kind: 'bytes', bytes: Buffer.from(texts[at++] ?? '') }) },
    });
    expect(read().ok).toBe(true);
    expect(read()).toMatchObject({
      value: { groups: [{ processes: [{ directory: '/one', environment: {} }] }] },
    });
  });

  test('CFG-087 a program sees its own environment only where it is read late', () => {
    expect(processOf('environment=D="dir"\ndirectory=/%(ENV_D)s').directory).toBe('/dir');
    expect(saysOf(`${HEAD}${MEMBER}environment=D="1"\nstartsecs=%(ENV_D)s\n`)).toContain("names ('ENV_D')");
  });
});

describe('[include]', () => {
  const main = (files: string) => `${HEAD}[include]\nfiles=${files}\n`;

  test('CFG-091 CFG-092 CFG-095 CFG-099 patterns in order, matches sorted, later files win', () => {
    const config = loaded({
      text: `[program:b]\ncommand=main\n${main('conf.d/*.conf  last.ini')}`,
      files: {
        '/etc/app/conf.d/b.conf': '[program:b]\ncommand=%(here)s/b\nautostart=false\n',
        '/etc/app/conf.d/a.conf': '[program:a]\ncommand=a\n',
        '/etc/app/conf.d/.hidden.conf': 'garbage',
        '/etc/app/last.ini': '[supervisord]\nidentifier=last\n[program:a]\ncommand=z\n',
      },
    });
    expect(config.daemon.identifier).toBe('last');
    expect(config.groups.map(({ processes: [process] }) => [process?.command, process?.autostart])).toEqual([
      ['z', true],
      ['/etc/app/conf.d/b', false],
    ]);
    expect(config.notices).toEqual([
      { level: 'info', text: 'Included extra file "/etc/app/conf.d/a.conf" during parsing' },
      { level: 'info', text: 'Included extra file "/etc/app/conf.d/b.conf" during parsing' },
      { level: 'info', text: 'Included extra file "/etc/app/last.ini" during parsing' },
    ]);
  });

  test('CFG-093 CFG-097 no match is a warning, a directory is passed over', () => {
    const { notices } = loaded({ text: main('none*.ini sub'), files: { '/etc/app/sub/x': 'garbage' } });
    expect(notices).toEqual([
      { level: 'warn', text: 'No file matches via include "/etc/app/none*.ini"' },
      { level: 'info', text: 'Included extra file "/etc/app/sub" during parsing' },
    ]);
  });

  test('CFG-096 an include in an included file is not followed, so files that include each other end', () => {
    const { notices } = loaded({
      text: main('b.ini'),
      files: { '/etc/app/b.ini': '[include]\nfiles=s.conf b.ini\n' },
    });
    expect(notices).toHaveLength(1);
    expect(loaded({ text: main('s.conf') }).notices).toHaveLength(1);
  });

  test('CFG-089 CFG-098 CFG-011 problems name the file they stand in', () => {
    expect(saysOf(`${HEAD}[include]\n`)).toBe('.ini file has [include] section, but no files setting');
    const files = {
      '/etc/app/b.ini': '[program:b]\ncommand=b\nstartsecs=x\n',
      '/etc/app/c.ini': '[x]\nfoo\n',
    };
    expect(problemsOf({ text: main('b.ini'), files })).toMatchObject([
      {
        where: '/etc/app/b.ini:3',
        says: "invalid literal for int() with base 10: 'x' in section 'program:b' (file: '/etc/app/b.ini')",
      },
    ]);
    expect(problemsOf({ text: main('c.ini'), files })[0].says).toContain(
      "Source contains parsing errors: '/etc/app/c.ini'",
    );
  });

  test('CFG-100 with an include, here is replaced as plain text', () => {
    const text = '[program:a]\ncommand=%%(here)s\n';
    expect(loaded(HEAD + text).groups[0]?.processes[0]?.command).toBe('%(here)s');
    expect(saysOf(main('x') + text)).toContain("'%/etc/app' for 'program:a.command' is badly formatted");
  });
});

describe('programs and groups', () => {
  const two = '[program:a]\ncommand=a\npriority=5\n[program:b]\ncommand=b\n';

  test('CFG-203 CFG-206 CFG-207 members keep the order of programs= and lose their own group', () => {
    const { groups } = loaded(
      `${HEAD}${two}[program:c]\ncommand=c\npriority=1\n[group:g]\nprograms= b , a\npriority=7\n`,
    );
    expect(
      groups.map(({ name, priority, processes }) => [
        name,
        priority,
        processes.map((process) => process.name),
      ]),
    ).toEqual([
      ['c', 1, ['c']],
      ['g', 7, ['b', 'a']],
    ]);
  });

  test('CFG-199 CFG-200 CFG-201 members nobody knows', () => {
    expect(saysOf(`${HEAD}${two}[group:g]\nprograms=z,a\n`)).toBe(
      '[group:g] names unknown program or fcgi-program z',
    );
    expect(problemsOf(`${HEAD}${two}[group:g]\nprograms=a,,x\n`)).toMatchObject([
      { where: '/etc/app/s.conf:8', says: '[program:a] names unknown program or fcgi-program ' },
      { says: '[program:a] names unknown program or fcgi-program x' },
    ]);
    expect(
      saysOf(`${HEAD}${two}[fcgi-program:b]\ncommand=b\nsocket=tcp://h:1\n[group:g]\nprograms=a,b\n`),
    ).toBe('[program:a] name b is ambiguous (exists as program and fcgi-program)');
  });

  test('CFG-202 CFG-204 CFG-205 empty, shared and doubled members', () => {
    const { groups } = loaded(`${HEAD}${two}[group:e]\n[group:g]\nprograms=a,a\n[group:h]\nprograms=a\n`);
    expect(groups.map(({ name, processes }) => [name, processes.length])).toEqual([
      ['b', 1],
      ['e', 0],
      ['g', 1],
      ['h', 1],
    ]);
  });

  test('two programs with one name are one program, two groups with one name are the first', () => {
    const { groups } = loaded(`${HEAD}${two}[program:a]\nautostart=no\n[group:b]\nprograms=a\npriority=3\n`);
    expect(
      groups.map(({ name, priority, processes }) => [
        name,
        priority,
        processes[0]?.name,
        processes[0]?.autostart,
      ]),
    ).toEqual([['b', 3, 'a', false]]);
  });

  test('CFG-172 no processes and fewer than none', () => {
    expect(loaded(`${HEAD}${MEMBER}numprocs=0\n`).groups).toMatchObject([{ name: 'a', processes: [] }]);
    expect(loaded(`${HEAD}${MEMBER}numprocs=-3\n`).groups).toMatchObject([{ name: 'a', processes: [] }]);
  });

  test('CFG-102 negative numbers are taken as they are', () => {
    expect(
      processOf('startsecs=-1\nstartretries=-2\nstopwaitsecs=-3\npriority=-4\nstdout_logfile_maxbytes=-5'),
    ).toMatchObject({
      startMs: -1000,
      startRetries: -2,
      stopWaitMs: -3000,
      priority: -4,
      stdout: { maxBytes: -5 },
    });
  });

  test('CFG-183 killasgroup follows stopasgroup and cannot contradict it', () => {
    expect(processOf('stopasgroup=true')).toMatchObject({ stopAsGroup: true, killAsGroup: true });
    expect(saysOf(`${HEAD}${MEMBER}stopasgroup=1\nkillasgroup=0\n`)).toContain(
      'Cannot set stopasgroup=true and killasgroup=false',
    );
  });

  test('CFG-185 CFG-187 CFG-192 what the log options warn about', () => {
    const { notices, groups } = loaded(
      `${HEAD}${MEMBER}stdout_logfile=syslog\nstderr_logfile=/tmp/e\nredirect_stderr=true\n[program:b]\ncommand=b\nstdout_logfile_maxbytes=0\n`,
    );
    expect(notices.map(({ text }) => text)).toEqual([
      'For [program:a], stdout_logfile=syslog but this is deprecated and will be removed.  Use stdout_syslog=true to enable syslog instead.',
      'For [program:a], redirect_stderr=true but stderr_logfile has also been set to a filename, the filename has been ignored',
      'For [program:b], AUTO logging used for stdout_logfile without rollover, set maxbytes > 0 to avoid filling up filesystem unintentionally',
    ]);
    expect(groups[0]?.processes[0]).toMatchObject({
      stdout: { logFile: { kind: 'none' }, syslog: true },
      stderr: { logFile: { kind: 'none' } },
    });
  });

  test('CFG-109 CFG-184 users by name and number', () => {
    expect(processOf('user=nobody').user).toEqual({ name: 'nobody', uid: 65534, gid: 65533 });
    expect(processOf('user=65534').user?.name).toBe('nobody');
    expect(saysOf(`${HEAD}${MEMBER}user=ghost\n`)).toBe(
      "Invalid user name ghost in section 'program:a' (file: '/etc/app/s.conf')",
    );
    expect(saysOf(`${HEAD}${MEMBER}user=4711\n`)).toContain('Invalid user id 4711');
    expect(saysOf(`${HEAD}user=ghost\n`)).toBe('Invalid user name ghost');
  });

  test('CFG-208 an fcgi program in a group keeps its socket, and a bad socket there is only a warning', () => {
    const fcgi =
      '[fcgi-program:f]\ncommand=f\nsocket=unix:///tmp/f.sock\nuser=nobody\n[group:g]\nprograms=f\n';
    expect(loaded(HEAD + fcgi).groups[0]?.processes[0]).toMatchObject({
      kind: 'fcgi',
      fcgiSocket: { url: 'unix:///tmp/f.sock', mode: 0o700, owner: { uid: 65534, gid: 65533 } },
    });
    const config = loaded(HEAD + fcgi.replace('socket=unix:///tmp/f.sock\n', ''));
    expect(config.groups[0]?.processes[0]?.fcgiSocket).toBe(null);
    expect(config.notices).toHaveLength(1);
  });

  test('CFG-211 to CFG-215 fcgi sockets', () => {
    const says = (lines: string) => saysOf(`${HEAD}[fcgi-program:f]\ncommand=f\n${lines}\n`);
    expect(says('')).toBe('[fcgi-program:f] section requires a "socket" line');
    expect(says('socket=foo')).toBe('Bad socket format foo in [fcgi-program:f] socket');
    expect(says('socket=unix://rel')).toBe(
      'Unix socket path rel is not an absolute path in [fcgi-program:f] socket',
    );
    expect(says('socket=unix:///a\nsocket_backlog=0')).toBe('Invalid socket_backlog value 0');
    expect(says('socket=unix:///a\nsocket_owner=ghost')).toBe('Invalid socket_owner value ghost');
    expect(says('socket=unix:///a\nsocket_mode=9')).toBe('Invalid socket_mode value 9');
    expect(says('socket=tcp://h:1\nsocket_mode=0700')).toBe(
      'socket_owner and socket_mode params should only be used with a Unix domain socket in [fcgi-program:f] socket',
    );
  });

  test('CFG-196 the server URL given to children', () => {
    const servers = '[inet_http_server]\nport=*:1\n[inet_http_server:b]\nport=h:2\n';
    const urlWith = (text: string) => loaded(HEAD + MEMBER + text).groups[0]?.processes[0]?.serverUrl;
    expect(urlWith('')).toBe(null);
    expect(urlWith(servers)).toBe('http://h:2');
    expect(urlWith('[inet_http_server]\nport=*:1\n')).toBe('http://localhost:1');
    expect(urlWith(`${servers}[unix_http_server]\nfile=~/s\n`)).toBe('unix:///root/s');
    expect(urlWith('serverurl=http://own\n[unix_http_server]\nfile=/s\n')).toBe('http://own');
  });
});

describe('listeners', () => {
  const pool = (lines: string) => `${HEAD}[eventlistener:l]\ncommand=l\n${lines}\n`;

  test('CFG-217 CFG-218 CFG-220 a pool', () => {
    const [group] = loaded(pool('events=tick_5, PROCESS_STATE,TICK_5')).groups;
    expect(group).toMatchObject({
      kind: 'listeners',
      priority: -1,
      bufferSize: 10,
      lengthIn: 'bytes',
      events: ['TICK_5', 'PROCESS_STATE'],
    });
    expect(group?.processes[0]).toMatchObject({ kind: 'listener', priority: 999 });
  });

  test('CFG-217 to CFG-221 what a pool refuses', () => {
    expect(saysOf(pool(''))).toBe('[eventlistener:l] section requires an "events" line');
    expect(problemsOf(pool('events=PROCESS_STAET'))[0]).toMatchObject({
      says: 'Unknown event type PROCESS_STAET in [eventlistener:l] events',
      hint: 'did you mean PROCESS_STATE?',
    });
    expect(saysOf(pool('events=EVENT\nbuffer_size=0'))).toBe(
      '[eventlistener:l] section sets invalid buffer_size (0)',
    );
    expect(saysOf(pool('events=EVENT\nlength_in=chars'))).toBe(
      '[eventlistener:l] section sets invalid length_in (chars)',
    );
    expect(saysOf(pool('events=EVENT\nredirect_stderr=1'))).toContain(
      'interfere with the eventlistener protocol',
    );
    expect(saysOf(pool('events=EVENT\nresult_handler=a:b'))).toBe(
      'a:b cannot be resolved within [eventlistener:l]',
    );
  });
});

describe('servers and RPC', () => {
  test('CFG-151 CFG-157 CFG-158 CFG-159 servers in the order they are opened', () => {
    const { servers } = loaded(
      `${HEAD}[unix_http_server]\nfile=s.sock\nchmod=0766\nchown=nobody:nogroup\nusername=u\npassword={SHA}ab\n[inet_http_server:b]\nport=2\nusername=\npassword=x\n[inet_http_server]\nport=H:1\n`,
    );
    expect(servers).toEqual([
      { kind: 'inet', section: 'inet_http_server:b', auth: null, host: '', port: 2 },
      { kind: 'inet', section: 'inet_http_server', auth: null, host: 'h', port: 1 },
      {
        kind: 'unix',
        section: 'unix_http_server',
        auth: { username: 'u', password: '{SHA}ab' },
        path: '/conf/s.sock',
        mode: 0o766,
        owner: { uid: 65534, gid: 65534 },
      },
    ]);
  });

  test('CFG-152 to CFG-156 what a server section refuses', () => {
    const says = (text: string) => saysOf(HEAD + text);
    expect(says('[unix_http_server]\n')).toBe('section [unix_http_server] has no file value');
    expect(says('[unix_http_server]\nfile=x\nchmod=zz\n')).toBe('Invalid chmod value zz');
    expect(says('[unix_http_server]\nfile=x\nchown=ghost\n')).toBe('Invalid sockchown value ghost');
    expect(says('[inet_http_server]\n')).toBe('section [inet_http_server] has no port value');
    expect(says('[inet_http_server:b]\nport=1\nusername=x\n')).toBe(
      'Section [inet_http_server:b] contains incomplete authentication: If a username or a password is specified, both the username and password must be specified',
    );
  });

  test('CFG-223 CFG-224 CFG-226 CFG-068 RPC interfaces', () => {
    const factory = 'supervisor.rpcinterface_factory=supervisor.rpcinterface:make_main_rpcinterface\n';
    const server = '[inet_http_server]\nport=1\n';
    expect(loaded(`${HEAD}[rpcinterface:supervisor]\n${factory}`).rpcInterfaces).toEqual(['supervisor']);
    expect(saysOf(`${HEAD}[rpcinterface:x]\n`)).toBe(
      'section [rpcinterface:x] does not specify a supervisor.rpcinterface_factory',
    );
    expect(saysOf(`${HEAD}[rpcinterface:x]\nsupervisor.rpcinterface_factory=a:b\n`)).toBe(
      'a:b cannot be resolved within [rpcinterface:x]',
    );
    expect(saysOf(`[DEFAULT]\ndirectory=/tmp\n${HEAD}[rpcinterface:supervisor]\n${factory}${server}`)).toBe(
      'Could not make supervisor rpc interface',
    );
  });
});

describe('bad input', () => {
  test('CFG-005 missing, a directory, unreadable', () => {
    expect(problemsOf({ text: '', overrides: {} })[0].says).toBe(
      '.ini file does not include supervisord section',
    );
    const request = requestOf({ text: '' });
    const says = (files: typeof request.files, path = '/etc/app/s.conf') => {
      const result = configReader({ ...request, files, path })();
      return result.ok ? null : result.problems[0];
    };
    expect(says(request.files, 'nope.conf')).toMatchObject({ says: 'could not find config file nope.conf' });
    expect(says(request.files, '/etc/app')).toMatchObject({
      says: 'could not read config file /etc/app',
      hint: 'it is a directory',
    });
    expect(says({ ...request.files, read: () => ({ kind: 'unreadable' }) })).toMatchObject({
      says: 'could not read config file /etc/app/s.conf',
    });
  });

  test('CFG-050 not UTF-8', () => {
    expect(
      problemsOf({ text: Buffer.from([...Buffer.from(HEAD), 0x78, 0x3d, 0xff, 0x0a]) })[0],
    ).toMatchObject({
      says: "'utf-8' codec can't decode byte 0xff in position 16: invalid start byte",
      hint: expect.stringContaining('line 2'),
    });
  });

  test('a file of 100 MB is refused without keeping it', () => {
    const result = problemsOf({ text: Buffer.alloc(100 * 1024 * 1024, '; nothing\n') });
    expect(result[0].says).toBe('config file /etc/app/s.conf is too large');
  });

  test('10,000 programs are read in a few seconds', () => {
    const text = Array.from(
      { length: 10_000 },
      (_, n) => `[program:p${n}]\ncommand=/bin/p %(process_num)d\nenvironment=N="${n}"\n`,
    );
    expect(loaded(HEAD + text.join('')).groups).toHaveLength(10_000);
  });

  test('a numprocs beyond all reason is refused, not built', () => {
    expect(saysOf(`${HEAD}${MEMBER}numprocs=1000000000\nprocess_name=a%(process_num)d\n`)).toContain(
      'numprocs 1000000000 is above upper bound (100000)',
    );
  });

  test('every problem of a file is told, in the order supervisord would meet them', () => {
    const problems = problemsOf(
      '[supervisord]\nloglevel=loud\nuser=ghost\n[program:x]\nstartsecs=soon\nnumprocs=2\nstdout_logfile=/no/x\n[group:g]\nprograms=y\n[inet_http_server]\nport=x\n',
    );
    expect(problems.map(({ where, says }) => `${where} ${says}`)).toEqual([
      "/etc/app/s.conf:2 bad logging level name 'loud'",
      '/etc/app/s.conf:9 [group:g] names unknown program or fcgi-program y',
      "/etc/app/s.conf:5 invalid literal for int() with base 10: 'soon' in section 'program:x' (file: '/etc/app/s.conf')",
      "/etc/app/s.conf:4 %(process_num) must be present within process_name when numprocs > 1 in section 'program:x' (file: '/etc/app/s.conf')",
      "/etc/app/s.conf:7 The directory named as part of the path /no/x does not exist in section 'program:x' (file: '/etc/app/s.conf')",
      "/etc/app/s.conf:4 program section program:x does not specify a command in section 'program:x' (file: '/etc/app/s.conf')",
      "/etc/app/s.conf:11 not a valid port number: 'x' ",
      '/etc/app/s.conf:3 Invalid user name ghost',
    ]);
    expect(problems.every(({ hint }) => hint !== undefined)).toBe(true);
  });

  test('names that are names of things in JavaScript are names like any other', () => {
    const { groups, daemon } = loaded(
      `${HEAD}environment=__proto__="p",constructor="c"\n[program:__proto__]\ncommand=%(ENV_constructor)s\ntoString=1\n[constructor]\n__proto__=x\n`,
    );
    expect(groups[0]).toMatchObject({ name: '__proto__', processes: [{ command: 'c' }] });
    expect(Object.entries(daemon.environment)).toEqual([
      ['__proto__', 'p'],
      ['constructor', 'c'],
    ]);
    expect(saysOf(`${HEAD}${MEMBER}directory=%(toString)s\n`)).toContain("names ('toString')");
  });
});
