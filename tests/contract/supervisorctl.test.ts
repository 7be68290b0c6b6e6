import { readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, test } from 'vitest';
import { CTL_PAIRS, openTerminal, type Pair, say } from '../support/ctl.ts';
import {
  CTL,
  freePort,
  type Lifetime,
  type Setup,
  startSupervisor,
  type TestSupervisor,
  tempDir,
} from '../support/supervisors.ts';
import { until } from '../support/until.ts';

const sleeper = (name: string, more = ''): string =>
  `[program:${name}]\ncommand=/bin/sleep 1000\nautostart=false\nstartsecs=0\n${more}`;
const running = (name: string, more = ''): string =>
  `[program:${name}]\ncommand=/bin/sleep 1000\nstartsecs=0\n${more}`;
const group = (name: string, program: (member: string) => string): string =>
  `${program(`${name}1`)}${program(`${name}2`)}[group:${name}]\nprograms=${name}1,${name}2\n`;

const dying = (name: string): string =>
  `[program:${name}]\ncommand=/bin/false\nstartsecs=1\nstartretries=0\nautostart=false\n`;

const CAT = `[program:cat]
command=/bin/cat
startsecs=0
stdout_logfile={dir}/cat.log
stderr_logfile={dir}/cat.err
`;
/** Every row uses programs of its own, so that rows may run beside each other. */
const FLEET = `${CAT}
${['off', 'r27', 'r29b', 'r33a', 'r33b', 'r41', 'r45off', 'r48off', 'r96'].map((name) => sleeper(name)).join('')}
${['on', 'r28', 'r36', 'r37', 'r45', 'r48'].map((name) => running(name)).join('')}
${['g', 'r32', 'r34'].map((name) => group(name, sleeper)).join('')}
${['up', 'r40', 'r46'].map((name) => group(name, running)).join('')}
[program:a-name-of-more-than-thirty-characters]
command=/bin/sleep 1000
autostart=false
[program:bad]
command={dir}/missing
startretries=0
[program:noexec]
command={dir}/noexec
autostart=false
${['dead1', 'dead3', 'dead30'].map(dying).join('')}
[program:slow30]
command=/bin/sleep 1000
autostart=false
startsecs=1000
[program:silent]
command=/bin/cat
startsecs=0
stdout_logfile=NONE
stderr_logfile=NONE
`;

/** A daemon of its own for a row that ends, reloads or reconfigures it. */
const own = (t: Lifetime, pair: Pair, setup: Partial<Setup> = {}): Promise<TestSupervisor> =>
  startSupervisor(t, pair.daemon, { config: `${CAT}${running('on')}${sleeper('off')}`, ...setup });

