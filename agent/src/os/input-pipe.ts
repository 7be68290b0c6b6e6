import { writeSync } from 'node:fs';
import { Socket } from 'node:net';
import { thrownErrno } from './errno.ts';
import type { Written } from './os.ts';
import { closeQuietly } from './pipe.ts';

/** What may wait for a child that does not read: enough for any listener, little enough for the host. */
const MOST_WAITING_BYTES = 16 * 1024 * 1024;

/** Our write end of a child's stdin. */
export interface InputPipe {
  readonly fd: number;
  /** Writes at once what fits; the rest waits in memory, in order, up to a bound. */
  write(bytes: Buffer): Written;
  close(): void;
}

/** Takes over the non-blocking write end `fd`. No handle watches it until something has to wait. */
export function writePipe(fd: number): InputPipe {
  let waiting: Socket | null = null;
  let open = true;
  const queue = (bytes: Buffer): void => {
    if (waiting === null) {
      waiting = new Socket({ fd, readable: false, writable: true });
      waiting.on('error', () => {
        open = false; // the child closed its end: the next write says so
      });
    }
    waiting.write(Buffer.from(bytes));
  };
  return {
    fd,
    write(bytes) {
      if (!open) return 'closed';
      const waitingBytes = waiting?.writableLength ?? 0;
      if (waitingBytes + bytes.length > MOST_WAITING_BYTES) return 'full';
      const done = waitingBytes > 0 ? 0 : writeNow(fd, bytes);
      if (done === null) {
        open = false;
        return 'closed';
      }
      if (done < bytes.length) queue(bytes.subarray(done));
      return 'taken';
    },
    close() {
      open = false;
      if (waiting === null) closeQuietly(fd);
      else waiting.destroy();
    },
  };
}

/** How many bytes went out without waiting, or null when nobody reads any more. */
function writeNow(fd: number, bytes: Buffer): number | null {
  let done = 0;
  try {
    while (done < bytes.length) done += writeSync(fd, bytes, done);
    return done;
  } catch (error) {
    return thrownErrno(error) === 'EAGAIN' ? done : null;
  }
}
