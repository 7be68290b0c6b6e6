import type { Cancel, Clock } from '../os/clock.ts';
import { errnoOf, type LogFiles } from '../os/log-files.ts';
import type { Loss } from './loss.ts';

const MOST_WAITING_BYTES = 4 * 1024 * 1024;
const RETRY_MS = 10;

/**
 * Bytes on their way into a pipe or terminal whose reader may be slow. What it does not take at once waits
 * here, bounded; beyond that it is lost and counted. The writer is never held up.
 */
export class StreamQueue {
  readonly #fd: number;
  readonly #files: LogFiles;
  readonly #clock: Clock;
  readonly #loss: Loss;
  #waiting: Buffer[] = [];
  #waitingBytes = 0;
  #cancelRetry: Cancel | null = null;

  constructor(fd: number, files: LogFiles, clock: Clock, loss: Loss) {
    this.#fd = fd;
    this.#files = files;
    this.#clock = clock;
    this.#loss = loss;
  }

  write(chunk: Buffer): void {
    const done = this.#waitingBytes === 0 ? this.#send(chunk) : 0;
    if (done < chunk.length) this.#keep(chunk.subarray(done));
  }

  /** Sends what the reader takes now and forgets the rest. */
  close(): void {
    this.#flush();
    this.#cancelRetry?.();
    if (this.#waitingBytes > 0) this.#loss.failed('EAGAIN', this.#waitingBytes);
    this.#waiting = [];
    this.#waitingBytes = 0;
  }

  #keep(rest: Buffer): void {
    if (this.#waitingBytes + rest.length > MOST_WAITING_BYTES) {
      this.#loss.failed('EAGAIN', rest.length);
      return;
    }
    this.#waiting.push(Buffer.from(rest));
    this.#waitingBytes += rest.length;
    this.#cancelRetry ??= this.#clock.after(RETRY_MS, () => {
      this.#cancelRetry = null;
      this.#flush();
    });
  }

  #flush(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    this.#waitingBytes = 0;
    for (const chunk of waiting) this.write(chunk);
  }

  /** How much of `chunk` is dealt with: sent, or lost because nobody can take it. */
  #send(chunk: Buffer): number {
    let done = 0;
    try {
      while (done < chunk.length) done += this.#files.append(this.#fd, chunk, done);
      this.#loss.succeeded();
    } catch (error) {
      if (errnoOf(error) === 'EAGAIN') return done;
      this.#loss.failed(errnoOf(error), chunk.length - done);
    }
    return chunk.length;
  }
}