describe.concurrent.each(CTL_PAIRS)('ctl of $ctl over $daemon', (pair) => {
  let fleet: TestSupervisor;
  const ends: (() => void | Promise<void>)[] = [];
  beforeAll(async () => {
    const lifetime: Lifetime = { onTestFinished: (fn) => void ends.unshift(fn) };
    fleet = await startSupervisor(lifetime, pair.daemon, {
      config: FLEET,
      files: { noexec: 'not a program' },
    });
    await fleet.state('bad', 'FATAL');
    await fleet.state('cat', 'RUNNING');
  });
  afterAll(async () => {
    for (const end of ends) await end();
  });

  const ctl = (line: string, options = {}) => say(pair.ctl, fleet, line, options);
  const at = (supervisor: TestSupervisor, line: string, options = {}) =>
    say(pair.ctl, supervisor, line, options);
  /** `-s URL LINE` without any daemon. */
  const to = (url: string, line: string, more: readonly string[] = []) =>
    ctl(line, { before: ['-s', url, ...more] });
  /** Nobody listens there, and nobody will while this runs. */
  const nobody = 'http://127.0.0.1:1';

  test('CTL-001 success is 0, misuse 2, a dead program 7', async ({ expect }) => {
    expect((await ctl('status on')).code).toBe(0);
    expect((await ctl('start')).code).toBe(2);
    expect((await ctl('start dead1')).code).toBe(7);
  });

  test('CTL-002 an interactive session exits 0 whatever happened in it', async ({ expect }) => {
    const { code, out } = await ctl('', { input: 'start nosuch\nbogus\n' });
    expect({ code, saw: out.includes('nosuch: ERROR (no such process)') }).toEqual({ code: 0, saw: true });
  });

  test('CTL-003 CTL-005 the last failing target decides, later successes do not reset it', async ({
    expect,
  }) => {
    expect((await ctl('start nosuch dead3')).code).toBe(7);
    expect((await ctl('start dead3 nosuch')).code).toBe(1);
    expect((await ctl('start nosuch on')).code).toBe(1);
  });

  test('CTL-004 faults map to 7 for dead programs, to 1 for the rest, to nothing when harmless', async ({
    expect,
  }) => {
    expect((await ctl('signal HUP off')).code).toBe(7);
    expect((await ctl('stop off')).code).toBe(0);
    expect((await ctl('clear nosuch')).code).toBe(1);
  });

  test('CTL-006 CTL-011 what there are no words for is an error line and 1', async ({ expect }) => {
    const url = nobody;
    for (const [verb, { out, code }] of await each(['add x', 'avail', 'remove x', 'reload'], (verb) =>
      to(url, verb),
    )) {
      expect(out, verb).toMatch(
        /^error: <class 'ConnectionRefusedError'>, \[Errno 111\] Connection refused: file: .+ line: \d+\n$/,
      );
      expect(code, verb).toBe(1);
    }
  });

  test('CTL-007 a refused connection is told with the URL, exit 4', async ({ expect }) => {
    const url = nobody;
    for (const [verb, said] of await each(['clear x', 'fg x', 'maintail', 'status'], (verb) =>
      to(url, verb),
    )) {
      expect(said, verb).toMatchObject({ out: `${url} refused connection\n`, code: 4 });
    }
  });

  test('CTL-008 a missing socket is exit 7, for status 4', async ({ expect }) => {
    const url = `unix://${fleet.dir}/nobody.sock`;
    expect(await to(url, 'start x')).toMatchObject({ out: `${url} no such file\n`, code: 7 });
    expect(await to(url, 'status')).toMatchObject({ out: `${url} no such file\n`, code: 4 });
  });

  test('CTL-009 another API version is told, exit 5, for status 4', async ({ expect, onTestFinished }) => {
    const url = await answering({ onTestFinished }, '<value><string>2.0</string></value>');
    const says =
      'Sorry, this version of supervisorctl expects to talk to a server with API version 3.0, but the remote version is 2.0.\n';
    expect(await to(url, 'version')).toMatchObject({ out: says, code: 5 });
    expect(await to(url, 'status')).toMatchObject({ out: says, code: 4 });
  });

  test('CTL-010 a daemon without the supervisor namespace is exit 3, for status 4', async ({
    expect,
    onTestFinished,
  }) => {
    const url = await answering({ onTestFinished }, null);
    const first = await to(url, 'version');
    expect(first.out).toMatch(/^Sorry, supervisord responded but did not recognize the supervisor namespace/);
    expect([first.code, (await to(url, 'status')).code]).toEqual([3, 4]);
  });

  test('CTL-012 CTL-066 CTL-074 CTL-080 a daemon on its way out says so', async (t) => {
    const stuck = `[program:stuck]\ncommand=/bin/sh -c "trap '' TERM; echo up; while :; do sleep 0.2; done"\nstopwaitsecs=60\nstartsecs=0\nkillasgroup=true\nstdout_logfile={dir}/stuck.log\n`;
    const supervisor = await own(t, pair, { config: stuck });
    await until('the trap is set', () => supervisor.read('stuck.log').includes('up'));
    const pid = Number((await at(supervisor, 'pid stuck')).out);
    t.onTestFinished(() => endGroup(pid));
    t.expect(await at(supervisor, 'shutdown')).toMatchObject({ out: 'Shut down\n', code: 0 });
    await until('it is stopping', async () => (await at(supervisor, 'reread')).out.startsWith('ERROR'));
    const cases: [string, RegExp, number][] = [
      ['status', /^error: <class .*Fault 6.*SHUTDOWN_STATE/, 1],
      ['reread', /^ERROR: supervisor shutting down\n$/, 1],
      ['avail', /^ERROR: supervisor shutting down\n$/, 1],
      ['add x', /^ERROR: shutting down\n$/, 1],
      ['update', /^ERROR: already shutting down\n$/, 1],
      ['shutdown', /^ERROR: already shutting down\n$/, 0],
      ['reload', /^ERROR: already shutting down\n$/, 1],
    ];
    const said = new Map(
      await each(
        cases.map(([line]) => line),
        (line) => at(supervisor, line),
      ),
    );
    for (const [line, says, code] of cases) {
      t.expect(said.get(line)?.out, line).toMatch(says);
      t.expect(said.get(line)?.code, line).toBe(code);
    }
    endGroup(pid);
  });

  describe('with a password', () => {
    const AUTH = `username=u\npassword=p w:d\n`;
    const guarded = async (t: Lifetime) => {
      const port = await freePort();
      const supervisor = await startSupervisor(t, pair.daemon, {
        config: `[inet_http_server]\nport=127.0.0.1:${port}\n${AUTH}${sleeper('off')}`,
      });
      return { supervisor, url: `http://127.0.0.1:${port}` };
    };

    test('CTL-013 CTL-015 CFG-044 401 in one-shot mode is told, exit 1; -u and -p get in', async (t) => {
      const { supervisor, url } = await guarded(t);
      const asked = await at(supervisor, 'version', { before: ['-s', url] });
      t.expect(asked.out).toMatch(/^Server requires authentication\n/);
      t.expect(asked.code).toBe(1);
      const half = await at(supervisor, 'version', { before: ['-s', url, '-u', 'u'] });
      t.expect(half.code).toBe(1);
      const { configPath, dir } = supervisor;
      const login = { before: ['-s', url, '-u', 'u', '-p', 'p w:d'] };
      t.expect((await say(pair.ctl, { configPath, dir }, 'version', login)).code).toBe(0);
    });

    test('CTL-014 401 at the prompt asks for a login, hidden, and repeats the command', async (t) => {
      const { supervisor, url } = await guarded(t);
      const screen = openTerminal(t, [...CTL[pair.ctl], '-c', supervisor.configPath, '-s', url]);
      await screen.see('Server requires authentication');
      await screen.answer('Username:', 'u\r');
      await screen.answer('Password:', 'p w:d\r');
      await screen.see('STOPPED');
      await screen.answer('supervisor> ', 'quit\r');
      t.expect(await screen.ended()).toBe(0);
      t.expect(screen.shown()).not.toContain('p w:d');
    });
  });

  test('CTL-016 an empty line does nothing, an unknown word is told, exit 1', async ({ expect }) => {
    expect(await ctl('frobnicate cat')).toMatchObject({
      out: '*** Unknown syntax: frobnicate cat\n',
      code: 1,
    });
    expect(await ctl('STATUS')).toMatchObject({ out: '*** Unknown syntax: STATUS\n', code: 1 });
    const empty = await ctl('', { input: '\n   \nversion\n' });
    expect(empty.out).toContain('supervisor> supervisor> supervisor> ');
  });

  test('CTL-017 words are split on blanks, nothing quotes or chains', async ({ expect }) => {
    const { out } = await ctl("pid 'on ; pid");
    expect(out).toBe("No such process 'on\nNo such process ;\nNo such process pid\n");
  });

  test('CTL-018 blanks around a line are harmless, ? is help', async ({ expect }) => {
    expect((await ctl('', { input: '  version  \n?version\n' })).out).toContain(
      'version\t\t\tShow the version of the remote supervisord process\n',
    );
  });

  test('CTL-019 status lists everything by group and process; all anywhere means all', async ({ expect }) => {
    const names = async (line: string) =>
      (await ctl(line)).out.split('\n').map((row) => row.split(' ')[0] as string);
    const all = (await names('status')).slice(0, -1);
    const key = (name: string) => name.split(':').at(0) + (name.includes(':') ? `\0${name}` : '');
    expect(all).toEqual([...all].sort((a, b) => (key(a) < key(b) ? -1 : 1)));
    expect((await names('status nosuch all')).slice(0, -1)).toEqual(all);
    const processes: { group: string; name: string; statename: string; description: string }[] =
      await fleet.rpc('getAllProcessInfo');
    const rows = (await ctl('status')).out.split('\n');
    for (const { group, name, description } of processes.filter(({ statename }) => statename === 'FATAL')) {
      const shown = group === name ? name : `${group}:${name}`;
      const row = rows.find((line) => line.startsWith(`${shown} `));
      expect(row?.slice(shown.length).trim()).toBe(`FATAL     ${description}`);
    }
    expect(rows.find((line) => line.startsWith('cat '))).toMatch(
      /^cat +RUNNING {3}pid \d+, uptime \d:\d\d:\d\d$/,
    );
  });

  test('CTL-020 CTL-022 names take max(30, longest shown) + 3 columns, states 10', async ({ expect }) => {
    expect((await ctl('status off')).out).toBe(`${'off'.padEnd(33)}${'STOPPED'.padEnd(10)}Not started\n`);
    const long = 'a-name-of-more-than-thirty-characters';
    const both = (await ctl(`status ${long} off`)).out.split('\n');
    expect(both[0]).toBe(`${long.padEnd(long.length + 3)}STOPPED   Not started`);
    expect(both[1]).toBe(`${'off'.padEnd(long.length + 3)}STOPPED   Not started`);
  });

  test('CTL-021 names are shown in the order given, repeats repeat', async ({ expect }) => {
    const { out } = await ctl('status on g:* off on');
    const names = out.trimEnd().split('\n');
    expect(names.map((row) => row.split(' ')[0])).toEqual(['on', 'g:g1', 'g:g2', 'off', 'on']);
  });

  test('CTL-023 unknown names are told before the table, exit 4', async ({ expect }) => {
    const { out, code } = await ctl('status on nosuch nosuch:*');
    expect(out).toMatch(/^nosuch: ERROR \(no such process\)\nnosuch: ERROR \(no such group\)\non +RUNNING/);
    expect(code).toBe(4);
  });

  test('CTL-024 the bare name of a group of several is no process', async ({ expect }) => {
    expect((await ctl('status g')).out).toBe('g: ERROR (no such process)\n');
  });

  test('CTL-025 anything shown that is down makes it 3, also with an unknown name', async ({ expect }) => {
    expect((await ctl('status on')).code).toBe(0);
    expect((await ctl('status on off')).code).toBe(3);
    expect((await ctl('status nosuch off')).code).toBe(3);
    expect((await ctl('status bad')).code).toBe(3);
  });

  test('CTL-026 start without a name is an error with help, exit 2', async ({ expect }) => {
    const { out, code } = await ctl('start');
    expect(out).toMatch(/^Error: start requires a process name\nstart <name>\t/);
    expect(code).toBe(2);
  });

  test('CTL-027 CTL-028 started, then already started, both 0', async ({ expect }) => {
    expect(await ctl('start r27')).toMatchObject({ out: 'r27: started\n', code: 0 });
    expect(await ctl('start r27')).toMatchObject({ out: 'r27: ERROR (already started)\n', code: 0 });
  });

  test('CTL-029 no such process, no such file, not executable: 1', async ({ expect }) => {
    expect(await ctl('start nosuch')).toMatchObject({ out: 'nosuch: ERROR (no such process)\n', code: 1 });
    expect(await ctl('start noexec')).toMatchObject({
      out: 'noexec: ERROR (file is not executable)\n',
      code: 1,
    });
    const missing = await ctl('start bad');
    expect([missing.out, missing.code]).toEqual(['bad: ERROR (no such file)\n', 1]);
  });

  test('CTL-030 a program that ends at once is a spawn error or abnormal termination, 7', async ({
    expect,
  }) => {
    expect(await ctl('start dead30')).toMatchObject({ out: 'dead30: ERROR (spawn error)\n', code: 7 });
    const started = ctl('start slow30');
    await fleet.state('slow30', 'STARTING');
    await fleet.rpc('stopProcess', 'slow30');
    expect(await started).toMatchObject({ out: 'slow30: ERROR (abnormal termination)\n', code: 7 });
  });

  test('CTL-031 an unknown group is 2', async ({ expect }) => {
    expect(await ctl('start nosuch:*')).toMatchObject({ out: 'nosuch: ERROR (no such group)\n', code: 2 });
  });

  test('CTL-032 a group start tells those that were not running, then nothing', async ({ expect }) => {
    const { out, code } = await ctl('start r32:*');
    expect([sorted(out), code]).toEqual([['r32:r321: started', 'r32:r322: started'], 0]);
    expect(await ctl('start r32:*')).toMatchObject({ out: '', code: 0 });
  });

  test('CTL-033 several names are done one after another', async ({ expect }) => {
    expect(await ctl('start r33a r33b')).toMatchObject({ out: 'r33a: started\nr33b: started\n', code: 0 });
  });

  test('CTL-034 CTL-043 all anywhere means all, and restart all starts what was stopped', async (t) => {
    const supervisor = await own(t, pair);
    const started = await at(supervisor, 'start nosuch all');
    t.expect(sorted(started.out)).toEqual(['off: started']);
    await at(supervisor, 'stop off');
    const restarted = await at(supervisor, 'restart all');
    t.expect(sorted(restarted.out)).toEqual(
      ['cat: stopped', 'on: stopped', 'cat: started', 'on: started', 'off: started'].sort(),
    );
  });

  test('CTL-035 stop without a name is an error with help, exit 1', async ({ expect }) => {
    const { out, code } = await ctl('stop');
    expect(out).toMatch(/^Error: stop requires a process name\nstop <name>\t/);
    expect(code).toBe(1);
  });

  test('CTL-036 stopped is 0', async ({ expect }) => {
    expect(await ctl('stop r36')).toMatchObject({ out: 'r36: stopped\n', code: 0 });
  });

  test('CTL-037 not running is 0', async ({ expect }) => {
    await ctl('stop r37');
    expect(await ctl('stop r37')).toMatchObject({ out: 'r37: ERROR (not running)\n', code: 0 });
  });

  test('CTL-038 unknown process and group are 1', async ({ expect }) => {
    expect(await ctl('stop nosuch')).toMatchObject({ out: 'nosuch: ERROR (no such process)\n', code: 1 });
    expect(await ctl('stop nosuch:*')).toMatchObject({ out: 'nosuch: ERROR (no such group)\n', code: 1 });
  });

  test('CTL-039 FAILED is told in the words of the fault', async ({ expect, onTestFinished }) => {
    const url = await answering(
      { onTestFinished },
      '<value><string>3.0</string></value>',
      'FAILED: as it says',
    );
    expect(await to(url, 'stop x')).toMatchObject({ out: 'FAILED: as it says\n', code: 1 });
  });

  test('CTL-040 a group stop tells only those that ran', async ({ expect }) => {
    const { out, code } = await ctl('stop r40:*');
    expect([sorted(out), code]).toEqual([['r40:r401: stopped', 'r40:r402: stopped'], 0]);
    expect(await ctl('stop r40:*')).toMatchObject({ out: '', code: 0 });
  });

  test('CTL-041 restart shows the stop, then the start', async ({ expect }) => {
    expect(await ctl('restart r41')).toMatchObject({
      out: 'r41: ERROR (not running)\nr41: started\n',
      code: 0,
    });
  });

  test('CTL-042 restart without a name: help that ends with the note on config, exit 1', async ({
    expect,
  }) => {
    const { out, code } = await ctl('restart');
    expect(out).toMatch(/^Error: restart requires a process name\n[\s\S]*see reread and update\.\n$/);
    expect(code).toBe(1);
  });

  test('CTL-044 signal with fewer than two words: help, exit 1', async ({ expect }) => {
    for (const line of ['signal', 'signal HUP']) {
      const { out, code } = await ctl(line);
      expect(out).toMatch(/^Error: signal requires a signal name and a process name\nsignal <signal name>/);
      expect(code).toBe(1);
    }
  });

  test('CTL-045 each outcome of a signal has its words and status', async ({ expect }) => {
    const cases: [string, string, number][] = [
      ['signal CONT r45', 'r45: signalled', 0],
      ['signal NOPE r45', 'r45: ERROR (bad signal name)', 1],
      ['signal CONT r45off', 'r45off: ERROR (not running)', 7],
      ['signal CONT nosuch', 'nosuch: ERROR (no such process)', 1],
      ['signal CONT nosuch:*', 'nosuch: ERROR (no such group)', 1],
    ];
    for (const [line, says, code] of cases) {
      expect(await ctl(line), line).toMatchObject({ out: `${says}\n`, code });
    }
  });

  test('CTL-046 a group signal tells each process', async ({ expect }) => {
    const { out, code } = await ctl('signal CONT r46:*');
    expect([sorted(out), code]).toEqual([['r46:r461: signalled', 'r46:r462: signalled'], 0]);
  });

  test("CTL-047 pid prints the daemon's pid", async ({ expect }) => {
    expect(await ctl('pid')).toMatchObject({ out: `${fleet.pid}\n`, code: 0 });
  });

  test('CTL-048 pid of processes, one line each; a stopped one is 0 and 7', async ({ expect }) => {
    const { pid } = await fleet.rpc('getProcessInfo', 'r48');
    expect(await ctl('pid r48')).toMatchObject({ out: `${pid}\n`, code: 0 });
    expect(await ctl('pid r48 r48off')).toMatchObject({ out: `${pid}\n0\n`, code: 7 });
  });

  test('CTL-049 pid all has a line for every process, exit 0', async ({ expect }) => {
    const { out, code } = await ctl('pid all');
    const infos = await fleet.rpc('getAllProcessInfo');
    expect([out.trimEnd().split('\n').length, code]).toEqual([infos.length, 0]);
  });

  test('CTL-050 pid of nobody is told, exit 1', async ({ expect }) => {
    expect(await ctl('pid nosuch')).toMatchObject({ out: 'No such process nosuch\n', code: 1 });
    expect(await ctl('pid g:*')).toMatchObject({ out: 'No such process g:*\n', code: 1 });
  });

  test('CTL-051 CTL-052 tail prints the last bytes and a newline', async (t) => {
    const supervisor = await own(t, pair);
    await supervisor.state('cat', 'RUNNING');
    const text = Array.from({ length: 400 }, (_, line) => `${String(line).padStart(6, '0')}\n`).join('');
    await supervisor.rpc('sendProcessStdin', 'cat', `${text}café\n`);
    await until('the log is written', () => supervisor.read('cat.log').endsWith('café\n'));
    const all = Buffer.from(supervisor.read('cat.log'));
    const last = (count: number) => `${all.subarray(-count).toString()}\n`;
    t.expect(await at(supervisor, 'tail cat')).toMatchObject({ out: last(1600), code: 0 });
    t.expect((await at(supervisor, 'tail -20 cat stdout')).out).toBe(last(20));
    t.expect((await at(supervisor, 'tail cat STDERR')).out).toBe('\n');
  });

  test('CTL-053 every wrong use of tail has its words, exit 1', async ({ expect }) => {
    const cases: [string, RegExp][] = [
      ['tail', /^Error: too few arguments\ntail \[-f\]/],
      ['tail a b c d', /^Error: too many arguments\ntail \[-f\]/],
      ['tail -f', /^Error: tail requires process name\n$/],
      ['tail cat foo', /^Error: bad channel 'foo'\n$/],
      ['tail -x cat', /^Error: bad argument -x\n$/],
    ];
    for (const [line, says] of cases) {
      const { out, code } = await ctl(line);
      expect(out, line).toMatch(says);
      expect(code, line).toBe(1);
    }
  });

  test('CTL-054 a tail that cannot be had is told, exit 1', async ({ expect }) => {
    expect(await ctl('tail silent')).toMatchObject({ out: 'silent: ERROR (no log file)\n', code: 1 });
    expect(await ctl('tail nosuch')).toMatchObject({
      out: 'nosuch: ERROR (no such process name)\n',
      code: 1,
    });
  });

  test('CTL-055 tail -f begins with a hint, goes on as bytes come, and ends with an empty line', async (t) => {
    const supervisor = await own(t, pair);
    await supervisor.state('cat', 'RUNNING');
    const screen = openTerminal(t, [...CTL[pair.ctl], '-c', supervisor.configPath, 'tail', '-f', 'cat']);
    await screen.see('==> Press Ctrl-C to exit <==');
    await supervisor.rpc('sendProcessStdin', 'cat', 'now it is written\n');
    await screen.answer('now it is written', '\x03');
    t.expect(await screen.ended()).toBe(0);
    t.expect(screen.shown()).toMatch(/^==> Press Ctrl-C to exit <==\r\nnow it is written\r\n(\^C)?\r\n$/);
  });

  test('CTL-056 tail -f of what has no log is told on standard error, exit 0', async ({ expect }) => {
    for (const name of ['silent', 'nosuch']) {
      const { out, err, code } = await ctl(`tail -f ${name}`);
      expect([out, code]).toEqual(['==> Press Ctrl-C to exit <==\n', 0]);
      expect(err).toBe(`unix://${fleet.socketPath}/logtail/${name}/stdout Cannot read, status code 404\n`);
    }
  });

  test('CTL-057 maintail has the defaults and errors of tail', async (t) => {
    const supervisor = await own(t, pair);
    await until('it has logged', () => supervisor.log().length > 40);
    t.expect((await at(supervisor, 'maintail -10')).out).toBe(`${supervisor.log().slice(-10)}\n`);
    t.expect((await at(supervisor, 'maintail')).out).toContain('supervisord started');
    t.expect((await at(supervisor, 'maintail -f x')).out).toMatch(/^Error: too many arguments\nmaintail -f/);
    t.expect(await at(supervisor, 'maintail x')).toMatchObject({ out: 'Error: bad argument x\n', code: 1 });
    t.expect(await at(supervisor, 'maintail -x')).toMatchObject({ out: 'Error: bad argument -x\n', code: 1 });
  });

  test('CTL-058 a terminal that is not UTF-8 is no reason to fail', async ({ expect }) => {
    const { code } = await ctl('tail cat', {});
    expect(code).toBe(0);
  });

  test('CTL-059 clear without a name: help, exit 1', async ({ expect }) => {
    const { out, code } = await ctl('clear');
    expect(out).toMatch(/^Error: clear requires a process name\nclear <name>\t/);
    expect(code).toBe(1);
  });

  test('CTL-060 CTL-061 CTL-062 cleared, each by its name; groups are not taken', async (t) => {
    const supervisor = await own(t, pair);
    await supervisor.state('cat', 'RUNNING');
    t.expect(await at(supervisor, 'clear cat')).toMatchObject({ out: 'cat: cleared\n', code: 0 });
    t.expect(await at(supervisor, 'clear nosuch')).toMatchObject({
      out: 'nosuch: ERROR (no such process)\n',
      code: 1,
    });
    const group = await at(supervisor, 'clear cat:*');
    t.expect(group.out).toMatch(/^cat:(None|\*): ERROR \(no such process\)\n$/); // `None` is Python's; we show what was typed
    t.expect(group.code).toBe(1);
    const all = await at(supervisor, 'clear all');
    t.expect(sorted(all.out)).toEqual(['cat: cleared', 'off: cleared', 'on: cleared']);
  });

  test('CTL-063 avail shows use, autostart and priorities in columns', async (t) => {
    const supervisor = await own(t, pair);
    t.expect((await at(supervisor, 'avail')).out).toBe(
      ['cat', 'off', 'on']
        .map(
          (name) =>
            `${name.padEnd(32)} ${'in use'.padEnd(9)} ${(name === 'off' ? 'manual' : 'auto').padEnd(9)} 999:999\n`,
        )
        .join(''),
    );
  });

  test('CTL-064 CTL-069 CTL-070 CTL-075 reread tells what update then does', async (t) => {
    const supervisor = await own(t, pair);
    t.expect((await at(supervisor, 'reread')).out).toBe('No config updates to processes\n');
    reconfigure(supervisor, (text) =>
      `${text.replace('/bin/cat', '/bin/cat -u').replace('[program:off]', '[program:gone]')}${running('new')}`.replace(
        '[program:on]',
        '[program:other]',
      ),
    );
    t.expect((await at(supervisor, 'reread')).out).toBe(
      'cat: changed\ngone: available\nnew: available\noff: disappeared\non: disappeared\nother: available\n',
    );
    const updated = await at(supervisor, 'update');
    t.expect(sorted(updated.out)).toEqual(
      [
        ...['off', 'on'].flatMap((name) => [`${name}: stopped`, `${name}: removed process group`]),
        ...['cat: stopped', 'cat: updated process group'],
        ...['gone', 'new', 'other'].map((name) => `${name}: added process group`),
      ].sort(),
    );
    t.expect(updated.code).toBe(0);
    t.expect((await at(supervisor, 'status gone')).out).toContain('STOPPED');
    await supervisor.state('cat', 'RUNNING');
    t.expect(await at(supervisor, 'update')).toMatchObject({ out: '', code: 0 });
  });

  test('CTL-065 CTL-073 reread and update of a broken file say what is wrong, exit 1', async (t) => {
    const supervisor = await own(t, pair);
    reconfigure(supervisor, (text) => `${text}[program:broken]\n`);
    const reread = await at(supervisor, 'reread');
    t.expect(reread.out).toMatch(
      /^ERROR: CANT_REREAD: program section program:broken does not specify a command/,
    );
    t.expect(reread.code).toBe(1);
    const update = await at(supervisor, 'update');
    t.expect(update.out).toMatch(
      pair.ctl === 'agent' ? /^ERROR: CANT_REREAD: / : /^error: <class .*Fault 92/,
    );
    t.expect(update.code).toBe(1);
  });

  test('CTL-067 CTL-068 add and remove tell each group and each refusal', async (t) => {
    const supervisor = await own(t, pair);
    const cases: [string, string, number][] = [
      ['add', '', 0],
      ['remove', '', 0],
      ['add nosuch', 'ERROR: no such process/group: nosuch\n', 1],
      ['remove nosuch', 'ERROR: no such process/group: nosuch\n', 1],
      ['add on', 'ERROR: process group already active\n', 0],
      ['remove on', 'ERROR: process/group still running: on\n', 1],
      ['remove off', 'off: removed process group\n', 0],
      ['add off', 'off: added process group\n', 0],
    ];
    await supervisor.state('on', 'RUNNING');
    for (const [line, out, code] of cases) {
      t.expect(await at(supervisor, line), line).toMatchObject({ out, code });
    }
  });

  test('CTL-071 a group that will not stop is not removed, exit 1', async ({ expect, onTestFinished }) => {
    const url = await scripted(
      { onTestFinished },
      {
        reloadConfig: array(array(array(), array(), array(text('stubborn')))),
        stopProcessGroup: array(
          struct({
            name: text('s'),
            group: text('stubborn'),
            status: '<value><int>30</int></value>',
            description: text('FAILED'),
          }),
        ),
      },
    );
    expect(await to(url, 'update')).toMatchObject({
      out: 'stubborn: stopped\nstubborn: has problems; not removing\n',
      code: 1,
    });
  });

  test('CTL-072 update of named groups leaves others alone and tells unknown ones', async (t) => {
    const supervisor = await own(t, pair);
    reconfigure(supervisor, (config) => `${config}${sleeper('one')}${sleeper('two')}`);
    const { out, code } = await at(supervisor, 'update nosuch one');
    t.expect([out, code]).toEqual(['ERROR: no such group: nosuch\none: added process group\n', 1]);
    t.expect((await at(supervisor, 'update all')).out).toBe('two: added process group\n');
  });

  test('CTL-076 verbs without arguments refuse them with help, exit 1', async ({ expect }) => {
    for (const verb of ['avail', 'reread', 'reload', 'shutdown', 'version']) {
      const { out, code } = await ctl(`${verb} x`);
      expect(out, verb).toMatch(new RegExp(`^Error: ${verb} accepts no arguments\n${verb} *\t`));
      expect(code, verb).toBe(1);
    }
  });

  test('CTL-077 reload asks nothing in one-shot mode and does not wait', async (t) => {
    const supervisor = await own(t, pair);
    await supervisor.state('on', 'RUNNING');
    t.expect(await at(supervisor, 'reload')).toMatchObject({ out: 'Restarted supervisord\n', code: 0 });
    await supervisor.state('on', 'RUNNING');
  });

  test('CTL-078 CTL-081 shutdown, and again when nobody is there', async (t) => {
    const supervisor = await own(t, pair);
    t.expect(await at(supervisor, 'shutdown')).toMatchObject({ out: 'Shut down\n', code: 0 });
    await until('it is gone', () => supervisor.child.exitCode !== null);
    const url = `unix://${supervisor.socketPath}`;
    t.expect(await at(supervisor, 'shutdown')).toMatchObject({
      out: `ERROR: ${url} no such file (already shut down?)\n`,
      code: 1,
    });
    const refusing = nobody;
    t.expect(await to(refusing, 'shutdown')).toMatchObject({
      out: `ERROR: ${refusing} refused connection (already shut down?)\n`,
      code: 1,
    });
  });

  test('CTL-079 at the prompt only y or Y goes ahead', async (t) => {
    const supervisor = await own(t, pair);
    const input = 'reload\nno\nshutdown\n\nversion\nshutdown\nYes\nquit\n';
    const { out } = await at(supervisor, '', { input });
    t.expect(out).toContain('Really restart the remote supervisord process y/N? supervisor> ');
    t.expect(out).toContain('Really shut the remote supervisord process down y/N? supervisor> ');
    t.expect(out).toContain('Really shut the remote supervisord process down y/N? Shut down\n');
  });

  test("CTL-082 version prints the daemon's version", async ({ expect }) => {
    const version = await fleet.rpc('getSupervisorVersion');
    expect(await ctl('version')).toMatchObject({ out: `${version}\n`, code: 0 });
  });

  test('CTL-083 open goes on with another server; its status does not count', async ({ expect }) => {
    const url = `unix://${fleet.socketPath}`;
    const { out, code } = await ctl(`open ${url}`);
    expect(out).toContain('RUNNING');
    expect(code).toBe(0);
    const bad = { out: 'ERROR: url must be http:// or unix://\n', code: 1 };
    expect(await ctl('open ftp://x')).toMatchObject(bad);
    expect(await ctl('open foo')).toMatchObject(bad);
  });

  test('CTL-084 quit and exit print an empty line, exit 0', async ({ expect }) => {
    for (const verb of ['quit', 'exit']) expect(await ctl(verb)).toMatchObject({ out: '\n', code: 0 });
    expect((await ctl('', { input: 'quit\nversion\n' })).out).toMatch(/supervisor> \n$/);
  });

  test('CTL-085 every wrong use of fg has its words, exit 1', async ({ expect }) => {
    const help = 'fg <process>\tConnect to a process in foreground mode\n\t\tCtrl-C to exit\n';
    const cases: [string, string][] = [
      ['fg', `ERROR: no process name supplied\n${help}`],
      ['fg a b', 'ERROR: too many process names supplied\n'],
      ['fg nosuch', 'ERROR: bad process name supplied\n'],
      ['fg off', 'ERROR: process not running\n'],
    ];
    for (const [line, out] of cases) expect(await ctl(line), line).toMatchObject({ out, code: 1 });
  });

  test('CTL-086 CTL-087 fg shows the logs, types lines, and leaves the process running', async (t) => {
    const supervisor = await own(t, pair);
    await supervisor.state('cat', 'RUNNING');
    const screen = openTerminal(t, [...CTL[pair.ctl], '-c', supervisor.configPath, 'fg', 'cat']);
    await screen.answer('==> Press Ctrl-C to exit <==', 'hello there\r');
    await screen.see('hello there'); // the terminal's echo
    await screen.answer('hello there', '\x03'); // what cat made of it
    await screen.see('Exiting foreground');
    await screen.ended();
    await supervisor.state('cat', 'RUNNING');
  });

  test('CTL-087 fg ends when a typed line finds the process gone', async (t) => {
    const once = `[program:once]\ncommand=/bin/sh -c 'read line; exit 0'\nstartsecs=0\nautorestart=false\n`;
    const supervisor = await own(t, pair, { config: once });
    await supervisor.state('once', 'RUNNING');
    const screen = openTerminal(t, [...CTL[pair.ctl], '-c', supervisor.configPath, 'fg', 'once']);
    await screen.see('==> Press Ctrl-C to exit <==');
    await supervisor.rpc('sendProcessStdin', 'once', 'go\n');
    await supervisor.state('once', 'EXITED');
    screen.type('anybody?\r');
    await screen.see('Process got killed\r\nExiting foreground');
  });

  test('CTL-088 CTL-089 the shell shows the status, prompts, and leaves at the end of input', async ({
    expect,
  }) => {
    const { out, code } = await ctl('', { input: '' });
    expect(out).toMatch(/^a-name-of-more-than-thirty-characters +STOPPED[\s\S]*\nsupervisor> \n$/);
    expect(code).toBe(0);
  });

  test('CTL-089 Ctrl-C at the prompt leaves', async ({ expect, onTestFinished }) => {
    const screen = openTerminal({ onTestFinished }, [...CTL[pair.ctl], '-c', fleet.configPath]);
    await screen.answer('supervisor> ', '\x03');
    expect(await screen.ended()).toBe(0);
  });

  test('CTL-090 CTL-096 help lists the commands in columns', async ({ expect }) => {
    const { out, code } = await ctl('help');
    expect(out).toBe(`
default commands (type help <topic>):
=====================================
add    exit      open  reload  restart   start   tail   
avail  fg        pid   remove  shutdown  status  update 
clear  maintail  quit  reread  signal    stop    version

`);
    expect(code).toBe(0);
  });

  test('CTL-091 help CMD prints its usage, always 0', async ({ expect }) => {
    expect(await ctl('help stop')).toMatchObject({
      out: 'stop <name>\t\tStop a process\nstop <gname>:*\t\tStop all processes in a group\nstop <name> <name>\tStop multiple processes or groups\nstop all\t\tStop all processes\n',
      code: 0,
    });
    expect((await ctl('help help')).out).toBe(
      'help\t\tPrint a list of available actions\nhelp <action>\tPrint help for <action>\n',
    );
    expect(await ctl('help nosuch')).toMatchObject({ out: '*** No help on nosuch\n', code: 0 });
  });

  test('CTL-092 CTL-093 CTL-094 Tab completes commands, groups and processes, with a blank after', async (t) => {
    const supervisor = await own(t, pair, { config: `${group('web-1', sleeper)}${sleeper('cron')}` });
    const screen = openTerminal(t, [...CTL[pair.ctl], '-c', supervisor.configPath]);
    const typed: [keys: string, completed: string][] = [
      ['vers', 'ion '],
      ['help maint', 'ail '],
      ['pid web-1:web-12', ' '],
      ['pid cr', 'on '],
      ['signal cr', 'on '],
      ['remove w', 'eb-1 '],
    ];
    for (const [keys, completed] of typed) {
      await screen.answer('supervisor> ', keys);
      await screen.answer(keys, '\t');
      await screen.answer(completed, 'nosuch\r');
    }
    await screen.answer('supervisor> ', 'quit\r');
    t.expect(await screen.ended()).toBe(0);
  });

  test('CTL-093 the processes are asked for once per line, however often Tab is pressed', async (t) => {
    let fetches = 0;
    const url = await serve(t, (method) => {
      if (method !== 'getAllProcessInfo') return text('3.0');
      fetches++;
      return array(stopped('cron'), stopped('cry'));
    });
    const screen = openTerminal(t, [...CTL[pair.ctl], '-s', url]);
    await screen.answer('supervisor> ', 'pid cr');
    const atFirst = fetches;
    await screen.answer('pid cr', '\t');
    await until('fetched', () => fetches > atFirst);
    screen.type('\t');
    await screen.see('cry');
    await screen.answer('pid cr', 'o');
    await screen.answer('o', '\t');
    await screen.see('n');
    t.expect(fetches - atFirst).toBe(1);
  });

  test('CTL-095 typed lines are kept in the history file', async (t) => {
    const dir = tempDir(t);
    const file = join(dir, 'history');
    const config = join(dir, 'ctl.conf');
    writeFileSync(
      config,
      `[supervisorctl]\nserverurl=unix://${fleet.socketPath}\nhistory_file=${file}\nprompt=fleet\n`,
    );
    const screen = openTerminal(t, [...CTL[pair.ctl], '-c', config]);
    await screen.answer('fleet> ', 'version\r');
    await screen.answer('fleet> ', 'quit\r');
    await screen.ended();
    t.expect(
      readFileSync(file, 'utf8')
        .split('\n')
        .filter((line) => line !== ''),
    ).toEqual(['version', 'quit']);
  });

  test('CTL-097 the built-in commands are there whatever the file says', async ({ expect }) => {
    expect((await ctl('help')).out).toContain('default commands');
  });

  test('CFG-003 CFG-008 CFG-009 the file: a missing section is refused, an included one not found', async (t) => {
    const dir = tempDir(t);
    const config = join(dir, 'x.conf');
    writeFileSync(join(dir, 'more.conf'), '[supervisorctl]\nprompt=x\n');
    writeFileSync(config, '[include]\nfiles=more.conf\n');
    const { err, code } = await say(pair.ctl, { configPath: config, dir }, 'status');
    t.expect(err).toMatch(
      /^Error: \.ini file does not include supervisorctl section\nFor help, use .+ -h\n$/,
    );
    t.expect(code).toBe(2);
  });

  test('CFG-041 -h tells the options, exit 0; a missing file is a usage error', async ({ expect }) => {
    for (const flag of ['-h', '--help', '-?']) {
      const { out, code } = await ctl('', { before: [flag] });
      expect([out.includes('--serverurl'), code]).toEqual([true, 0]);
    }
    const missing = await say(pair.ctl, { configPath: '/nosuch.conf', dir: fleet.dir }, 'status');
    expect([missing.err.split('\n')[0], missing.code]).toEqual([
      'Error: could not find config file /nosuch.conf',
      2,
    ]);
  });

  test('CFG-042 CFG-049 -i with an action opens no shell', async ({ expect }) => {
    const { out, code } = await ctl('version', { before: ['-i'], input: 'status\n' });
    expect([out.includes('supervisor>'), code]).toEqual([false, 0]);
  });

  test('CFG-043 CFG-047 -s takes a URL, in every spelling, and nothing else', async ({ expect }) => {
    const url = `unix://${fleet.socketPath}`;
    for (const flags of [
      ['-s', url],
      [`-s${url}`],
      ['--serverurl', url],
      [`--serverurl=${url}`],
      ['--se', url],
    ]) {
      expect((await ctl('version', { before: flags })).code).toBe(0);
    }
    const { err, code } = await ctl('version', { before: ['-s', 'foo'] });
    expect(err).toMatch(/^Error: invalid value for -s 'foo': value 'foo' is not a URL\nFor help, use /);
    expect(code).toBe(2);
  });

  test('CFG-045 -r names a history file', async ({ expect }) => {
    expect((await ctl('version', { before: ['-r', join(fleet.dir, 'h')] })).code).toBe(0);
    expect((await ctl('version', { before: ['--history_file', join(fleet.dir, 'h')] })).code).toBe(0);
  });

  test('CFG-046 options end at the first word that is none', async ({ expect }) => {
    expect((await ctl('pid -s on')).out).toMatch(/^No such process -s\n\d+\n$/);
  });

  test('CFG-048 without an action there is a shell', async ({ expect }) => {
    expect((await ctl('', { input: 'quit\n' })).out).toContain('supervisor> ');
  });
});

