import { readFileSync } from 'node:fs';
import { type FileLock, lockFile } from '../os/file-lock.ts';

/** The daemon's pidfile. It is kept locked while the daemon lives, so a stale one is told from a live one by the kernel. */
export type PidFileClaim =
  | { readonly kind: 'ours'; readonly file: PidFile }
  /** Another supervisor holds it. */
  | { readonly kind: 'taken'; readonly pid: number }
  | { readonly kind: 'unwritable'; readonly errno: string };

export interface PidFile {
  /** Writes the pid and a newline. Contract: PROC-083. */
  write(pid: number): void;
  /** Removes it, but only while it is the file we hold. Contract: PROC-077. */
  remove(): void;
}

/** Takes the pidfile without changing it. A file left behind by a dead supervisor, or naming a stranger, is free. */
export function claimPidFile(path: string): PidFileClaim {
  const pid = pidIn(path);
  const locked = lockFile(path);
  if (locked.kind === 'locked-elsewhere') return { kind: 'taken', pid };
  if (locked.kind === 'failed') return { kind: 'unwritable', errno: locked.errno };
  if (pid !== process.pid && isSupervisord(pid)) {
    locked.lock.release();
    return { kind: 'taken', pid };
  }
  return { kind: 'ours', file: pidFile(locked.lock) };
}

function pidFile(lock: FileLock): PidFile {
  return { write: (pid) => lock.replaceContent(`${pid}\n`), remove: () => lock.removeAndRelease() };
}

function pidIn(path: string): number {
  try {
    return Number.parseInt(readFileSync(path, 'utf8'), 10) || 0;
  } catch {
    return 0; // no file names nobody
  }
}

/** Whether a live process is a stock supervisord, which does not lock its pidfile. */
function isSupervisord(pid: number): boolean {
  if (pid <= 1) return false;
  try {
    const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').slice(0, 3);
    return words.some((word) => /(^|\/)supervisord$/.test(word));
  } catch {
    return false; // nobody has that pid
  }
}
