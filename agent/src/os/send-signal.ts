import { thrownErrno } from './errno.ts';
import type { Signalled } from './os.ts';

/** Sends a signal to a pid, or to the group of a negated one. */
export function sendSignal(target: number, signal: number): Signalled {
  try {
    process.kill(target, signal);
    return { kind: 'sent' };
  } catch (error) {
    const errno = thrownErrno(error);
    return errno === 'ESRCH' ? { kind: 'gone' } : { kind: 'failed', errno };
  }
}
