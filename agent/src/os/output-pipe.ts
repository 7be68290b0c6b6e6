import { readSync } from 'node:fs';
import { type OnReadOpts, Socket, type SocketConstructorOpts } from 'node:net';

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

/** Reads from a non-blocking pipe until its end, which is told; `hear` gets each chunk in the shared buffer. */
export function readPipe(
  fd: number,
  hear: (chunk: Buffer) => void,
  ended: () => void = () => {},
): OutputPipe {
  let open = true;
  const options: SocketConstructorOpts & { readonly onread: OnReadOpts } = {
    fd,
    readable: true,
    writable: false,
    onread: {
      buffer: shared,
      callback: (length) => {
        hear(shared.subarray(0, length));
        return true;
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
    ended();
  });
  return {
    fd,
    drainAndClose() {
      if (!open) return;
      drain(fd, hear);
      close();
    },
  };
}

function drain(fd: number, hear: (chunk: Buffer) => void): void {
  for (let left = MOST_LEFT_IN_A_PIPE; left > 0; ) {
    const length = readWhatIsThere(fd);
    if (length === 0) return;
    hear(shared.subarray(0, length));
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
