import {
  accessSync,
  closeSync,
  constants,
  existsSync,
  openSync,
  readdirSync,
  readSync,
  type Stats,
  statSync,
} from 'node:fs';
import type { ConfigFiles, FileRead } from './files.ts';

const CHUNK_BYTES = 64 * 1024;
const READABLE_BY_ALL = 0o004;

/** The machine's files. */
export const realFiles: ConfigFiles = {
  read: readUpTo,
  exists: (path) => existsSync(path),
  isDirectory: (path) => statusAt(path)?.isDirectory() ?? false,
  isPipe: (path) => statusAt(path)?.isFIFO() ?? false,
  isReadableByAll: (path) => ((statusAt(path)?.mode ?? 0) & READABLE_BY_ALL) !== 0,
  isWritable: (path) => succeeds(() => accessSync(path, constants.W_OK | constants.X_OK)),
  list(path) {
    try {
      return readdirSync(path);
    } catch {
      return []; // a folder that cannot be read matches nothing
    }
  },
};

/** Reads in chunks: a pipe (`-c <(…)`) has no size, a device no end. */
function readUpTo(path: string, limit: number): FileRead {
  const chunks: Buffer[] = [];
  let fd: number | null = null;
  try {
    fd = openSync(path, 'r');
    for (let total = 0; ; ) {
      const chunk = Buffer.alloc(CHUNK_BYTES);
      const count = readSync(fd, chunk);
      if (count === 0) return { kind: 'bytes', bytes: Buffer.concat(chunks) };
      total += count;
      if (total > limit) return { kind: 'too-large' };
      chunks.push(chunk.subarray(0, count));
    }
  } catch {
    return { kind: 'unreadable' }; // missing, a directory or forbidden: supervisord does not say which either
  } finally {
    if (fd !== null) closeSync(fd);
  }
}

function statusAt(path: string): Stats | null {
  try {
    return statSync(path);
  } catch {
    return null; // missing, a loop of links, or behind a folder nobody may look into
  }
}

function succeeds(attempt: () => void): boolean {
  try {
    attempt();
    return true;
  } catch {
    return false; // the answer is the absence of an error
  }
}
