import { expect, test } from 'vitest';
import type { ProcessConfig } from '../../agent/src/config/config.ts';
import { bench } from '../support/process-parts.ts';

/** A process just started by hand, its child's pid, and the world around it. */
function started(more: Partial<ProcessConfig> = {}) {
  const world = bench();
  const process = world.process(more);
  process.start();
  return { ...world, process, pid: process.pid };
}

function running(more: Partial<ProcessConfig> = {}) {
  const world = started(more);
  world.clock.advance(1001);
  expect(world.process.state).toBe('RUNNING');
  return world;
}

test('PROC-013 autostart starts a process that never ran, at the next turn of the loop', () => {
  const world = bench();
  const process = world.process();
  process.autostart();
  expect(process.state).toBe('STOPPED');
  world.clock.advance(0);
  expect(process.state).toBe('STARTING');
});

test('PROC-013 autostart leaves alone what is not to start by itself, and what was started meanwhile', () => {
  const world = bench();
  const manual = world.process({ autostart: false });
  const stopped = world.process();
  manual.autostart();
  stopped.autostart();
  stopped.start();
  stopped.stop();
  world.os.exit(stopped.pid, 0);
  world.clock.advance(0);
  expect([manual.state, stopped.state, world.os.requests.length]).toEqual(['STOPPED', 'STOPPED', 1]);
});

test('PROC-017 a start notes its time and forgets how the last child ended', () => {
  const { process, os, clock, pid } = running({ autorestart: 'never' });
  os.exit(pid, 3);
  expect([process.spawnError, process.exit?.code]).toEqual(['Bad exit code 3', 3]);
  clock.advance(5000);
  process.start();
  expect([process.spawnError, process.exit, process.startedAtMs]).toEqual(['', null, clock.wallMs()]);
});

test('PROC-018 a command that cannot be found goes STARTING, BACKOFF and is logged', () => {
  const { clock, os, lines, changes, process: make } = bench();
  os.files.set('/bin/web', 'missing');
  const process = make();
  process.autostart();
  clock.advance(0);
  expect(changes()).toEqual(['STOPPED>STARTING', 'STARTING>BACKOFF']);
  expect(process.spawnError).toBe("can't find command '/bin/web'");
  expect(lines).toEqual(["INFO spawnerr: can't find command '/bin/web'"]);
});

test("PROC-020 spawn errors of the machine carry supervisord's texts", () => {
  const says = (at: 'pipes' | 'fork', errno: string) => {
    const world = bench();
    world.os.failures.push({ kind: 'failed', at, errno });
    const process = world.process();
    process.start();
    return process.spawnError;
  };
  expect(says('pipes', 'EMFILE')).toBe("too many open files to spawn 'web'");
  expect(says('pipes', 'ENFILE')).toBe("unknown error making dispatchers for 'web': ENFILE");
  expect(says('fork', 'EAGAIN')).toBe("Too many processes in process table to spawn 'web'");
  expect(says('fork', 'ENOMEM')).toBe("unknown error during fork for 'web': ENOMEM");
});

test('PROC-027 what fails in the child is said on its stderr by a child that exits 127', () => {
  const says = (failure: { at: 'user' | 'directory' | 'exec'; errno: string }) => {
    const world = bench();
    world.os.failures.push({ kind: 'failed', ...failure });
    world.process({ user: { name: 'u', uid: 7, gid: 7 }, directory: '/d', command: 'x y' }).start();
    return world.os.requests[1]?.argv.at(-1);
  };
  const end = '\nsupervisor: child process was not spawned\n';
  expect(says({ at: 'user', errno: 'EPERM' })).toBe(
    `supervisor: couldn't setuid to 7: Can't drop privilege as nonroot user${end}`,
  );
  expect(says({ at: 'directory', errno: 'ENOENT' })).toBe(`supervisor: couldn't chdir to /d: ENOENT${end}`);
  expect(says({ at: 'exec', errno: 'ENOEXEC' })).toBe(`supervisor: couldn't exec x: ENOEXEC${end}`);
});

test('PROC-031 a process is RUNNING once it has stayed up longer than startsecs, not before', () => {
  const { process, clock, lines } = started();
  clock.advance(1000);
  expect(process.state).toBe('STARTING');
  clock.advance(1);
  expect(process.state).toBe('RUNNING');
  expect(lines.at(-1)).toBe(
    'INFO success: web entered RUNNING state, process has stayed up for > than 1 seconds (startsecs)',
  );
});

