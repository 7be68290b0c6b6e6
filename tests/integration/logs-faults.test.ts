import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  unlinkSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'vitest';
import { heard, hears, listenerSection, listenerUp } from '../support/listening.ts';
import { startSupervisor, type TestSupervisor } from '../support/supervisors.ts';
import { until } from '../support/until.ts';

const QUIET = 'startsecs=0\nautorestart=false\n';
const cat = (file: string, more = '') =>
  `[program:cat]\ncommand=/bin/cat\nstartsecs=0\nstdout_logfile=${file}\n${more}`;
const mainLogHas = (s: TestSupervisor, text: string) =>
  until(`main log has ${text}: ${s.log().slice(-300)}`, () => s.log().includes(text));
const times = (text: string, part: string) => text.split(part).length - 1;
const bytes = (s: TestSupervisor, file: string) => readFileSync(join(s.dir, file));

/** Lets `cat` write a line again and again until `seen`. */
function writeUntil(s: TestSupervisor, line: string, seen: () => boolean): Promise<boolean> {
  return until(`${line.trim()} seen; log: ${s.log().slice(-300)}`, async () => {
    await s.rpc('sendProcessStdin', 'cat', line);
    return seen();
  });
}

/** A program that writes `count` numbered lines, one write each, then waits for ever. */
const counting = (count: number, pauseEvery = 0) => `import os, time
for i in range(${count}):
    os.write(1, b'line %07d\\n' % i)
    if ${pauseEvery} and i % ${pauseEvery} == 0: time.sleep(0.001)
open('{dir}/written', 'w').close()
time.sleep(1000)
`;
const counter = (options: string) =>
  `[program:p]\ncommand=/usr/bin/python3 {dir}/count.py\n${QUIET}stdout_logfile={dir}/p.log\n${options}`;
const numbersIn = (texts: readonly string[]): number[] =>
  texts
    .join('')
    .trimEnd()
    .split('\n')
    .map((line) => {
      if (!/^line \d{7}$/.test(line)) throw new Error(`not a whole line: ${JSON.stringify(line)}`);
      return Number(line.slice(5));
    });
const upTo = (count: number) => Array.from({ length: count }, (_, i) => i);

/** Files `NAME`, `NAME.1` … oldest first. */
function rotated(s: TestSupervisor, name: string): string[] {
  const numbers = readdirSync(s.dir)
    .filter((file) => file === name || new RegExp(`^${name}\\.\\d+$`).test(file))
    .map((file) => Number(file.slice(name.length + 1)))
    .sort((a, b) => b - a);
  return numbers.map((n) => s.read(n === 0 ? name : `${name}.${n}`));
}

function residentBytes(pid: number): number {
  return Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1]) * 4096;
}

