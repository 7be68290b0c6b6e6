import {
  closeSync,
  constants,
  fstatSync,
  openSync,
  readdirSync,
  readSync,
  renameSync,
  statSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { noForeignLink } from './foreign-link.ts';

/** What a log file is on disk. `links` 0: it was deleted while open. */
export interface FileStatus {
  readonly device: number;
  readonly inode: number;
  readonly size: number;
  readonly links: number;
  readonly isFile: boolean;
}

/**
 * The file calls that logs need, all of them at once and in order. Each throws the system's error; opening
 * follows no link of a stranger.
 */
export interface LogFiles {
  /**
   * Opens for appending, creating it with `mode` less the umask. `fresh`: it must not exist; `empty`: it is truncated.
   * Never waits: a named pipe nobody reads is ENXIO, one that is full is EAGAIN on write.
   */
  openToAppend(path: string, mode: number, how?: 'fresh' | 'empty'): number;
  openToRead(path: string): number;
  /** How many bytes of `bytes` from `from` on were written: at least one. */
  append(fd: number, bytes: Buffer, from: number): number;
  readAt(fd: number, into: Buffer, position: number): number;
  status(fd: number): FileStatus;
  /** Null: nothing is there. */
  statusAt(path: string): FileStatus | null;
  rename(from: string, to: string): void;
  /** Nothing there is as good as removed. */
  remove(path: string): void;
  close(fd: number): void;
  list(folder: string): readonly string[];
}

const { O_APPEND, O_CREAT, O_EXCL, O_NOCTTY, O_NONBLOCK, O_RDONLY, O_TRUNC, O_WRONLY } = constants;
const APPEND = O_APPEND | O_CREAT | O_WRONLY | O_NONBLOCK | O_NOCTTY;
const HOW = { fresh: O_EXCL, empty: O_TRUNC, any: 0 } as const;

export const systemLogFiles: LogFiles = {
  openToAppend: (path, mode, how) => openSync(path, APPEND | HOW[how ?? 'any'] | noForeignLink(path), mode),
  openToRead: (path) => openSync(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | noForeignLink(path)),
  append: (fd, bytes, from) => writeSync(fd, bytes, from, bytes.length - from, null),
  readAt: (fd, into, position) => readSync(fd, into, 0, into.length, position),
  status: (fd) => statusOf(fstatSync(fd)),
  statusAt(path) {
    const stats = statSync(path, { throwIfNoEntry: false });
    return stats === undefined ? null : statusOf(stats);
  },
  rename: renameSync,
  remove(path) {
    try {
      unlinkSync(path);
    } catch (error) {
      if (errnoOf(error) !== 'ENOENT') throw error;
    }
  },
  close: closeSync,
  list: (folder) => readdirSync(folder),
};

function statusOf(stats: {
  dev: number;
  ino: number;
  size: number;
  nlink: number;
  isFile(): boolean;
}): FileStatus {
  return {
    device: stats.dev,
    inode: stats.ino,
    size: stats.size,
    links: stats.nlink,
    isFile: stats.isFile(),
  };
}

/** The name of the system's error, `EIO` for one that has none. */
export function errnoOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'EIO';
}
