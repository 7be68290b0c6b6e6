import { adoptOrphan } from './adopted-child.ts';
import { type ChildPipes, openChildPipes } from './child-pipes.ts';
import { fileKind } from './file-kind.ts';
import { hasMembers, membersOf } from './group-members.ts';
import { type InputPipe, writePipe } from './input-pipe.ts';
import { readLimit, setLimit } from './limits.ts';
import { changesUser, obstacle, SETPRIV } from './obstacles.ts';
import type { Child, ChildEars, Os, OutputChannel, Spawned, SpawnRequest } from './os.ts';
import { type OutputPipe, readPipe } from './output-pipe.ts';
import { type PosixSpawn, posixSpawn } from './posix-spawn.ts';
import { type Reaped, startReaper } from './reaper.ts';
import { sendSignal } from './send-signal.ts';
import { listenShared } from './shared-socket.ts';
import type { ChildEnd } from './wait-status.ts';

export interface RealOsOptions {
  /** The soft limit on descriptors that children get. */
  readonly childNofile: number;
  /** Told of zombies that were never children of ours. */
  readonly foreignReaped: Reaped;
}

type Children = Map<number, (end: ChildEnd) => void>;

/** The machine itself. One per process, because it owns SIGCHLD; `close` gives that back. */
export function realOs(options: RealOsOptions): Os & { close(): void } {
  const children: Children = new Map();
  const ended: Reaped = (pid, end) => {
    const tell = children.get(pid);
    children.delete(pid);
    tell?.(end);
  };
  const own = environment(); // read once: each variable is a call into the system
  const close = startReaper((pid) => children.has(pid), ended, options.foreignReaped);
  return {
    spawn: (request) => obstacle(request) ?? spawnChild(request, options.childNofile, children),
    fileKind,
    environment: () => own,
    listenShared,
    adopt: adoptOrphan,
    hasMembers,
    membersOf,
    close,
  };
}

function environment(): Record<string, string> {
  const all: Record<string, string> = {};
  for (const [name, value] of Object.entries(process.env)) if (value !== undefined) all[name] = value;
  return all;
}

/** Errors that say there can be no further process now; every other one is about the program. */
const FORK_ERRORS: ReadonlySet<string> = new Set(['EAGAIN', 'ENOMEM', 'ENOSYS']);

function spawnChild(request: SpawnRequest, nofile: number, children: Children): Spawned {
  const pipes = openChildPipes(request);
  if ('errno' in pipes) return { kind: 'failed', at: 'pipes', errno: pipes.errno };
  const spawned = withChildSettings(request.umask, nofile, () => posixSpawn(execFor(request, pipes)));
  pipes.release();
  if ('errno' in spawned) {
    pipes.abandon();
    return { kind: 'failed', at: FORK_ERRORS.has(spawned.errno) ? 'fork' : 'exec', errno: spawned.errno };
  }
  return { kind: 'spawned', child: adoptChild(spawned.pid, pipes, request.hear, children) };
}

function execFor({ file, argv, env, directory, user }: SpawnRequest, { stdio }: ChildPipes): PosixSpawn {
  if (!changesUser(user)) return { file, argv, env, directory, stdio };
  const become = ['setpriv', `--reuid=${user.uid}`, `--regid=${user.gid}`, '--init-groups', '--'];
  return { file: SETPRIV, argv: [...become, ...argv], env, directory, stdio };
}

/** Umask and limits are inherited, so they are the child's for the length of one synchronous call. */
function withChildSettings<T>(umask: number | null, nofile: number, spawn: () => T): T {
  const own = readLimit('RLIMIT_NOFILE');
  const ownMask = umask === null ? null : process.umask(umask);
  setLimit('RLIMIT_NOFILE', { soft: Math.min(nofile, own.hard), hard: own.hard });
  try {
    return spawn();
  } finally {
    setLimit('RLIMIT_NOFILE', own);
    if (ownMask !== null) process.umask(ownMask);
  }
}

/** Reads, writes and signals a child of ours until its end, which is told after the last of its output. */
function adoptChild(
  pid: number,
  pipes: Omit<ChildPipes, 'stdio' | 'release' | 'abandon'>,
  hear: ChildEars,
  children: Children,
): Child {
  const read = (fd: number, channel: OutputChannel): OutputPipe =>
    readPipe(fd, { hear: (chunk) => hear.output(channel, chunk), urgent: hear.urgent === channel });
  const stdout = read(pipes.stdout, 'stdout');
  const stderr = pipes.stderr === null ? null : read(pipes.stderr, 'stderr');
  const stdin: InputPipe | null = pipes.stdin === null ? null : writePipe(pipes.stdin);
  let reaped = false;
  children.set(pid, (end) => {
    reaped = true;
    stdout.drainAndClose();
    stderr?.drainAndClose();
    stdin?.close();
    hear.end(end);
  });
  return {
    pid,
    pipes: { stdin: pipes.stdin, stdout: pipes.stdout, stderr: pipes.stderr },
    signal: (signal, to) => (reaped ? { kind: 'gone' } : sendSignal(to === 'group' ? -pid : pid, signal)),
    write: (bytes) => (reaped || stdin === null ? 'closed' : stdin.write(bytes)),
  };
}
