import type { Cancel, Clock } from '../os/clock.ts';
import { errnoOf, type FileStatus, type LogFiles } from '../os/log-files.ts';
import { type Followed, Follower } from './follower.ts';
import type { Follow, FollowPart } from './log-file.ts';
import type { LogWriter, WriterOptions } from './log-writer.ts';
import { Loss, type LossReport } from './loss.ts';
import { cutForRotation, shiftBackups } from './rotation.ts';
import { StreamQueue } from './stream-queue.ts';

/** A deleted file is noticed by the first write this long after the last look. */
const LOOK_EVERY_MS = 2_000;
const TRY_AGAIN_MS = 1_000;
const ROTATE_AGAIN_MS = 10_000;
/** Followers look for what others do to the file, while there are followers. */
const WATCH_EVERY_MS = 1_000;
/** Names of our own descriptors: whatever stands behind them is not ours to rename or remove. */
const OWN_DESCRIPTOR = /^\/(?:dev\/(?:std(?:out|err)$|fd\/)|proc\/)/;
const INHERITED: Record<string, number> = {
  '/dev/stdout': 1,
  '/dev/fd/1': 1,
  '/dev/stderr': 2,
  '/dev/fd/2': 2,
};

interface Ports {
  readonly clock: Clock;
  readonly report: LossReport;
  readonly files: LogFiles;
}

interface Opened {
  readonly fd: number;
  readonly status: FileStatus;
  /** Set for what is no plain file: never rotated, cleared or read back. */
  readonly queue: StreamQueue | null;
}

/** Appends to one path, rotates it, and tells its followers in the same turn. */
export class FileWriter implements LogWriter {
  readonly path: string;
  readonly #ports: Ports;
  readonly #loss: Loss;
  readonly #onUnused: () => void;
  readonly #followers = new Set<Follower>();
  readonly #followed: Followed;
  #limits: WriterOptions;
  #sharers = 1;
  #opened: Opened | null = null;
  #openErrno = 'EBADF';
  #position = 0;
  #emptied = 0;
  #lookAtMs = 0;
  /** The open file no longer stands at the path because the new one could not be made. */
  #astray = false;
  #rotateAtMs = 0;
  #cannotRotate = false;
  #cancelWatch: Cancel | null = null;

