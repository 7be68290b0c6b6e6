import { readSync } from 'node:fs';
import { type OnReadOpts, Socket, type SocketConstructorOpts } from 'node:net';
import { Torrent } from './torrent.ts';

/** One buffer for every pipe: a chunk is handed on before the next read, so memory does not grow with children. */
const shared = Buffer.allocUnsafeSlow(256 * 1024);
/** More than any pipe holds: what a child wrote before it ended is less, what comes after is a grandchild's. */
const MOST_LEFT_IN_A_PIPE = 2 * 1024 * 1024;

/** Our read end of a child's output. */
export interface OutputPipe {
  readonly fd: number;
  /** Hands on what still lies in the pipe, without waiting, then closes it. Grandchildren get EPIPE from then on. */
  drainAndClose(): void;
}

/** What becomes of what is read. */
export interface PipeEars {
  /** Gets each chunk in the shared buffer. */
  hear(chunk: Buffer): void;
  ended?(): void;
  /** Somebody waits for every chunk: a torrent of them is not left to gather. */
  readonly urgent?: boolean;
}

/** Reads from a non-blocking pipe until its end. */
export function readPipe(fd: number, ears: PipeEars): OutputPipe {
  const torrent = ears.urgent === true ? null : new Torrent();
  let open = true;
  const options: SocketConstructorOpts & { readonly onread: OnReadOpts } = {
    fd,
    readable: true,
    writable: false,
    onread: {
      buffer: shared,
      callback: (length) => {
        ears.hear(shared.subarray(0, length));
        const pauseMs = torrent?.pauseAfter(length, performance.now()) ?? 0;
        if (pauseMs === 0) return true;
        setTimeout(() => open && socket.resume(), pauseMs);
        return false;
      },
    },
  };
  const socket = new Socket(options);
  const close = (): void => {
    open = false;
    socket.destroy();
  };
  socket.on('error', close);
  socket.on('close', () => {
    open = false;
    ears.ended?.();
  });
  return {
    fd,
    drainAndClose() {
      if (!open) return;
      drain(fd, ears);
      close();
    },
  };
}

function drain(fd: number, ears: PipeEars): void {
  for (let left = MOST_LEFT_IN_A_PIPE; left > 0; ) {
    const length = readWhatIsThere(fd);
    if (length === 0) return;
    ears.hear(shared.subarray(0, length));
    left -= length;
  }
}

/** 0 at the end of the pipe and when there is nothing now. */
function readWhatIsThere(fd: number): number {
  try {
    return readSync(fd, shared, 0, shared.length, null);
  } catch {
    return 0; // EAGAIN: somebody else still holds the write end
  }
}
