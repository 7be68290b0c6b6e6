import type { Clock } from '../os/clock.ts';
import { errnoOf, type LogFiles } from '../os/log-files.ts';
import { Followers } from './followers.ts';
import type { Follow, FollowPart } from './log-file.ts';
import type { LogWriter, WriterOptions } from './log-writer.ts';
import { Loss, type LossReport } from './loss.ts';
import { isReadable, type OpenLog, openLog } from './open-log.ts';
import { readSlice } from './read-slice.ts';
import { cutForRotation, shiftBackups } from './rotation.ts';
import type { StreamQueue } from './stream-queue.ts';

/** A deleted file is noticed by the first write this long after the last look. */
const LOOK_EVERY_MS = 2_000;
const TRY_AGAIN_MS = 1_000;
const ROTATE_AGAIN_MS = 10_000;

interface Ports {
  readonly clock: Clock;
  readonly report: LossReport;
  readonly files: LogFiles;
}

/** Appends to one path, rotates it, and tells its followers in the same turn. */
export class FileWriter implements LogWriter {
  readonly path: string;
  readonly #ports: Ports;
  readonly #loss: Loss;
  readonly #onUnused: () => void;
  readonly #followers: Followers;
  #limits: WriterOptions;
  #sharers = 1;
  #opened: OpenLog | null = null;
  #openErrno = 'EBADF';
  #position = 0;
  #emptied = 0;
  #lookAtMs = 0;
  /** The open file no longer stands at the path because the new one could not be made. */
  #astray = false;
  #rotateAtMs = 0;
  #cannotRotate = false;

  constructor(options: WriterOptions, ports: Ports, onUnused: () => void) {
    this.path = options.path;
    this.#limits = options;
    this.#ports = ports;
    this.#loss = new Loss(options.path, ports.clock, ports.report);
    this.#onUnused = onUnused;
    const followed = {
      path: options.path,
      files: ports.files,
      backups: () => this.#limits.backups,
      isReadable: () => this.readable,
      written: () => this.#opened?.status ?? null,
      emptied: () => this.#emptied,
    };
    this.#followers = new Followers(followed, ports.clock);
  }

  get readable(): boolean {
    const opened = this.#opened;
    return opened === null ? isReadable(this.#ports.files, this.path) : opened.queue === null;
  }

  size(): number | null {
    return this.#ports.files.statusAt(this.path)?.size ?? null;
  }

  read(offset: number, length: number): Buffer {
    return readSlice(this.#ports.files, this.path, offset, length);
  }

  follow(fromOffset: number, hear: (part: FollowPart) => unknown): Follow {
    return this.#followers.add(fromOffset, hear);
  }

  /** One more who writes here. */
  share(options: WriterOptions): LogWriter {
    this.#sharers += 1;
    const limits = [this.#limits.maxBytes, options.maxBytes].filter((maxBytes) => maxBytes > 0);
    this.#limits = { ...this.#limits, maxBytes: limits.length > 0 ? Math.min(...limits) : 0 };
    return this;
  }

  open(): void {
    if (this.#opened?.standsAtPath()) return;
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
    this.#followers.catchUp();
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
    this.#followers.passed(chunk);
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
    if (!this.#followers.isEmpty) {
      this.#followers.appended(bytes.subarray(0, done), this.#ports.files.status(opened.fd));
    }
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
    const { backups } = this.#limits;
    if (backups > 0) {
      shiftBackups(this.#ports.files, this.path, backups);
      this.#astray = true;
      this.#adopt(this.#openPath());
    } else {
      this.#adopt(this.#openPath('empty'));
      this.#emptied += 1;
    }
    this.#followers.catchUp();
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
    if (opened !== null && !this.#astray && !opened.isDeleted()) return;
    try {
      this.#adopt(this.#openPath());
    } catch (error) {
      this.#lookAtMs = this.#ports.clock.uptimeMs() + TRY_AGAIN_MS;
      this.#openErrno = errnoOf(error);
      if (opened?.isDeleted()) this.#close();
    }
  }

  #openPath(how?: 'empty'): OpenLog {
    const { mode } = this.#limits;
    return openLog({ path: this.path, mode, loss: this.#loss, ...this.#ports }, how);
  }

  #adopt(opened: OpenLog): void {
    this.#close();
    this.#opened = opened;
    this.#position = opened.status.size;
    this.#astray = false;
    this.#lookAtMs = this.#ports.clock.uptimeMs() + LOOK_EVERY_MS;
  }

  #close(): void {
    this.#opened?.close();
    this.#opened = null;
  }
}
