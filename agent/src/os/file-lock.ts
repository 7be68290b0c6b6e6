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
import { libc } from './libc.ts';

const LOCK_EX = 2;
const LOCK_NB = 4;

/** A file only we hold until we end, however we end. */
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
    fd = openSync(path, constants.O_RDWR | constants.O_CREAT, 0o644);
  } catch (error) {
    return { kind: 'failed', errno: thrownErrno(error) };
  }
  if (libc.flock(fd, LOCK_EX | LOCK_NB) !== 0) {
    closeSync(fd);
    return { kind: 'locked-elsewhere' };
  }
  if (!standsAt(path, fd)) {
    closeSync(fd); // its holder removed it between our open and our lock
    return lockFile(path);
  }
  return { kind: 'locked', lock: heldLock(path, fd) };
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