function sorted(out: string): string[] {
  return out
    .split('\n')
    .filter((line) => line !== '')
    .sort();
}

/** The same for each, all at once. */
async function each<T>(lines: readonly string[], run: (line: string) => Promise<T>): Promise<[string, T][]> {
  return Promise.all(lines.map(async (line): Promise<[string, T]> => [line, await run(line)]));
}

function reconfigure({ configPath }: TestSupervisor, change: (text: string) => string): void {
  writeFileSync(configPath, change(readFileSync(configPath, 'utf8')));
}

/** A child that ignores TERM must not outlive its test. */
function endGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // gone already, which is what was wanted
  }
}

const text = (value: string): string => `<value><string>${value}</string></value>`;
const array = (...values: string[]): string =>
  `<value><array><data>${values.join('')}</data></array></value>`;
const struct = (members: Record<string, string>): string =>
  `<value><struct>${Object.entries(members)
    .map(([name, value]) => `<member><name>${name}</name>${value}</member>`)
    .join('')}</struct></value>`;

/** What is told of a process that was never started. */
const stopped = (name: string): string =>
  struct({
    ...Object.fromEntries(
      ['state', 'pid', 'start', 'stop', 'now', 'exitstatus'].map((key) => [
        key,
        '<value><int>0</int></value>',
      ]),
    ),
    ...{ name: text(name), group: text(name), statename: text('STOPPED'), description: text('Not started') },
    ...{ spawnerr: text(''), logfile: text(''), stdout_logfile: text(''), stderr_logfile: text('') },
  });

