import { readFileSync } from 'node:fs';
import { describe, test } from 'vitest';
import { eachSupervisor, startSupervisor, type TestSupervisor } from '../support/supervisors.ts';
import { until } from '../support/until.ts';

/** What one process is run with: its words after the program's name, and the variables that are worth a look. */
interface Child {
  readonly words: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** A shape of configuration that is found in public, with stand-ins for its programs, and what must come of it. */
interface Shape {
  readonly title: string;
  readonly config: string;
  readonly daemon?: string;
  readonly files?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
  /** By `group:name`; exactly these processes are there. */
  readonly children: Readonly<Record<string, Child>>;
  /** Some fields of getAllConfigInfo, by process name. */
  readonly fields?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly crlf?: true;
}

const SHAPES: readonly Shape[] = [
  {
    title: 'a container of nginx and php-fpm: a blank before /dev/stdout, an option nobody knows',
    config: `[program:nginx]
command=nginx -g "daemon off;"
priority=900
stdout_logfile= /dev/stdout
stdout_logfile_maxbytes=0
username=www-data
autorestart=true
[program:php-fpm]
command=php-fpm -F # Run PHP FPM
autorestart=unexpected
stdout_logfile_maxbytes=5MB   ; Keep 5MB
`,
    children: { 'nginx:nginx': { words: ['-g', 'daemon off;'] }, 'php-fpm:php-fpm': { words: ['-F'] } },
    fields: {
      nginx: { stdout_logfile: '/dev/stdout', stdout_logfile_maxbytes: 0, process_prio: 900, uid: 'none' },
      'php-fpm': { stdout_logfile_maxbytes: 5 * 1024 * 1024, command: 'php-fpm -F' },
    },
  },
  {
    title: 'queue workers counted by the environment, a comment after a number',
    env: { WORKERS: '2', SLEEP: '3' },
    config: `[program:queue]
process_name=%(program_name)s_%(process_num)02d
command=php artisan queue:work --sleep=%(ENV_SLEEP)s
numprocs=%(ENV_WORKERS)s
stopasgroup=true
priority=30  # Start after nginx
inherit=defaults
`,
    children: {
      'queue:queue_00': { words: ['artisan', 'queue:work', '--sleep=3'] },
      'queue:queue_01': { words: ['artisan', 'queue:work', '--sleep=3'] },
    },
    fields: { queue_01: { process_prio: 30, group_prio: 30, killasgroup: true } },
  },
  {
    title: 'a command that goes on in the first column is an option of its own',
    config: '[program:queue]\ncommand=php work --queue --sleep=3\n--tries=3\nnumprocs=1\n',
    children: { 'queue:queue': { words: ['work', '--queue', '--sleep=3'] } },
  },
  {
    title: 'a group with blanks around its list, its programs below it',
    config: `[group:site]
programs       = site-web, site-worker
; ======================================
[program:site-web]
command        = nginx
priority       = 999
[program:site-worker]
command = celery worker -A x --loglevel=INFO
killasgroup=true
[program:beat]
command=celery beat
group=www-data
`,
    children: {
      'site:site-web': { words: [] },
      'site:site-worker': { words: ['worker', '-A', 'x', '--loglevel=INFO'] },
      'beat:beat': { words: ['beat'] },
    },
  },
  {
    title: 'sections written twice: the later value of an option counts',
    config: `[program:zookeeper]
command=java -server
stopsignal=QUIT
[supervisord]
identifier=second
[program:zookeeper]
priority=5
command=java -client
`,
    children: { 'zookeeper:zookeeper': { words: ['-client'] } },
    fields: { zookeeper: { process_prio: 5, stopsignal: 3 } },
  },
  {
    title: 'words of the environment are split like words of the file, /dev/fd/1 takes the output',
    env: { OPTS: '-a "b c" -d', DATA: '/data dir' },
    config: `[program:relay]
command=java %(ENV_OPTS)s -conf %(ENV_DATA)s/x.toml
redirect_stderr=true
stdout_logfile=/dev/fd/1 ; to where supervisord writes
stdout_logfile_maxbytes=0
`,
    children: { 'relay:relay': { words: ['-a', 'b c', '-d', '-conf', '/data', 'dir/x.toml'] } },
    fields: { relay: { stdout_logfile: '/dev/fd/1', redirect_stderr: true } },
  },
  {
    title: 'an environment over many lines: bare words, both quotes, a comma at the end and at a beginning',
    env: { BASE: 'base' },
    daemon: `environment=
    PYTHONPATH=/opt/app:/opt/lib,
    DATABASE_URL="postgres://u:p@db:5432/x?a=b&c=d",
    MIXED="it's",
    EMPTY="",`,
    config: `[program:a]
command=nginx
environment=A="1",B=2,C="a,b;c",D='x=y',
    E="%(program_name)s-%(process_num)d",PYTHONPATH="/own:%(ENV_BASE)s"
    ,F=%(ENV_BASE)s
`,
    children: {
      'a:a': {
        words: [],
        env: {
          A: '1',
          B: '2',
          C: 'a,b;c',
          D: 'x=y',
          E: 'a-0',
          F: 'base',
          PYTHONPATH: '/own:base',
          DATABASE_URL: 'postgres://u:p@db:5432/x?a=b&c=d',
          MIXED: "it's",
          EMPTY: '',
        },
      },
    },
  },
  {
    title: 'a file with the line ends of Windows',
    crlf: true,
    config: '[program:a]\ncommand=nginx -g "daemon off;"\nenvironment=A="1",\n  B="2"\nautorestart=true\n',
    children: { 'a:a': { words: ['-g', 'daemon off;'], env: { A: '1', B: '2' } } },
  },
  {
    title: 'tabs around everything',
    config: '[program:a]\t; comment\ncommand\t=\tnginx\t-a\t"b\tc"\t; comment\n\t-d\npriority\t=\t5\n',
    children: { 'a:a': { words: ['-a', 'b\tc', '-d'] } },
    fields: { a: { process_prio: 5 } },
  },
  {
    title: 'percent signs of others, doubled',
    config: '[program:relay]\ncommand=java -a %%h:%%p -Xloggc:gc_%%t_%%p.log %%QUEUE%%\n',
    children: { 'relay:relay': { words: ['-a', '%h:%p', '-Xloggc:gc_%t_%p.log', '%QUEUE%'] } },
    fields: { relay: { command: 'java -a %h:%p -Xloggc:gc_%t_%p.log %QUEUE%' } },
  },
  {
    title: 'quotes inside and beside words; nothing of a shell is done',
    config: `[program:a]
command="nginx" 'single arg' plain"joined"'x' \\"q\\" -Dx="a b" --y='c d' -z= ~ * $HOME \`id\` && >x
`,
    children: {
      'a:a': {
        words: 'single arg|plainjoinedx|"q"|-Dx=a b|--y=c d|-z=|~|*|$HOME|`id`|&&|>x'.split('|'),
      },
    },
  },
  {
    title: 'a semicolon without a blank before it stays, in quotes too',
    config: '[program:a]\ncommand=nginx "x; y;z"; end ; gone\n',
    children: { 'a:a': { words: ['x; y;z;', 'end'] } },
  },
  {
    title:
      'folders of more files: %(here)s is the folder of the main file, a group may come before its programs',
    config: '[include]\nfiles = conf.d/*.conf sites/*.ini {dir}/abs.conf none*.conf\n',
    files: {
      'conf.d/b.conf': '[program:b]\ncommand=nginx b\n',
      'conf.d/a.conf': '[program:a]\ncommand=php %(here)s\n[group:g]\nprograms=a,c\n',
      'sites/c.ini': '[program:c]\ncommand=php c\nenvironment=HERE="%(here)s"\n',
      'abs.conf': '[program:d]\ncommand=nginx d\n',
    },
    children: {
      'g:a': { words: ['{dir}/conf.d'] },
      'g:c': { words: ['c'], env: { HERE: '{dir}/sites' } },
      'b:b': { words: ['b'] },
      'd:d': { words: ['d'] },
    },
  },
  {
    title: 'numbered from elsewhere, the number in every place',
    config: `[program:web]
command=nginx --port=80%(process_num)02d
numprocs=2
numprocs_start=7
process_name=%(program_name)s-%(process_num)05d
stdout_logfile={dir}/%(program_name)s_%(process_num)s.log
environment=N="%(process_num)s"
`,
    children: {
      'web:web-00007': { words: ['--port=8007'], env: { N: '7' } },
      'web:web-00008': { words: ['--port=8008'], env: { N: '8' } },
    },
    fields: { 'web-00008': { stdout_logfile: '{dir}/web_8.log' } },
  },
  {
    title: 'a relative folder of automatic logs: clients are told absolute paths',
    daemon: 'childlogdir=child',
    config: '[program:a]\ncommand=nginx\n',
    children: { 'a:a': { words: [] } },
    fields: { a: { stdout_logfile: /^\{dir\}\/child\/a-stdout---supervisor-\w{8}\.log$/ } },
  },
  {
    title: 'signals by any of their names, booleans in any case',
    config: `[program:a]
command=nginx
stopsignal=sigquit
autorestart=TRUE
stdout_events_enabled=On
[program:b]
command=nginx
stopsignal=9
autorestart=Unexpected
redirect_stderr=YES
`,
    children: { 'a:a': { words: [] }, 'b:b': { words: [] } },
    fields: {
      a: { stopsignal: 3, stdout_events_enabled: true },
      b: { stopsignal: 9, redirect_stderr: true, stderr_logfile: 'none' },
    },
  },
];

const STAND_IN = '#!/bin/sh\nread line\n';
const PROGRAMS = ['nginx', 'php', 'php-fpm', 'java', 'celery'];

function runWith(pid: number, dir: string): Required<Child> | null {
  const [shell, program, ...words] = zeroed(`/proc/${pid}/cmdline`);
  if (shell !== '/bin/sh' || !program?.startsWith(`${dir}/bin/`)) return null;
  const pairs = zeroed(`/proc/${pid}/environ`).map((pair) => pair.split(/=(.*)/s).slice(0, 2));
  return { words, env: Object.fromEntries(pairs) };
}

function zeroed(path: string): string[] {
  return readFileSync(path, 'latin1').split('\0').slice(0, -1);
}

/** Every child once its program runs, by `group:name`. */
function childrenOf(daemon: TestSupervisor): Promise<Record<string, Required<Child>>> {
  return until('every program to run', async () => {
    const all: Record<string, Required<Child>> = {};
    for (const { group, name, pid } of await daemon.rpc('getAllProcessInfo')) {
      const child = pid > 0 ? runWith(pid, daemon.dir) : null;
      if (child === null) throw new Error(`${name} does not run yet`);
      all[`${group}:${name}`] = child;
    }
    return all;
  });
}

eachSupervisor((kind) => {
  describe('configurations as they are found in public', () => {
    test.for(SHAPES)('$title', async ({ config, crlf, daemon, files, env, children, fields }, t) => {
      const { expect } = t;
      const stood = Object.fromEntries(PROGRAMS.map((name) => [`bin/${name}`, STAND_IN]));
      const supervisor = await startSupervisor(t, kind, {
        ...(daemon === undefined ? {} : { daemon }),
        config: crlf ? config.replaceAll('\n', '\r\n') : config,
        files: { ...stood, ...files },
        executable: PROGRAMS.map((name) => `bin/${name}`),
        under: ['sh', '-c', 'exec "$@" >printed', 'sh'], // /dev/stdout cannot be opened where it is a socket
        env: { ...env, PATH: '{dir}/bin:/usr/bin:/bin' },
      });
      const own = (text: string) => text.replaceAll(supervisor.dir, '{dir}');

      const found = await childrenOf(supervisor);
      expect(Object.keys(found).sort()).toEqual(Object.keys(children).sort());
      for (const [name, child] of Object.entries(children)) {
        expect([name, found[name]?.words.map(own)]).toEqual([name, child.words]);
        for (const [key, value] of Object.entries(child.env ?? {}))
          expect([key, own(found[name]?.env[key] ?? '(unset)')]).toEqual([key, value]);
      }

      const infos: readonly Record<string, unknown>[] = await supervisor.rpc('getAllConfigInfo');
      for (const [name, wanted] of Object.entries(fields ?? {})) {
        const info = infos.find((one) => one.name === name) ?? {};
        for (const [field, value] of Object.entries(wanted)) {
          const is = typeof info[field] === 'string' ? own(info[field]) : info[field];
          if (value instanceof RegExp) expect(is, field).toMatch(value);
          else expect([field, is]).toEqual([field, value]);
        }
      }
    });
  });
});