describe.concurrent('log files', () => {
  test('A20 a log folder that goes away costs no child; its loss is told once, and with the count when it is back', async (t) => {
    const config = cat('{dir}/logs/cat.log', 'stdout_logfile_maxbytes=20\n');
    const s = await startSupervisor(t, 'agent', { config, files: { 'logs/keep': '' } });
    await writeUntil(s, 'one\n', () => s.read('logs/cat.log').includes('one'));
    rmSync(join(s.dir, 'logs'), { recursive: true });
    await writeUntil(s, 'lost\n', () => s.log().includes('ERRO cannot write to'));
    t.expect((await s.rpc('getProcessInfo', 'cat')).statename).toBe('RUNNING');
    mkdirSync(join(s.dir, 'logs'));
    await writeUntil(s, 'back\n', () =>
      / WARN writing to '.*cat.log' again, \d+ bytes were lost/.test(s.log()),
    );
    t.expect(s.read('logs/cat.log')).toContain('back\n');
    t.expect(times(s.log(), 'cannot write to')).toBe(1);
  });

  test('A21 a deleted log is found again within ten seconds, without a signal', async (t) => {
    const s = await startSupervisor(t, 'agent', { config: cat('{dir}/cat.log') });
    await writeUntil(s, 'one\n', () => s.read('cat.log').includes('one'));
    unlinkSync(join(s.dir, 'cat.log'));
    await writeUntil(s, 'two\n', () => s.read('cat.log').includes('two'));
  });

  test('A22 a log renamed and reopened ten times while it is written has every line once', async (t) => {
    const count = 20_000;
    const files = { 'count.py': counting(count, 20) };
    const s = await startSupervisor(t, 'agent', { config: counter('stdout_logfile_maxbytes=0\n'), files });
    for (let n = 10; n > 0; n--) {
      await until(
        'the log is there and in use',
        () => existsSync(join(s.dir, 'p.log')) && s.read('p.log') !== '',
      );
      renameSync(join(s.dir, 'p.log'), join(s.dir, `p.log.${n}`));
      process.kill(s.pid, 'SIGUSR2');
    }
    const numbers = await until('all written', () => {
      if (
        !existsSync(join(s.dir, 'written')) ||
        !rotated(s, 'p.log')
          .join('')
          .endsWith(`${count - 1}\n`)
      )
        return null;
      return numbersIn(rotated(s, 'p.log'));
    });
    t.expect(numbers).toEqual(upTo(count));
  });

  test('A23 a log that is copied and truncated while it is written has no holes and no line twice', async (t) => {
    const count = 20_000;
    const files = { 'count.py': counting(count, 20) };
    const s = await startSupervisor(t, 'agent', { config: counter('stdout_logfile_maxbytes=0\n'), files });
    for (let n = 10; n > 0; n--) {
      await until('something is written', () => s.read('p.log') !== '');
      copyFileSync(join(s.dir, 'p.log'), join(s.dir, `p.log.${n}`));
      truncateSync(join(s.dir, 'p.log'));
    }
    await until('all written', () => s.read('p.log').endsWith(`${count - 1}\n`));
    const parts = rotated(s, 'p.log');
    t.expect(parts.join('').includes('\0')).toBe(false);
    for (const part of parts.map((text) => numbersIn([text]))) {
      t.expect(part).toEqual(part.map((_, i) => (part[0] ?? 0) + i)); // only what copytruncate itself loses is missing
    }
    const numbers = numbersIn(parts);
    t.expect(numbers).toEqual([...new Set(numbers)].sort((a, b) => a - b));
  });

  test('A24 rotation under 100,000 lines keeps every line, once, in order and whole', async (t) => {
    const count = 100_000;
    const options = 'stdout_logfile_maxbytes=50KB\nstdout_logfile_backups=200\n';
    const s = await startSupervisor(t, 'agent', {
      config: counter(options),
      files: { 'count.py': counting(count) },
    });
    await until(
      'all written',
      () =>
        existsSync(join(s.dir, 'written')) &&
        rotated(s, 'p.log')
          .join('')
          .endsWith(`${count - 1}\n`),
    );
    const files = rotated(s, 'p.log');
    t.expect(files.length).toBeGreaterThan(5);
    t.expect(files.slice(0, -1).every((text) => text.endsWith('\n'))).toBe(true);
    t.expect(numbersIn(files)).toEqual(upTo(count));
  });

  test('A25 a backup name taken by a folder stops rotation, not logging, and is told once', async (t) => {
    const config = cat('{dir}/cat.log', 'stdout_logfile_maxbytes=10\nstdout_logfile_backups=1\n');
    const s = await startSupervisor(t, 'agent', { config, files: { 'cat.log.1/inside': '' } });
    let written = '';
    for (const line of ['first line\n', 'second line\n', 'third line\n']) {
      written += line;
      await s.rpc('sendProcessStdin', 'cat', line);
      await until(line, () => s.read('cat.log') === written);
    }
    t.expect(times(s.log(), `ERRO cannot rotate '${s.dir}/cat.log'`)).toBe(1);
  });

  test('A26 100 MB without a newline arrive whole in bounded memory', async (t) => {
    const script = "import sys; [sys.stdout.buffer.write(b'x' * 1048576) for _ in range(100)]";
    const config = `[program:p]\ncommand=/usr/bin/python3 -c "${script}"\n${QUIET}autostart=false\nstdout_logfile={dir}/p.log\nstdout_logfile_maxbytes=0\nstdout_capture_maxbytes=1MB\n`;
    const s = await startSupervisor(t, 'agent', { config, daemon: 'strip_ansi=true' });
    const before = residentBytes(s.pid);
    await s.rpc('startProcess', 'p');
    await s.state('p', 'EXITED');
    t.expect(statSync(join(s.dir, 'p.log')).size).toBe(100 * 1024 * 1024);
    t.expect(residentBytes(s.pid) - before).toBeLessThan(64 * 1024 * 1024);
  });

  test('A30 escapes, NUL and broken UTF-8 stay as they are in the file and readable over RPC', async (t) => {
    const emit = "import os; os.write(1, b'\\x1b[31mred\\x1b[0m \\x00 \\xff\\xfe end\\n')";
    const config = `[program:p]\ncommand=/usr/bin/python3 {dir}/emit.py\n${QUIET}stdout_logfile={dir}/p.log\n`;
    const s = await startSupervisor(t, 'agent', { config, files: { 'emit.py': emit } });
    await s.state('p', 'EXITED');
    t.expect(bytes(s, 'p.log').toString('latin1')).toBe('\x1b[31mred\x1b[0m \0 \xff\xfe end\n');
    t.expect(await s.rpc('readProcessStdoutLog', 'p', 0, 0)).toMatch(/red.* end\n$/);
  });

  test('A53 a message that never ends is kept in bounded memory', async (t) => {
    const emit = `import os, time
os.write(1, b'<!--XSUPERVISOR:BEGIN-->')
for _ in range(200): os.write(1, b'y' * 524288)
open('{dir}/written', 'w').close()
time.sleep(1000)
`;
    const config = `[program:p]\ncommand=/usr/bin/python3 {dir}/emit.py\n${QUIET}autostart=false\nstdout_logfile={dir}/p.log\nstdout_capture_maxbytes=1MB\n`;
    const s = await startSupervisor(t, 'agent', { config, files: { 'emit.py': emit } });
    const before = residentBytes(s.pid);
    await s.rpc('startProcess', 'p');
    await until('written', () => existsSync(join(s.dir, 'written')));
    t.expect(residentBytes(s.pid) - before).toBeLessThan(64 * 1024 * 1024);
    t.expect(s.read('p.log')).toBe('');
  });

  test('a log target that is full is told once, with the count when output has somewhere to go again', async (t) => {
    const config = cat('{dir}/link', 'stdout_logfile_maxbytes=0\n');
    const s = await startSupervisor(t, 'agent', {
      config: config.replace('startsecs=0', 'startsecs=0\nautostart=false'),
    });
    symlinkSync('/dev/full', join(s.dir, 'link'));
    await s.rpc('startProcess', 'cat');
    await writeUntil(s, '12345\n', () => s.log().includes(`ERRO cannot write to '${s.dir}/link' (ENOSPC)`));
    unlinkSync(join(s.dir, 'link'));
    process.kill(s.pid, 'SIGUSR2');
    await writeUntil(s, 'again\n', () => s.log().includes('bytes were lost'));
    t.expect(s.read('link')).toMatch(/again\n$/);
    t.expect(times(s.log(), 'cannot write to')).toBe(1);
  });

  test('/dev/stdout passes a child’s output on to whoever started the daemon', async (t) => {
    const config = `[program:p]\ncommand=/bin/sh -c 'echo to stdout; echo to stderr >&2'\n${QUIET}stdout_logfile=/dev/stdout\nstdout_logfile_maxbytes=0\nstderr_logfile=/dev/stderr\nstderr_logfile_maxbytes=0\n`;
    const s = await startSupervisor(t, 'agent', { config });
    await s.state('p', 'EXITED');
    const { out, err } = await s.stop();
    t.expect(out).toContain('to stdout\n');
    t.expect(err).toContain('to stderr\n');
  });

  test('two channels that name one file share it and its rotation', async (t) => {
    const emit = `import os, time
for i in range(2000): os.write(1 + i % 2, b'line %07d\\n' % i)
open('{dir}/written', 'w').close()
time.sleep(1000)
`;
    const options = ['stdout', 'stderr'].map(
      (channel) =>
        `${channel}_logfile={dir}/p.log\n${channel}_logfile_maxbytes=2KB\n${channel}_logfile_backups=50\n`,
    );
    const config = `[program:p]\ncommand=/usr/bin/python3 {dir}/emit.py\n${QUIET}${options.join('')}`;
    const s = await startSupervisor(t, 'agent', { config, files: { 'emit.py': emit } });
    const size = 2000 * 'line 0000000\n'.length;
    await until(
      'all written',
      () => existsSync(join(s.dir, 'written')) && rotated(s, 'p.log').join('').length === size,
    );
    t.expect(numbersIn(rotated(s, 'p.log')).sort((a, b) => a - b)).toEqual(upTo(2000));
  });
});

