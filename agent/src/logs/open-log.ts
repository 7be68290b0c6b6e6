import type { Clock } from '../os/clock.ts';
import type { FileStatus, LogFiles } from '../os/log-files.ts';
import type { Loss } from './loss.ts';
import { StreamQueue } from './stream-queue.ts';

/** Names of our own descriptors: whatever stands behind them is not ours to rename, remove or open twice. */
const OWN_DESCRIPTOR = /^\/(?:dev\/(?:std(?:out|err)$|fd\/)|proc\/)/;
const INHERITED: Record<string, number> = {
  '/dev/stdout': 1,
  '/dev/fd/1': 1,
  '/dev/stderr': 2,
  '/dev/fd/2': 2,
};

export interface OpenLogParts {
  readonly path: string;
  readonly mode: number;
  readonly files: LogFiles;
  readonly clock: Clock;
  readonly loss: Loss;
}

/** A log target that is open for appending. */
export class OpenLog {
  readonly fd: number;
  /** As it was when opened. */
  readonly status: FileStatus;
  /** Set for what is no plain file: never rotated, cleared or read back. */
  readonly queue: StreamQueue | null;
  readonly #parts: OpenLogParts;

  constructor(fd: number, parts: OpenLogParts) {
    this.fd = fd;
    this.#parts = parts;
    this.status = parts.files.status(fd);
    const isPlain = this.status.isFile && !isOwnDescriptor(parts.path);
    this.queue = isPlain ? null : new StreamQueue(fd, parts.files, parts.clock, parts.loss);
  }

  /** Whether its last name is gone: nobody will ever read what is written to it. */
  isDeleted(): boolean {
    return this.queue === null && this.#parts.files.status(this.fd).links === 0;
  }

  /** Whether opening the path now would give the same. */
  standsAtPath(): boolean {
    if (isOwnDescriptor(this.#parts.path)) return true;
    const there = this.#parts.files.statusAt(this.#parts.path);
    return there !== null && there.inode === this.status.inode && there.device === this.status.device;
  }

  close(): void {
    this.queue?.close();
    if (this.fd > 2) this.#parts.files.close(this.fd);
  }
}

/** Opens a log target, `empty`: truncated. Throws the system's error. */
export function openLog(parts: OpenLogParts, how?: 'empty'): OpenLog {
  try {
    return new OpenLog(parts.files.openToAppend(parts.path, parts.mode, how), parts);
  } catch (error) {
    // Behind the name is a socket, or a file of the user we were before: the descriptor itself still works.
    const inherited = INHERITED[parts.path];
    if (inherited === undefined) throw error;
    return new OpenLog(inherited, parts);
  }
}

/** Whether bytes written to `path` can be read back from it; what is not there yet will be a file. */
export function isReadable(files: LogFiles, path: string): boolean {
  return !isOwnDescriptor(path) && (files.statusAt(path)?.isFile ?? true);
}

function isOwnDescriptor(path: string): boolean {
  return OWN_DESCRIPTOR.test(path);
}
