import { constants, openSync } from 'node:fs';
import { watchForeign } from './foreign-exit.ts';
import { type InputPipe, writePipe } from './input-pipe.ts';
import type { Child, ChildEars } from './os.ts';
import { type OutputPipe, readPipe } from './output-pipe.ts';
import { closeQuietly } from './pipe.ts';
import { isAlive, openAs, openFds, openFlags, type ProcessIdentity, processLine } from './proc-table.ts';
import { sendSignal } from './send-signal.ts';

/** How soon the end of a child that is not ours to wait for is noticed. */
const LOOK_EVERY_MS = 250;
/** A pipe ends a moment before its process does. */
const AFTER_END_OF_OUTPUT_MS = 10;
const ACCESS_MODE = 3;

/**
 * Takes over a child that a daemon before us started. Its pipes still exist while it has them open, so our ends
 * are opened again; what was in them when the other daemon died is read. Null when it is gone.
 * `mates` are the processes it may have handed a pipe of its own to: such a pipe is left alone.
 */
export function adoptOrphan(who: ProcessIdentity, mates: readonly number[], hear: ChildEars): Child | null {
  const pipes = reopenPipes(who.pid, mates);
  const exit = watchForeign(who.pid);
  if (!isAlive(who)) {
    exit.close();
    for (const end of Object.values(pipes)) if (end !== null) closeQuietly(end);
    return null;
  }
  let ended = false;
  const look = (): void => {
    if (ended || isAlive(who)) return;
    ended = true;
    clearInterval(timer);
    stdout?.drainAndClose();
    stderr?.drainAndClose();
    stdin?.close();
    exit.tell((end) => hear.end(end));
  };
  const atEnd = (): void => void setTimeout(look, AFTER_END_OF_OUTPUT_MS);
  const timer = setInterval(look, LOOK_EVERY_MS);
  const read = (fd: number | null, channel: 'stdout' | 'stderr'): OutputPipe | null =>
    fd === null ? null : readPipe(fd, { hear: (chunk) => hear.output(channel, chunk), ended: atEnd });
  const stdout = read(pipes.stdout, 'stdout');
  const stderr = read(pipes.stderr, 'stderr');
  const stdin: InputPipe | null = pipes.stdin === null ? null : writePipe(pipes.stdin);
  return {
    pid: who.pid,
    pipes,
    signal: (signal, to) =>
      ended || !isAlive(who)
        ? { kind: 'gone' }
        : sendSignal(to === 'group' ? groupOf(who.pid) : who.pid, signal),
    write: (bytes) => (ended || stdin === null ? 'closed' : stdin.write(bytes)),
  };
}

/** It led its own group when it was started; a shell may have changed that since. */
function groupOf(pid: number): number {
  return processLine(pid)?.group === pid ? -pid : pid;
}

function reopenPipes(pid: number, mates: readonly number[]): Child['pipes'] {
  const [stdin, stdout, stderr] = [openAs(pid, 0), openAs(pid, 1), openAs(pid, 2)];
  const others = [pid, ...mates];
  const open = (pipe: string | null, fd: number, ours: 'read' | 'write'): number | null =>
    pipe?.startsWith('pipe:') && !hasOtherEnd(pipe, ours, others) ? openEnd(pid, fd, ours) : null;
  return {
    stdin: open(stdin, 0, 'write'),
    stdout: open(stdout, 1, 'read'),
    stderr: stderr === stdout ? null : open(stderr, 2, 'read'),
  };
}

/** Whether somebody holds the end we want: then the pipe is between those processes, and reading it would be theft. */
function hasOtherEnd(pipe: string, end: 'read' | 'write', pids: readonly number[]): boolean {
  const wanted = end === 'read' ? constants.O_RDONLY : constants.O_WRONLY;
  return pids.some((pid) =>
    openFds(pid).some((fd) => openAs(pid, fd) === pipe && (openFlags(pid, fd) & ACCESS_MODE) === wanted),
  );
}

function openEnd(pid: number, fd: number, end: 'read' | 'write'): number | null {
  const access = end === 'read' ? constants.O_RDONLY : constants.O_WRONLY;
  try {
    return openSync(`/proc/${pid}/fd/${fd}`, access | constants.O_NONBLOCK);
  } catch {
    return null; // gone, or another user's: the caller sees that there is none
  }
}