  constructor(options: WriterOptions, ports: Ports, onUnused: () => void) {
    this.path = options.path;
    this.#limits = options;
    this.#ports = ports;
    this.#loss = new Loss(options.path, ports.clock, ports.report);
    this.#onUnused = onUnused;
    const writer = this;
    this.#followed = {
      path: options.path,
      files: ports.files,
      get backups() {
        return writer.#limits.backups;
      },
      get readable() {
        return writer.readable;
      },
      written: () => writer.#opened?.status ?? null,
      emptied: () => writer.#emptied,
    };
  }

  get readable(): boolean {
    if (OWN_DESCRIPTOR.test(this.path)) return false;
    const status = this.#opened?.status ?? this.#ports.files.statusAt(this.path);
    return status === null || status.isFile;
  }

  size(): number | null {
    return this.#ports.files.statusAt(this.path)?.size ?? null;
  }

  read(offset: number, length: number): Buffer {
    const { files } = this.#ports;
    const fd = files.openToRead(this.path);
    try {
      const data = Buffer.alloc(Math.max(0, Math.min(length, files.status(fd).size - offset)));
      let done = 0;
      for (let n = -1; n !== 0 && done < data.length; done += n) {
        n = files.readAt(fd, data.subarray(done), offset + done);
      }
      return data.subarray(0, done);
    } finally {
      files.close(fd);
    }
  }

  follow(fromOffset: number, hear: (part: FollowPart) => unknown): Follow {
    const follower = new Follower(this.#followed, fromOffset, hear, () => this.#followers.delete(follower));
    this.#followers.add(follower);
    follower.catchUp();
    this.#watch();
    return follower;
  }

  /** One more who writes here. */
  share(options: WriterOptions): LogWriter {
    this.#sharers += 1;
    const limits = [this.#limits.maxBytes, options.maxBytes].filter((maxBytes) => maxBytes > 0);
    this.#limits = { ...this.#limits, maxBytes: limits.length > 0 ? Math.min(...limits) : 0 };
    return this;
  }

  open(): void {
    if (this.#opened !== null && this.#standsAtPath(this.#opened)) return;
    this.#adopt(this.#openPath());
  }

  reopen(): void {
    try {
      this.open();
    } catch (error) {
      this.#astray = true;
      this.#ports.report.error(`cannot reopen '${this.path}' (${errnoOf(error)})`);
    }
  }

  clear(): void {
    if (!this.readable) return;
    this.#ports.files.remove(this.path);
    this.#adopt(this.#openPath());
    this.#tellFollowers();
  }

  release(): void {
    this.#sharers -= 1;
    if (this.#sharers > 0) return;
    this.#close();
    this.#loss.closed();
    this.#onUnused();
  }

  write(chunk: Buffer): void {
    if (this.#ports.clock.uptimeMs() >= this.#lookAtMs) this.#look();
    const opened = this.#opened;
    if (opened === null) this.#loss.failed(this.#openErrno, chunk.length);
    else if (opened.queue !== null) this.#pass(opened.queue, chunk);
    else this.#store(chunk);
  }

  #pass(queue: StreamQueue, chunk: Buffer): void {
    queue.write(chunk);
    for (const follower of this.#followers) follower.passed(chunk);
  }

  #store(chunk: Buffer): void {
    const { maxBytes } = this.#limits;
    const fills = maxBytes > 0 && this.#position + chunk.length >= maxBytes;
    const cut = fills ? cutForRotation(chunk) : 0;
    if (cut > 0) {
      this.#append(chunk.subarray(0, cut));
      this.#rotateIfFull(chunk.length - cut);
    }
    this.#append(cut > 0 ? chunk.subarray(cut) : chunk);
    if (fills) this.#rotateIfFull(0);
  }

  #append(bytes: Buffer): void {
    const opened = this.#opened;
    if (opened === null) {
      this.#loss.failed(this.#openErrno, bytes.length);
      return;
    }
    let done = 0;
    try {
      while (done < bytes.length) done += this.#ports.files.append(opened.fd, bytes, done);
      this.#loss.succeeded();
    } catch (error) {
      this.#loss.failed(errnoOf(error), bytes.length - done);
    }
    this.#position += done;
    if (this.#followers.size > 0) this.#tellAppended(opened, bytes.subarray(0, done));
  }

  #tellAppended(opened: Opened, bytes: Buffer): void {
    const status = this.#ports.files.status(opened.fd);
    for (const follower of this.#followers) follower.wrote(bytes, status);
  }

  #tellFollowers(): void {
    for (const follower of this.#followers) follower.catchUp();
  }

  #watch(): void {
    if (this.#cancelWatch !== null || this.#followers.size === 0) return;
    this.#cancelWatch = this.#ports.clock.after(WATCH_EVERY_MS, () => {
      this.#cancelWatch = null;
      this.#tellFollowers();
      this.#watch();
    });
  }

  /** Rotates when the file, together with `coming` bytes of an unfinished line, has reached its limit. */
  #rotateIfFull(coming: number): void {
    const opened = this.#opened;
    if (opened === null || this.#astray || this.#position + coming < this.#limits.maxBytes) return;
    if (this.#ports.clock.uptimeMs() < this.#rotateAtMs) return;
    this.#position = this.#ports.files.status(opened.fd).size; // others may have emptied or filled it
    if (this.#position + coming < this.#limits.maxBytes) return;
    try {
      this.#rotate();
      this.#cannotRotate = false;
    } catch (error) {
      this.#rotationFailed(errnoOf(error));
    }
  }

  #rotate(): void {
    const { backups, mode } = this.#limits;
    if (backups > 0) {
      shiftBackups(this.#ports.files, this.path, backups);
      this.#astray = true;
      this.#adopt(this.#openPath());
    } else {
      this.#adopt(this.#describe(this.#ports.files.openToAppend(this.path, mode, 'empty')));
      this.#emptied += 1;
    }
    this.#tellFollowers();
  }

  #rotationFailed(errno: string): void {
    this.#rotateAtMs = this.#ports.clock.uptimeMs() + ROTATE_AGAIN_MS;
    if (!this.#cannotRotate)
      this.#ports.report.error(`cannot rotate '${this.path}' (${errno}), it goes on growing`);
    this.#cannotRotate = true;
  }

  /** Finds a deleted log again, and one that could not be opened. */
  #look(): void {
    const opened = this.#opened;
    this.#lookAtMs = this.#ports.clock.uptimeMs() + LOOK_EVERY_MS;
    if (opened !== null && !this.#astray && !this.#isDeleted(opened)) return;
    try {
      this.#adopt(this.#openPath());
    } catch (error) {
      this.#lookAtMs = this.#ports.clock.uptimeMs() + TRY_AGAIN_MS;
      this.#openErrno = errnoOf(error);
      if (opened !== null && this.#isDeleted(opened)) this.#close();
    }
  }

  #isDeleted(opened: Opened): boolean {
    return opened.queue === null && this.#ports.files.status(opened.fd).links === 0;
  }

  #standsAtPath(opened: Opened): boolean {
    if (opened.queue !== null) return false;
    const there = this.#ports.files.statusAt(this.path);
    return there !== null && there.inode === opened.status.inode && there.device === opened.status.device;
  }

  #openPath(): Opened {
    const { files } = this.#ports;
    try {
      return this.#describe(files.openToAppend(this.path, this.#limits.mode));
    } catch (error) {
      // A socket, or a file of a user we no longer are: the descriptor itself still works.
      const inherited = INHERITED[this.path];
      if (inherited === undefined) throw error;
      return this.#describe(inherited);
    }
  }

  #describe(fd: number): Opened {
    const { files, clock } = this.#ports;
    const status = files.status(fd);
    const isPlain = status.isFile && !OWN_DESCRIPTOR.test(this.path);
    return { fd, status, queue: isPlain ? null : new StreamQueue(fd, files, clock, this.#loss) };
  }

  #adopt(opened: Opened): void {
    this.#close();
    this.#opened = opened;
    this.#position = opened.status.size;
    this.#astray = false;
    this.#lookAtMs = this.#ports.clock.uptimeMs() + LOOK_EVERY_MS;
  }

  #close(): void {
    const opened = this.#opened;
    this.#opened = null;
    opened?.queue?.close();
    if (opened !== null && opened.fd > 2) this.#ports.files.close(opened.fd);
  }
}
