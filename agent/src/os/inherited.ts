import { readdirSync } from 'node:fs';
import { libc } from './libc.ts';

const F_SETFD = 2;
const FD_CLOEXEC = 1;

/** Marks every descriptor above 2 that our launcher left open, so that no child gets it. */
export function closeInheritedOnExec(): void {
  for (const name of readdirSync('/proc/self/fd')) {
    const fd = Number(name);
    if (fd > 2) libc.fcntl(fd, F_SETFD, FD_CLOEXEC);
  }
}
