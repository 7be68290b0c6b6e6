import { existsSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'vitest';
import { hears, listenerSection } from '../support/listening.ts';
import { eachSupervisor, startSupervisor, type TestSupervisor } from '../support/supervisors.ts';
import { until } from '../support/until.ts';

const PLAIN = 'startsecs=0\nautorestart=false\n';
const CAT = `[program:cat]\ncommand=/bin/cat\nstartsecs=0\nstdout_logfile={dir}/cat.log\n`;
const BEGIN = '<!--XSUPERVISOR:BEGIN-->';
const END = '<!--XSUPERVISOR:END-->';

const logHas = (s: TestSupervisor, file: string, text: string) =>
  until(`${text} in ${file}: ${s.read(file).slice(-200)}`, () => s.read(file).includes(text));
const mainLogHas = (s: TestSupervisor, text: string) =>
  until(`main log has ${text}`, () => s.log().includes(text));
const childFiles = (s: TestSupervisor) => readdirSync(join(s.dir, 'child')).sort();
/** Sends lines through `cat` one at a time, each only when the one before it is in a file. */
async function sendLines(
  s: TestSupervisor,
  lines: readonly string[],
  landed: (line: string) => boolean,
): Promise<void> {
  for (const line of lines) {
    await s.rpc('sendProcessStdin', 'cat', line);
    await until(`${line.slice(0, 10)} is logged`, () => landed(line));
  }
}
/** `10 bytes, numbered`: every line different, all of one length. */
const numbered = (count: number, width = 10): string[] =>
  Array.from({ length: count }, (_, i) => `${String(i).padStart(width - 1, '0')}\n`);
const inAny = (s: TestSupervisor, files: readonly string[]) => (line: string) =>
  files.some((file) => s.read(file).includes(line));

eachSupervisor((kind) => {
  test('PROC-087 a main log line is local time with milliseconds, level and text', async (t) => {
    const s = await startSupervisor(t, kind, { config: '' });
    await mainLogHas(s, 'started with pid');
    const lines = s.log().trimEnd().split('\n');
    for (const line of lines) {
      t.expect(line).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} (CRIT|ERRO|WARN|INFO|DEBG|TRAC|BLAT) ./);
    }
    const started = lines.find((line) => line.includes('started with pid')) ?? '';
    const at = new Date(started.slice(0, 23).replace(' ', 'T').replace(',', '.'));
    t.expect(Math.abs(Date.now() - at.getTime())).toBeLessThan(60_000);
  });

  test('PROC-088 lines below loglevel are left out', async (t) => {
    const s = await startSupervisor(t, kind, { config: CAT, daemon: 'loglevel=warn' });
    await s.state('cat', 'RUNNING');
    t.expect(s.log()).not.toMatch(/ (INFO|DEBG) /);
  });

  test('PROC-089 at debug the main log holds child output too', async (t) => {
    const config = `[program:p]\ncommand=/bin/sh -c 'echo some words; sleep 0.3; printf "\\\\377" >&2; sleep 100'\n${PLAIN}`;
    const s = await startSupervisor(t, kind, { config, daemon: 'loglevel=debug' });
    await mainLogHas(s, "'p' stderr output:");
    t.expect(s.log()).toMatch(/DEBG 'p' stdout output:\nsome words\n/);
    t.expect(s.log()).toMatch(/DEBG 'p' stderr output:\nUndecodable: b'\\xff'\n/);
  });

  test('PROC-090 the main log rotates like child logs', async (t) => {
    const s = await startSupervisor(t, kind, {
      config: CAT,
      daemon: 'logfile_maxbytes=400\nlogfile_backups=2',
    });
    for (let i = 0; i < 12; i++) await s.rpc('signalProcess', 'cat', 'CONT').catch(() => {});
    for (let i = 0; i < 4; i++) {
      await s.rpc('stopProcess', 'cat');
      await s.rpc('startProcess', 'cat');
    }
    await until('two backups', () => existsSync(join(s.dir, 'main.log.2')));
    t.expect(existsSync(join(s.dir, 'main.log.3'))).toBe(false);
    t.expect(statSync(join(s.dir, 'main.log.1')).size).toBeGreaterThanOrEqual(400);
  });

  test('PROC-091 AUTO files have their name, sit in childlogdir and are private', async (t) => {
    const config = `[program:p]\ncommand=/bin/sh -c 'echo x; sleep 100'\n${PLAIN}[program:q]\ncommand=/bin/sleep 100\n${PLAIN}stdout_logfile={dir}/q.log\n`;
    const s = await startSupervisor(t, kind, { config, daemon: 'identifier=ident7' });
    await s.state('q', 'RUNNING');
    t.expect(childFiles(s).filter((file) => file.startsWith('p-'))).toEqual([
      t.expect.stringMatching(/^p-stderr---ident7-[a-z0-9_]{8}\.log$/),
      t.expect.stringMatching(/^p-stdout---ident7-[a-z0-9_]{8}\.log$/),
    ]);
    for (const file of childFiles(s)) t.expect(statSync(join(s.dir, 'child', file)).mode & 0o777).toBe(0o600);
    t.expect(statSync(join(s.dir, 'q.log')).mode & 0o777).toBe(0o666 & ~process.umask());
  });

  test('PROC-092 AUTO files are there for a program that never started, and stay empty', async (t) => {
    const s = await startSupervisor(t, kind, { config: `[program:p]\ncommand=/bin/true\nautostart=false\n` });
    t.expect(childFiles(s).map((file) => [file.slice(0, 8), s.read(`child/${file}`)])).toEqual([
      ['p-stderr', ''],
      ['p-stdout', ''],
    ]);
  });

  test('PROC-093 AUTO names stay over restarts of the process, and the files outlive the group', async (t) => {
    const s = await startSupervisor(t, kind, {
      config: `[program:p]\ncommand=/bin/sh -c 'echo x; sleep 100'\n${PLAIN}`,
    });
    const before = childFiles(s);
    await s.state('p', 'RUNNING');
    await s.rpc('stopProcess', 'p');
    await s.rpc('startProcess', 'p');
    await s.rpc('stopProcess', 'p');
    t.expect(childFiles(s)).toEqual(before);
    await s.rpc('removeProcessGroup', 'p');
    t.expect(childFiles(s)).toEqual(before);
  });

  const OLD = {
    'child/p-stdout---mine-abcdefgh.log': '',
    'child/p-stdout---mine-abcdefgh.log.1': '',
    'child/p-stdout---mine-x.log.old': '',
    'child/p-stdout---other-abcdefgh.log': '',
    'child/---mine-abcdefgh.log': '',
    'child/p---mine-a b.log': '',
    'child/mine.log': '',
  };

  test('PROC-094 AUTO logs of this identifier are removed at start, backups and suffixes included', async (t) => {
    const s = await startSupervisor(t, kind, { config: '', daemon: 'identifier=mine', files: OLD });
    t.expect(childFiles(s)).toEqual([
      '---mine-abcdefgh.log',
      'mine.log',
      'p---mine-a b.log',
      'p-stdout---other-abcdefgh.log',
    ]);
  });

  test('PROC-094 nocleanup keeps them', async (t) => {
    const s = await startSupervisor(t, kind, {
      config: '',
      daemon: 'identifier=mine\nnocleanup=true',
      files: OLD,
    });
    t.expect(childFiles(s)).toHaveLength(7);
  });

  test('PROC-095 one that cannot be removed is warned of', async (t) => {
    const files = { 'child/p---supervisor-x.log/inside': '' };
    const s = await startSupervisor(t, kind, { config: '', files });
    await mainLogHas(s, `WARN Failed to clean up '${s.dir}/child/p---supervisor-x.log'`);
    t.expect(childFiles(s)).toEqual(['p---supervisor-x.log']);
  });

  test('PROC-096 each run appends, and a file that went is made again at the next start', async (t) => {
    const config = `[program:p]\ncommand=/bin/sh -c 'echo run; exec sleep 100'\n${PLAIN}stdout_logfile={dir}/p.log\n`;
    const s = await startSupervisor(t, kind, { config });
    await logHas(s, 'p.log', 'run\n');
    await s.rpc('stopProcess', 'p');
    await s.rpc('startProcess', 'p');
    await logHas(s, 'p.log', 'run\nrun\n');
    await s.rpc('stopProcess', 'p');
    rmSync(join(s.dir, 'p.log'));
    await s.rpc('startProcess', 'p');
    await logHas(s, 'p.log', 'run\n');
  });

  test('PROC-097 rotation follows the write that reached the limit', async (t) => {
    const s = await startSupervisor(t, kind, {
      config: `${CAT}stdout_logfile_maxbytes=35\nstdout_logfile_backups=2\n`,
    });
    await s.state('cat', 'RUNNING');
    const files = ['cat.log', 'cat.log.1', 'cat.log.2'];
    await sendLines(s, numbered(14), inAny(s, files));
    await until('rotated', () => s.read('cat.log.1').endsWith('11\n'));
    const lines = numbered(14);
    t.expect(files.map((file) => s.read(file))).toEqual([
      lines.slice(12).join(''),
      lines.slice(8, 12).join(''),
      lines.slice(4, 8).join(''),
    ]);
    t.expect(existsSync(join(s.dir, 'cat.log.3'))).toBe(false);
  });

  test('PROC-098 without backups the file is emptied', async (t) => {
    const s = await startSupervisor(t, kind, {
      config: `${CAT}stdout_logfile_maxbytes=25\nstdout_logfile_backups=0\n`,
    });
    await s.state('cat', 'RUNNING');
    const [a, b, c, d] = numbered(4) as [string, string, string, string];
    await sendLines(s, [a, b], (line) => s.read('cat.log').includes(line));
    await s.rpc('sendProcessStdin', 'cat', c);
    await until('emptied', () => s.read('cat.log') === '');
    await sendLines(s, [d], (line) => s.read('cat.log').includes(line));
    t.expect(readdirSync(s.dir).filter((file) => file.startsWith('cat.log'))).toEqual(['cat.log']);
  });

  test('PROC-099 backups beyond the number wanted are left alone', async (t) => {
    const config = `${CAT}stdout_logfile_maxbytes=5\nstdout_logfile_backups=1\n`;
    const s = await startSupervisor(t, kind, { config, files: { 'cat.log.2': 'old' } });
    await s.state('cat', 'RUNNING');
    await sendLines(s, numbered(3), inAny(s, ['cat.log', 'cat.log.1']));
    t.expect(s.read('cat.log.2')).toBe('old');
  });

  test('PROC-100 USR2 opens moved logs anew, of running processes only', async (t) => {
    const stopped = `[program:s]\ncommand=/bin/true\nautostart=false\nstdout_logfile={dir}/s.log\n`;
    const s = await startSupervisor(t, kind, { config: CAT + stopped });
    await s.state('cat', 'RUNNING');
    await sendLines(s, ['one\n'], inAny(s, ['cat.log']));
    for (const file of ['cat.log', 'main.log']) renameSync(join(s.dir, file), join(s.dir, `${file}.moved`));
    process.kill(s.pid, 'SIGUSR2');
    await until('reopened', () => existsSync(join(s.dir, 'cat.log')) && existsSync(join(s.dir, 'main.log')));
    await sendLines(s, ['two\n'], inAny(s, ['cat.log']));
    t.expect([s.read('cat.log.moved'), s.read('cat.log')]).toEqual(['one\n', 'two\n']);
    t.expect(existsSync(join(s.dir, 's.log'))).toBe(false);
  });

  test('PROC-100 without a signal a moved log is followed', async (t) => {
    const s = await startSupervisor(t, kind, { config: CAT });
    await s.state('cat', 'RUNNING');
    await sendLines(s, ['one\n'], inAny(s, ['cat.log']));
    renameSync(join(s.dir, 'cat.log'), join(s.dir, 'moved'));
    await sendLines(s, ['two\n'], inAny(s, ['moved']));
    t.expect(existsSync(join(s.dir, 'cat.log'))).toBe(false);
  });

  test('PROC-101 every byte is written as it came', async (t) => {
    const script = 'import sys; sys.stdout.buffer.write(bytes(range(256)) * 4000); sys.stdout.flush()';
    const config = `[program:p]\ncommand=/usr/bin/python3 -c "${script}"\n${PLAIN}stdout_logfile={dir}/p.log\n`;
    const s = await startSupervisor(t, kind, { config });
    await s.state('p', 'EXITED');
    const wanted = Buffer.from(Array.from({ length: 256 }, (_, i) => i));
    const got = readFileSync(join(s.dir, 'p.log'));
    t.expect(got.length).toBe(256 * 4000);
    t.expect(got.equals(Buffer.alloc(256 * 4000, wanted))).toBe(true);
  });

  test('PROC-102 strip_ansi drops colours and cursor movements', async (t) => {
    const text = String.raw`\033[31mred\033[0m plain \033[1;4mbold\033[0m \033[2J\033[3;4Hend\n`;
    const config = `[program:p]\ncommand=/bin/sh -c 'printf "${text}"; exec sleep 100'\n${PLAIN}stdout_logfile={dir}/p.log\n`;
    const s = await startSupervisor(t, kind, { config, daemon: 'strip_ansi=true' });
    await logHas(s, 'p.log', 'end');
    t.expect(s.read('p.log')).toBe('red plain bold end\n');
  });

  test('PROC-103 a changed strip_ansi holds from the reread on', async (t) => {
    const say = String.raw`printf '\033[1mone\n'; while [ ! -e {dir}/go ]; do sleep 0.05; done; printf '\033[1mtwo\n'; exec sleep 100`;
    const config = `[program:p]\ncommand=/bin/sh {dir}/say.sh\n${PLAIN}stdout_logfile={dir}/p.log\n`;
    const s = await startSupervisor(t, kind, {
      config,
      daemon: 'strip_ansi=false',
      files: { 'say.sh': say },
    });
    await logHas(s, 'p.log', 'one\n');
    s.write('supervisord.conf', s.read('supervisord.conf').replace('strip_ansi=false', 'strip_ansi=true'));
    await s.rpc('reloadConfig');
    s.write('go', '');
    await logHas(s, 'p.log', 'two\n');
    t.expect(s.read('p.log')).toBe('\x1b[1mone\ntwo\n');
  });

  test('PROC-104 A28 everything a child wrote is logged before its end is told', async (t) => {
    const script = "import os; os.write(1, b'x' * 60000 + b'last'); os._exit(0)";
    const config = `[program:p]\ncommand=/usr/bin/python3 -c "${script}"\n${PLAIN}autostart=false\nstdout_logfile={dir}/p.log\nstdout_logfile_maxbytes=0\n`;
    const s = await startSupervisor(t, kind, { config });
    for (let run = 1; run <= 5; run++) {
      await s.rpc('startProcess', 'p', false);
      await s.state('p', 'EXITED');
      t.expect(statSync(join(s.dir, 'p.log')).size).toBe(run * 60_004);
    }
  });

  test('PROC-105 a pipe a grandchild keeps is closed once the child is reaped', async (t) => {
    const grandchild = `import os,signal,time
signal.signal(signal.SIGPIPE, signal.SIG_IGN)
while not os.path.exists('{dir}/ended'): time.sleep(0.02)
try:
    os.write(1, b'late\\n')
    os.write(1, b'later\\n')
    word = 'written'
except OSError as why: word = why.strerror
open('{dir}/word.tmp', 'w').write(word)
os.rename('{dir}/word.tmp', '{dir}/word')
`;
    const config = `[program:p]\ncommand=/bin/sh -c '/usr/bin/python3 {dir}/grandchild.py & exit 0'\n${PLAIN}stdout_logfile={dir}/p.log\n`;
    const s = await startSupervisor(t, kind, { config, files: { 'grandchild.py': grandchild } });
    await s.state('p', 'EXITED');
    s.write('ended', '');
    t.expect(await until('grandchild wrote', () => s.read('word'))).toBe('Broken pipe');
    t.expect(s.read('p.log')).toBe('');
  });

  test('PROC-108 a log that cannot be written loses its text, and the process goes on', async (t) => {
    const config = `[program:p]\ncommand=/bin/sh -c 'echo a; echo b >&2; exec sleep 100'\n${PLAIN}stdout_logfile=/dev/full\nstdout_logfile_maxbytes=0\nstderr_logfile={dir}/err.log\n`;
    const s = await startSupervisor(t, kind, { config });
    await logHas(s, 'err.log', 'b\n');
    t.expect((await s.rpc('getProcessInfo', 'p')).statename).toBe('RUNNING');
    const ran = await s.stop();
    t.expect(kind === 'agent' ? s.log() : ran.err).toMatch(/\/dev\/full|No space left/);
  });

  /** A program that waits for a listener, prints its parts with pauses, and stays. */
  const emitter = (options: string) => `
[program:p]
command=/bin/sh {dir}/emit.sh
${PLAIN}stdout_logfile={dir}/p.out
stderr_logfile={dir}/p.err
${options}`;
  const script = (parts: readonly string[]) => ({
    'emit.sh': `while [ ! -e {dir}/go ]; do sleep 0.05; done
${parts.map((part) => `printf '%s' '${part}'; sleep 0.3`).join('\n')}
exec sleep 100
`,
  });
  const LONG = 'a tail longer than either of the two tokens\n';

  test('PROC-109 text between the tokens is an event and not in the log', async (t) => {
    const parts = [`before${BEGIN}message${END}after\n`, LONG];
    const config = emitter('stdout_capture_maxbytes=1MB\n') + listenerSection('l', 'PROCESS_COMMUNICATION');
    const s = await startSupervisor(t, kind, { config, files: script(parts) });
    s.write('go', '');
    const [event] = await hears(s, 'l', 1);
    t.expect(event?.header.eventname).toBe('PROCESS_COMMUNICATION_STDOUT');
    t.expect(event?.payload).toMatch(/^processname:p groupname:p pid:\d+\nmessage$/);
    await logHas(s, 'p.out', LONG);
    t.expect(s.read('p.out')).toBe(`beforeafter\n${LONG}`);
  });

  test('PROC-110 tokens may come in pieces', async (t) => {
    const parts = ['before<!--XSUPER', 'VISOR:BEGIN-->mess', 'age<!--XSUPERVISOR:', 'END-->after\n', LONG];
    const config = emitter('stdout_capture_maxbytes=1MB\n') + listenerSection('l', 'PROCESS_COMMUNICATION');
    const s = await startSupervisor(t, kind, { config, files: script(parts) });
    s.write('go', '');
    const [event] = await hears(s, 'l', 1);
    t.expect(event?.payload).toMatch(/\nmessage$/);
    await logHas(s, 'p.out', LONG);
    t.expect(s.read('p.out')).toBe(`beforeafter\n${LONG}`);
  });

  test('PROC-111 without capture the tokens are ordinary text', async (t) => {
    const parts = [`a${BEGIN}b${END}c\n`];
    const s = await startSupervisor(t, kind, { config: emitter(''), files: script(parts) });
    s.write('go', '');
    await logHas(s, 'p.out', 'c\n');
    t.expect(s.read('p.out')).toBe(parts[0]);
  });

  test('PROC-112 of a message longer than the limit the end is kept', async (t) => {
    const parts = [BEGIN + 'A'.repeat(30), 'B'.repeat(30), 'C'.repeat(30), `${END}${LONG}`];
    const config = emitter('stdout_capture_maxbytes=70\n') + listenerSection('l', 'PROCESS_COMMUNICATION');
    const s = await startSupervisor(t, kind, { config, files: script(parts) });
    s.write('go', '');
    const [event] = await hears(s, 'l', 1);
    t.expect(event?.payload.split('\n')[1]).toBe('B'.repeat(30) + 'C'.repeat(30));
  });

  test('PROC-113 with capture on, a short last word is logged by the agent and lost by supervisord', async (t) => {
    const config = `[program:p]\ncommand=/bin/echo hi\n${PLAIN}stdout_logfile={dir}/p.log\nstdout_capture_maxbytes=1KB\n`;
    const s = await startSupervisor(t, kind, { config });
    await s.state('p', 'EXITED');
    t.expect(s.read('p.log')).toBe(kind === 'agent' ? 'hi\n' : '');
  });

  test('PROC-114 captured text is told in log events as well', async (t) => {
    const parts = [`${BEGIN}message${END}${LONG}`];
    const options = 'stdout_capture_maxbytes=1MB\nstdout_events_enabled=true\n';
    const config = emitter(options) + listenerSection('l', 'PROCESS_COMMUNICATION,PROCESS_LOG');
    const s = await startSupervisor(t, kind, { config, files: script(parts) });
    s.write('go', '');
    const events = await hears(s, 'l', 3);
    t.expect(
      events.map(({ header, payload }) => [header.eventname, payload.slice(payload.indexOf('\n') + 1)]),
    ).toEqual([
      ['PROCESS_LOG_STDOUT', 'message'],
      ['PROCESS_COMMUNICATION_STDOUT', 'message'],
      ['PROCESS_LOG_STDOUT', LONG],
    ]);
  });

  test('PROC-115 a message that never ends is dropped with the process', async (t) => {
    const config = `[program:p]\ncommand=/bin/sh -c 'echo first line that is long enough to be seen; echo "${BEGIN}captured"; sleep 0.2; echo more of the captured text, long enough'\n${PLAIN}stdout_logfile={dir}/p.log\nstdout_capture_maxbytes=1KB\n`;
    const s = await startSupervisor(t, kind, {
      config: config + listenerSection('l', 'PROCESS_COMMUNICATION'),
    });
    await s.state('p', 'EXITED');
    t.expect(s.read('p.log')).toBe('first line that is long enough to be seen\n');
    await s.rpc('startProcess', 'p', false);
    await s.state('p', 'EXITED');
    t.expect(s.read('l.events')).toBe('');
  });

  test('CFG-216 PROC-116 a listener’s stderr is captured, its stdout is not', async (t) => {
    const speak = `printf 'READY\\n'
while [ ! -e {dir}/go ]; do sleep 0.05; done
printf '%s' '${BEGIN}from stderr${END}${LONG}' >&2
exec sleep 100
`;
    const listener = `
[eventlistener:e]
command=/bin/sh {dir}/speak.sh
events=TICK_3600
startsecs=0
stderr_capture_maxbytes=1KB
stdout_logfile={dir}/e.out
`;
    const config = listenerSection('l', 'PROCESS_COMMUNICATION') + listener;
    const s = await startSupervisor(t, kind, { config, files: { 'speak.sh': speak } });
    s.write('go', '');
    const [event] = await hears(s, 'l', 1);
    t.expect(event?.header.eventname).toBe('PROCESS_COMMUNICATION_STDERR');
    t.expect(event?.payload).toMatch(/^processname:e groupname:e pid:\d+\nfrom stderr$/);
    t.expect(s.read('e.out')).toBe('READY\n');
  });

  test('PROC-117 stdin stays open: a reader waits', async (t) => {
    const s = await startSupervisor(t, kind, { config: CAT });
    await s.state('cat', 'RUNNING');
    await sendLines(s, ['hello\n'], inAny(s, ['cat.log']));
    t.expect((await s.rpc('getProcessInfo', 'cat')).statename).toBe('RUNNING');
  });

  test('PROC-118 what the pipe does not take at once is kept, and nobody waits for the child', async (t) => {
    const config = `[program:p]\ncommand=/bin/sh -c 'while [ ! -e {dir}/go ]; do sleep 0.05; done; exec cat'\nstartsecs=0\nstdout_logfile={dir}/p.log\n`;
    const s = await startSupervisor(t, kind, { config });
    await s.state('p', 'RUNNING');
    const text = `${'x'.repeat(299_999)}\n`;
    t.expect(await s.rpc('sendProcessStdin', 'p', text)).toBe(true);
    s.write('go', '');
    await until('all of it', () => s.read('p.log').length === text.length);
    t.expect(s.read('p.log')).toBe(text);
  });

  test('A19 a log path that is a directory fails its program and no other', async (t) => {
    const bad = `[program:bad]\ncommand=/bin/sleep 100\nstartretries=0\nstdout_logfile={dir}/folder\n`;
    const s = await startSupervisor(t, kind, { config: bad + CAT, files: { 'folder/x': '' } });
    await s.state('cat', 'RUNNING');
    await s.state('bad', 'FATAL', 'BACKOFF');
    t.expect(await s.rpc('getProcessInfo', 'bad')).toMatchObject({
      spawnerr: "unknown error making dispatchers for 'bad': EISDIR",
    });
  });
});
