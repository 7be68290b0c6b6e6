import { thrownErrno } from './errno.ts';

/** `sent`, or why not: the child is gone (ESRCH, also once reaped), or the system's error name. */
export type Signalled =
  | { readonly kind: 'sent' }
  | { readonly kind: 'gone' }
  | { readonly kind: 'failed'; readonly errno: string };

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