describe.concurrent('listeners', () => {
  test('A50 a listener hung for 500 events costs a bounded queue; the loss is counted, and it goes on', async (t) => {
    const s = await startSupervisor(t, 'agent', {
      config: listenerSection('l', 'REMOTE_COMMUNICATION', 'hold'),
    });
    await s.rpc('sendRemoteCommEvent', 't', '0');
    await hears(s, 'l', 1); // and hangs
    for (let i = 1; i < 500; i++) await s.rpc('sendRemoteCommEvent', 't', String(i));
    s.write('l.events.go', '');
    await mainLogHas(s, 'WARN pool l lost 489 events while no listener was ready');
    const events = await hears(s, 'l', 11);
    t.expect(events.map(({ payload }) => payload.split('\n')[1])).toEqual([
      '0',
      ...upTo(10).map((i) => String(490 + i)),
    ]);
    await s.rpc('sendRemoteCommEvent', 't', 'new');
    t.expect((await hears(s, 'l', 12)).at(-1)?.payload).toBe('type:t\nnew');
  });

  test('A51 garbage, an endless result and a death with an event in hand hurt no other listener', async (t) => {
    const liar = (name: string, words: string) => ({
      section: `[eventlistener:${name}]\ncommand=/usr/bin/python3 {dir}/${name}.py\nevents=REMOTE_COMMUNICATION\nstartsecs=0\nautorestart=false\n`,
      file: `import os, sys\n${words}\n`,
    });
    const garbage = liar('garbage', 'os.write(1, os.urandom(1000000))\nsys.stdin.read()');
    const endless = liar(
      'endless',
      "os.write(1, b'READY\\n')\nsys.stdin.readline()\nos.write(1, b'RESULT 1000000\\n')\nfor _ in range(2): os.write(1, b'x' * 500000)\nsys.stdin.read()",
    );
    const huge = liar(
      'huge',
      "os.write(1, b'READY\\n')\nsys.stdin.readline()\nos.write(1, b'RESULT 9999999999999\\n')\nsys.stdin.read()",
    );
    const config =
      [garbage, endless, huge].map(({ section }) => section).join('') +
      listenerSection('dying', 'REMOTE_COMMUNICATION', 'die-first') +
      listenerSection('good', 'REMOTE_COMMUNICATION');
    const s = await startSupervisor(t, 'agent', {
      config,
      files: { 'garbage.py': garbage.file, 'endless.py': endless.file, 'huge.py': huge.file },
    });
    const before = residentBytes(s.pid);
    await listenerUp(s, 'good');
    await s.rpc('sendRemoteCommEvent', 't', 'data');
    t.expect(await hears(s, 'good', 1)).toHaveLength(1);
    t.expect(await hears(s, 'dying', 2)).toHaveLength(2);
    await mainLogHas(s, 'WARN garbage: has entered the UNKNOWN state');
    await mainLogHas(s, 'WARN endless: event was rejected');
    await mainLogHas(s, "WARN huge: bad result line: 'RESULT 9999999999999'");
    await s.rpc('sendRemoteCommEvent', 't', 'more');
    t.expect((await hears(s, 'good', 2)).length).toBe(2);
    t.expect(heard(s, 'good').map(({ payload }) => payload)).toEqual(['type:t\ndata', 'type:t\nmore']);
    t.expect(residentBytes(s.pid) - before).toBeLessThan(64 * 1024 * 1024);
  });
});