test('PROC-032 with startsecs=0 a process is RUNNING as soon as it is spawned', () => {
  const { process, changes } = started({ startMs: 0 });
  expect(process.state).toBe('RUNNING');
  expect(changes()).toEqual(['STOPPED>STARTING', 'STARTING>RUNNING']);
});

test('PROC-033 with startsecs=0 an exit at once is EXITED, never BACKOFF', () => {
  const { os, pid, process } = started({ startMs: 0, autorestart: 'never' });
  os.exit(pid, 1);
  expect(process.state).toBe('EXITED');
});

test('PROC-034 an exit before startsecs is BACKOFF whatever the code, and its status is not kept', () => {
  const { clock, os, pid, process, lines, states } = started();
  clock.advance(999);
  os.exit(pid, 0);
  expect([process.state, process.exit, process.pid]).toEqual(['BACKOFF', null, 0]);
  expect(process.spawnError).toBe('Exited too quickly (process log may have details)');
  expect(lines.at(-1)).toBe('WARN exited: web (exit status 0; not expected)');
  expect(states().at(-1)).toMatchObject({ to: 'BACKOFF', tries: 1, pid, exit: { code: 0, signal: null } });
});

test('PROC-034 an exit at exactly startsecs has not been too quick: RUNNING, then EXITED', () => {
  const { clock, os, pid, changes } = started();
  clock.advance(1000);
  os.exit(pid, 0);
  expect(changes().slice(1)).toEqual(['STARTING>RUNNING', 'RUNNING>EXITED']);
});

test('PROC-036 retries wait 1, 2, 3 seconds, each strictly past; there are startretries + 1 attempts', () => {
  const { clock, os, process } = started();
  const fail = () => os.exit(process.pid, 1);
  fail();
  for (const seconds of [1, 2, 3]) {
    clock.advance(seconds * 1000);
    expect(process.state).toBe('BACKOFF');
    clock.advance(1);
    expect(process.state).toBe('STARTING');
    fail();
  }
  expect([process.state, os.requests.length]).toEqual(['FATAL', 4]);
});

test('PROC-037 too many tries make it FATAL, said in the log, and the count starts again', () => {
  const { os, pid, process, lines, clock } = started({ startRetries: 0 });
  os.exit(pid, 1);
  expect([process.state, process.tries]).toEqual(['FATAL', 0]);
  expect(lines.at(-1)).toBe('INFO gave up: web entered FATAL state, too many start retries too quickly');
  clock.advance(60_000);
  expect([process.state, clock.pending()]).toEqual(['FATAL', 0]); // PROC-040
});

test('PROC-038 a failed lookup on the last retry is FATAL in the same turn', () => {
  const world = bench();
  world.os.files.set('/bin/web', 'missing');
  const process = world.process({ startRetries: 0 });
  process.autostart();
  world.clock.advance(0);
  expect(world.changes()).toEqual(['STOPPED>STARTING', 'STARTING>BACKOFF', 'BACKOFF>FATAL']);
});

test('PROC-041 a start is refused in BACKOFF and allowed from FATAL', () => {
  const backing = started();
  backing.os.exit(backing.pid, 1);
  expect(() => backing.process.start()).toThrow('already-started: web');
  const fatal = started({ startRetries: 0 });
  fatal.os.exit(fatal.pid, 1);
  fatal.process.start();
  expect(fatal.process.state).toBe('STARTING');
});

test('PROC-042 a stop in BACKOFF keeps the count of tries for the next start', () => {
  const { os, process, pid } = started();
  os.exit(pid, 1);
  process.stop();
  process.start();
  os.exit(process.pid, 1);
  expect(process.tries).toBe(2);
});

test('PROC-043 PROC-045 ends are described as supervisord does', () => {
  const line = (how: Parameters<ReturnType<typeof bench>['os']['exit']>[1]) => {
    const { os, pid, lines, process } = running({ autorestart: 'never' });
    os.exit(pid, how);
    return [lines.at(-1), process.spawnError];
  };
  expect(line(0)).toEqual(['INFO exited: web (exit status 0; expected)', '']);
  expect(line(3)).toEqual(['WARN exited: web (exit status 3; not expected)', 'Bad exit code 3']);
  expect(line({ signal: 9 })).toEqual([
    'WARN exited: web (terminated by SIGKILL; not expected)',
    'Bad exit code -1',
  ]);
  expect(line('unknown')).toEqual([
    'WARN exited: web (exit status unknown; not expected)',
    'Exit status unknown',
  ]);
  expect(line({ signal: 11, coreDumped: true })[0]).toBe(
    'WARN exited: web (terminated by SIGSEGV (core dumped); not expected)',
  );
});

