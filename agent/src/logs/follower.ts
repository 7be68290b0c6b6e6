import type { FileStatus, LogFiles } from '../os/log-files.ts';
import type { Follow, FollowPart } from './log-file.ts';

/** The written log as a follower needs it. */
export interface Followed {
  readonly path: string;
  backups(): number;
  /** False: what passes by is all there is. */
  isReadable(): boolean;
  readonly files: LogFiles;
  /** The file being written now, or null while nobody writes. */
  written(): FileStatus | null;
  /** How often the written file was emptied in place: a follower behind cannot see it by the size. */
  emptied(): number;
}

const READ_BYTES = 64 * 1024;

/**
 * Reads one log in order with a descriptor of its own, so that a file renamed or removed is read to its end
 * before its successor. Whatever is not delivered stays on disk: a follower buffers nothing.
 */
export class Follower implements Follow {
  readonly #log: Followed;
  readonly #hear: (part: FollowPart) => unknown;
  readonly #onClose: () => void;
  #fd: number | null = null;
  #file: FileStatus | null = null;
  #offset: number;
  #emptied: number;
  /** Others cut the file, and it has grown past our place again. */
  #cut = false;
  #held = false;
  #closed = false;
  #reading = false;

  constructor(log: Followed, fromOffset: number, hear: (part: FollowPart) => unknown, onClose: () => void) {
    this.#log = log;
    this.#offset = fromOffset;
    this.#emptied = log.emptied();
    this.#hear = hear;
    this.#onClose = onClose;
  }

  hold(): void {
    this.#held = true;
  }

  resume(): void {
    this.#held = false;
    this.catchUp();
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#closeFile();
    this.#onClose();
  }

  /** `chunk` was just appended and `file` is how the written file stands since: the usual case needs no reading. */
  wrote(chunk: Buffer, file: FileStatus): void {
    const atEnd = this.#offset + chunk.length === file.size && isSame(file, this.#file);
    if (file.size - chunk.length < this.#offset && this.#standsAs(file)) this.#cut = true;
    if (atEnd && this.#emptied === this.#log.emptied() && this.#isFree()) {
      this.#offset = file.size;
      this.#tell({ kind: 'bytes', data: Buffer.from(chunk) });
    } else {
      this.catchUp();
    }
  }

  /** A chunk of a log that cannot be read back: it is told now or never. */
  passed(chunk: Buffer): void {
    if (this.#isFree()) this.#tell({ kind: 'bytes', data: Buffer.from(chunk) });
  }

  /** Delivers everything there is, until it is held. */
  catchUp(): void {
    if (!this.#isFree() || !this.#log.isReadable()) return;
    this.#reading = true;
    try {
      while (this.#isOpenToMore() && this.#step());
    } catch {
      this.#closeFile(); // an unreadable disk: the next look tries the path again
    } finally {
      this.#reading = false;
    }
  }

  #isFree(): boolean {
    return this.#isOpenToMore() && !this.#reading;
  }

  #isOpenToMore(): boolean {
    return !this.#held && !this.#closed;
  }

  /** One part, or false when there is nothing more now. */
  #step(): boolean {
    if (this.#fd === null) return this.#openFirst();
    const { size } = this.#log.files.status(this.#fd);
    if (this.#cut || this.#wasEmptied() || size < this.#offset) return this.#restart('truncated');
    if (size > this.#offset) return this.#read(this.#fd, size);
    return this.#moveOn();
  }

  #openFirst(): boolean {
    if (this.#log.files.statusAt(this.#log.path) === null) return false;
    this.#adopt(this.#log.path);
    this.#emptied = this.#log.emptied();
    return true;
  }

  #wasEmptied(): boolean {
    const isWritten = this.#log.written()?.inode === this.#file?.inode;
    return isWritten && this.#emptied !== this.#log.emptied();
  }

  /** Whether ours is that file, and nothing was written since by somebody who heard of this chunk before us. */
  #standsAs(file: FileStatus): boolean {
    if (this.#fd === null || !isSame(file, this.#file)) return false;
    return this.#log.files.status(this.#fd).size === file.size;
  }

  #read(fd: number, size: number): boolean {
    const data = Buffer.allocUnsafe(Math.min(READ_BYTES, size - this.#offset));
    const length = this.#log.files.readAt(fd, data, this.#offset);
    if (length === 0) return false;
    this.#offset += length;
    this.#tell({ kind: 'bytes', data: data.subarray(0, length) });
    return true;
  }

  /** This file is read to its end: goes on to the one that took its place, if there is one. */
  #moveOn(): boolean {
    const next = this.#successor();
    if (next === null) return false;
    this.#adopt(next);
    return this.#restart('replaced');
  }

  #successor(): string | null {
    const { files, path } = this.#log;
    const current = this.#log.written() ?? files.statusAt(path);
    if (current === null || isSame(current, this.#file)) return null;
    for (let n = 1; n <= this.#log.backups(); n++) {
      if (isSame(files.statusAt(`${path}.${n}`), this.#file)) return n === 1 ? path : `${path}.${n - 1}`;
    }
    return path;
  }

  #restart(kind: 'truncated' | 'replaced'): boolean {
    this.#offset = 0;
    this.#cut = false;
    this.#emptied = this.#log.emptied();
    this.#tell({ kind });
    return true;
  }

  #adopt(path: string): void {
    const fd = this.#log.files.openToRead(path);
    this.#closeFile();
    this.#fd = fd;
    this.#file = this.#log.files.status(fd);
  }

  #closeFile(): void {
    if (this.#fd !== null) this.#log.files.close(this.#fd);
    this.#fd = null;
    this.#file = null;
  }

  #tell(part: FollowPart): void {
    if (this.#hear(part) === false) this.#held = true;
  }
}

function isSame(a: FileStatus | null, b: FileStatus | null): boolean {
  return a !== null && b !== null && a.inode === b.inode && a.device === b.device;
}