/** A server that answers the version check so (null: a fault 1), and everything else with fault 30. */
function answering(t: Lifetime, version: string | null, fault = 'FAILED'): Promise<string> {
  return serve(t, (method) =>
    method !== 'getVersion'
      ? { fault: 30, says: fault }
      : version === null
        ? { fault: 1, says: 'UNKNOWN_METHOD' }
        : version,
  );
}

/** A server with ready answers by method. */
function scripted(t: Lifetime, answers: Record<string, string>): Promise<string> {
  return serve(t, (method) => answers[method] ?? { fault: 1, says: 'UNKNOWN_METHOD' });
}

async function serve(
  t: Lifetime,
  answer: (method: string) => string | { fault: number; says: string },
): Promise<string> {
  const server: Server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    const reply = answer(/<methodName>supervisor\.(\w+)</.exec(body)?.[1] ?? '');
    const inner =
      typeof reply === 'string'
        ? `<params><param>${reply}</param></params>`
        : `<fault>${struct({ faultCode: `<value><int>${reply.fault}</int></value>`, faultString: text(reply.says) })}</fault>`;
    response.setHeader('content-type', 'text/xml');
    response.end(`<?xml version='1.0'?><methodResponse>${inner}</methodResponse>`);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  t.onTestFinished(
    () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  );
  const address = server.address();
  return `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
}