test('PROC-044 an exit is expected when its status is among exitcodes', () => {
  const { os, pid, states } = running({ exitCodes: [0, 2], autorestart: 'never' });
  os.exit(pid, 2);
  expect(states().at(-1)).toMatchObject({ to: 'EXITED', expected: true, pid });
});

test('PROC-046 PROC-047 PROC-048 autorestart in its three forms', () => {
  const after = (autorestart: ProcessConfig['autorestart'], code: number) => {
    const { os, pid, process, clock } = running({ autorestart });
    os.exit(pid, code);
    clock.advance(0);
    return process.state;
  };
  expect([after('always', 0), after('always', 1)]).toEqual(['STARTING', 'STARTING']);
  expect([after('unexpected', 0), after('unexpected', 1)]).toEqual(['EXITED', 'STARTING']);
  expect([after('never', 0), after('never', 1)]).toEqual(['EXITED', 'EXITED']);
});

test('PROC-049 nothing starts by itself while the daemon stops', () => {
  const { os, pid, process, clock, daemon } = running();
  daemon.running = false;
  os.exit(pid, 1);
  clock.advance(60_000);
  expect(process.state).toBe('EXITED');
});

test('A2 a start that waits for its turn is forgotten with the group it belongs to', () => {
  const ended = running();
  const added = ended.process;
  ended.os.exit(ended.pid, 1);
  added.drop();
  const never = bench();
  const fresh = never.process();
  fresh.autostart();
  fresh.drop();
  ended.clock.advance(60_000);
  never.clock.advance(60_000);
  expect([added.state, ended.os.requests.length]).toEqual(['EXITED', 1]);
  expect([fresh.state, never.os.requests.length]).toEqual(['STOPPED', 0]);
});

test('PROC-051 a stop signals the child and gives it stopwaitsecs', () => {
  const { os, pid, process, clock } = running({ stopSignal: 2, stopWaitMs: 3000 });
  process.stop();
  expect(process.state).toBe('STOPPING');
  clock.advance(2999);
  expect(os.signals).toEqual([{ pid, signal: 'SIGINT', to: 'child' }]);
});

test('PROC-052 PROC-053 a deaf child is SIGKILLed after stopwaitsecs, again and again, to the group if so set', () => {
  const { os, pid, process, clock, lines } = running({
    stopAsGroup: true,
    killAsGroup: true,
    stopWaitMs: 3000,
  });
  process.stop();
  clock.advance(6000);
  expect(os.signals).toEqual([
    { pid, signal: 'SIGTERM', to: 'group' },
    { pid, signal: 'SIGKILL', to: 'group' },
    { pid, signal: 'SIGKILL', to: 'group' },
  ]);
  expect(lines.at(-1)).toBe(`WARN killing 'web' (${pid}) with SIGKILL`);
});

test('PROC-053 stopwaitsecs=0 kills in the next turn, but does not spin over an unkillable child', () => {
  const { os, process, clock } = running({ stopWaitMs: 0 });
  process.stop();
  clock.advance(0);
  expect(os.signals.map(({ signal }) => signal)).toEqual(['SIGTERM', 'SIGKILL']);
  clock.advance(10_000);
  expect(os.signals.length).toBe(12);
});

test('PROC-054 PROC-060 a stopped child leaves its status and is not restarted', () => {
  const { os, pid, process, clock, lines, states } = running({ autorestart: 'always' });
  process.stop();
  os.exit(pid, { signal: 15 });
  clock.advance(60_000);
  expect([process.state, process.exit]).toEqual(['STOPPED', { code: null, signal: 'SIGTERM' }]);
  expect(states().at(-1)).toMatchObject({ from: 'STOPPING', to: 'STOPPED', pid });
  expect(lines.at(-1)).toBe('WARN stopped: web (terminated by SIGTERM)');
  expect(clock.pending()).toBe(0);
});

test('PROC-054 a stop that ends with an expected code is told at INFO', () => {
  const { os, pid, process, lines } = running();
  process.stop();
  os.exit(pid, 0);
  expect(lines.at(-1)).toBe('INFO stopped: web (exit status 0)');
});

test('PROC-055 a stop in BACKOFF sends nothing, is STOPPED at once and keeps the spawn error', () => {
  const { os, pid, process, clock, states } = started();
  os.exit(pid, 1);
  process.stop();
  clock.advance(60_000);
  expect([process.state, os.signals, os.requests.length]).toEqual(['STOPPED', [], 1]);
  expect(process.spawnError).toBe('Exited too quickly (process log may have details)');
  expect(states().at(-1)).toMatchObject({ from: 'BACKOFF', to: 'STOPPED', pid: 0 });
});

