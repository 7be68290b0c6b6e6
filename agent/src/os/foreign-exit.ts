import { libc } from './libc.ts';
import { closeQuietly } from './pipe.ts';
import { type ChildEnd, decodeWaitStatus } from './wait-status.ts';

const SYS_PIDFD_OPEN = 434;
/** `_IOWR(0xff, 11, struct pidfd_info)` in its first size. */
const PIDFD_GET_INFO = 0xc040ff0b;
const INFO_BYTES = 64;
const PIDFD_INFO_EXIT = 8n;
const EXIT_CODE_AT = 60;
/** Its parent must have waited for it first. */
const LOOK_AGAIN_MS = 20;
const PATIENCE_MS = 1_500;
const UNKNOWN_END: ChildEnd = { code: null, signal: null, coreDumped: false };

/** How a process ends that is not ours to wait for: Linux tells it since 6.15 to whoever watched it before. */
export interface ForeignExit {
  /** It has ended: tells how, once, a moment later where need be; unknown on an older kernel. */
  tell(told: (end: ChildEnd) => void): void;
  /** It is not watched after all. */
  close(): void;
}

export function watchForeign(pid: number): ForeignExit {
  const fd = libc.syscall(SYS_PIDFD_OPEN, pid, 0);
  const isAsked = fd >= 0 && exitOf(fd) !== 'cannot be told';
  const close = (): void => {
    if (fd >= 0) closeQuietly(fd);
  };
  const tell = (told: (end: ChildEnd) => void, leftMs = PATIENCE_MS): void => {
    const end = isAsked ? exitOf(fd) : 'cannot be told';
    if (end === 'not yet' && leftMs > 0) {
      setTimeout(() => tell(told, leftMs - LOOK_AGAIN_MS), LOOK_AGAIN_MS);
      return;
    }
    close();
    told(typeof end === 'string' ? UNKNOWN_END : end);
  };
  return { tell: (told) => tell(told), close };
}

function exitOf(fd: number): ChildEnd | 'not yet' | 'cannot be told' {
  const info = Buffer.alloc(INFO_BYTES);
  info.writeBigUInt64LE(PIDFD_INFO_EXIT, 0);
  if (libc.ioctl(fd, PIDFD_GET_INFO, info) !== 0) return 'cannot be told';
  if ((info.readBigUInt64LE(0) & PIDFD_INFO_EXIT) === 0n) return 'not yet';
  return decodeWaitStatus(info.readInt32LE(EXIT_CODE_AT));
}
