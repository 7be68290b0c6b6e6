import {
  closeSync,
  constants,
  fstatSync,
  ftruncateSync,
  openSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { thrownErrno } from './errno.ts';
import { noForeignLink } from './foreign-link.ts';
import { libc } from './libc.ts';

const F_OFD_SETLK = 37;

/** A file only we hold until we end, however we end. Nobody can take it who may not write to it. */
export interface FileLock {
  replaceContent(text: string): void;
  /** Removes the file if the path still names the one we hold. */
  removeAndRelease(): void;
  /** Leaves the file. */
  release(): void;
}

export type Locked =
  | { readonly kind: 'locked'; readonly lock: FileLock }
  | { readonly kind: 'locked-elsewhere' }
  | { readonly kind: 'failed'; readonly errno: string };

/** Opens or creates a file and takes it for ourselves, without waiting and without changing its content. */
export function lockFile(path: string): Locked {
  let fd: number;
  try {
    fd = openSync(path, constants.O_RDWR | constants.O_CREAT | noForeignLink(path), 0o644);
  } catch (error) {
    return { kind: 'failed', errno: thrownErrno(error) };
  }
  if (libc.fcntlLock(fd, F_OFD_SETLK, writeLock()) !== 0) {
    closeSync(fd);
    return { kind: 'locked-elsewhere' };
  }
  if (!standsAt(path, fd)) {
    closeSync(fd); // its holder removed it between our open and our lock
    return lockFile(path);
  }
  return { kind: 'locked', lock: heldLock(path, fd) };
}

/** `struct flock` for the whole file; unlike flock(2) it asks for the right to write. */
function writeLock(): Buffer {
  const F_WRLCK = 1;
  const lock = Buffer.alloc(32);
  lock.writeInt16LE(F_WRLCK, 0);
  return lock;
}

function heldLock(path: string, fd: number): FileLock {
  return {
    replaceContent(text) {
      ftruncateSync(fd);
      writeSync(fd, text, 0);
    },
    removeAndRelease() {
      if (standsAt(path, fd)) rmSync(path, { force: true });
      closeSync(fd);
    },
    release: () => closeSync(fd),
  };
}

function standsAt(path: string, fd: number): boolean {
  const there = statSync(path, { throwIfNoEntry: false });
  const held = fstatSync(fd);
  return there !== undefined && there.ino === held.ino && there.dev === held.dev;
}