test('PROC-056 a stop is refused when nothing runs, and while stopping', () => {
  const { os, pid, process } = running({ autorestart: 'never' });
  process.stop();
  expect(() => process.stop()).toThrow('not-running: web');
  os.exit(pid, 0);
  expect(() => process.stop()).toThrow('not-running: web');
});

test('PROC-057 a stop signal that finds nobody leaves STOPPING until the child is reaped', () => {
  const { os, pid, process } = running();
  os.signalled.push({ kind: 'gone' });
  process.stop();
  expect(process.state).toBe('STOPPING');
  os.exit(pid, 0);
  expect(process.state).toBe('STOPPED');
});

test('PROC-058 a stop signal that is not allowed makes the process UNKNOWN, and the call fails', () => {
  const { os, pid, process, lines } = running();
  os.signalled.push({ kind: 'failed', errno: 'EPERM' });
  expect(() => process.stop()).toThrow('failed: unknown problem killing web');
  expect(process.state).toBe('UNKNOWN');
  expect(lines.at(-1)).toBe(`CRIT unknown problem killing web (${pid}): EPERM`);
  expect(() => process.start()).toThrow('failed: web');
  os.exit(pid, 0);
  expect(process.state).toBe('STOPPED');
});

test('PROC-059 a plain signal goes to the child only and changes no state', () => {
  const { os, pid, process } = running({ stopAsGroup: true });
  process.signal(10);
  expect([process.state, os.signals]).toEqual(['RUNNING', [{ pid, signal: 'SIGUSR1', to: 'child' }]]);
});

test('PROC-050 an end whose start lies in the future of a clock set back is judged by how long the child was up', () => {
  const { clock, process, os, pid } = started();
  clock.advance(1_001);
  clock.stepWall(-3_600_000);
  os.exit(pid, 0);
  expect(process.state).toBe('EXITED');
});

test('PROC-062 PROC-063 a wall clock that is stepped changes no duration', () => {
  const { clock, process, os, pid } = started();
  clock.stepWall(-3_600_000);
  clock.advance(1001);
  expect(process.state).toBe('RUNNING');
  clock.stepWall(86_400_000);
  process.stop();
  clock.advance(9_999);
  expect(os.signals.length).toBe(1);
  clock.stepWall(-86_400_000);
  clock.advance(1);
  expect(os.signals.at(-1)).toEqual({ pid, signal: 'SIGKILL', to: 'child' });
});

test('PROC-104 the last output is in the log, and the log ended, before EXITED is told', () => {
  const { os, pid, written, bus } = running();
  let atExit: string[] = [];
  bus.subscribe((event) => {
    if (event.kind === 'process-state' && event.to === 'EXITED') atExit = [...written];
  });
  os.say(pid, 'stdout', 'last words');
  os.exit(pid, 0);
  expect(atExit).toEqual(['last words', '<end>', '<end>']);
});

test('PROC-118 stdin is refused when nobody runs, nobody reads, or too much waits', () => {
  const { os, process } = running();
  process.writeStdin(Buffer.from('hi'));
  os.nextWritten = 'closed';
  expect(() => process.writeStdin(Buffer.from('hi'))).toThrow('no-file: web');
  os.nextWritten = 'full';
  expect(() => process.writeStdin(Buffer.from('hi'))).toThrow('stdin is full');
  process.stop();
  expect(() => process.writeStdin(Buffer.from('hi'))).toThrow('not-running: web');
  expect(os.written.map(String)).toEqual(['hi']);
});

test('an idle process waits for nothing', () => {
  const { clock } = running();
  expect(clock.pending()).toBe(0);
});

test('what a process knows can be written out, its times as durations', () => {
  const { clock, process, pid, os } = started();
  clock.advance(400);
  expect(JSON.parse(JSON.stringify(process.save()))).toMatchObject({
    ...{ group: 'web', name: 'web', state: 'STARTING', pid, upForMs: 400 },
    waiting: { for: 'stayed-up', forMs: 601 },
    pipes: { stdin: 10, stdout: 11, stderr: 12 },
  });
  os.exit(pid, 1);
  expect(process.save()).toMatchObject({
    state: 'BACKOFF',
    pipes: null,
    waiting: { for: 'retry', forMs: 1001 },
  });
});
