import { closeSync } from 'node:fs';
import { lastErrnoName, libc } from './libc.ts';

const O_CLOEXEC = 0o2000000;
const O_NONBLOCK = 0o4000;
const F_GETFL = 3;
const F_SETFL = 4;

export interface Pipe {
  readonly readEnd: number;
  readonly writeEnd: number;
}

/** A system call said no; `errno` is its name. */
export class SystemRefusal extends Error {
  readonly errno: string;

  constructor(call: string, errno: string) {
    super(`${call}: ${errno}`);
    this.errno = errno;
  }
}

/** A real pipe (not a socket pair, so that a child may open /dev/stdout), closed on exec. Throws SystemRefusal. */
export function openPipe(): Pipe {
  const fds = [-1, -1];
  if (libc.pipe2(fds, O_CLOEXEC) !== 0) throw new SystemRefusal('pipe2', lastErrnoName());
  const [readEnd = -1, writeEnd = -1] = fds;
  return { readEnd, writeEnd };
}

export function setNonBlocking(fd: number): void {
  const flags: number = libc.fcntl(fd, F_GETFL, 0);
  libc.fcntl(fd, F_SETFL, flags | O_NONBLOCK);
}

export function closeQuietly(fd: number): void {
  try {
    closeSync(fd);
  } catch {
    // closed already: that is all that was wanted
  }
}
