import { signalName } from './signals.ts';

/** How a child ended: `code` or `signal` is set, neither when nobody could tell us. */
export interface ChildEnd {
  readonly code: number | null;
  /** The signal's name; `signal 35` for one without a name. */
  readonly signal: string | null;
  readonly coreDumped: boolean;
}

/** Reads the status word of waitpid(2) on Linux. */
export function decodeWaitStatus(status: number): ChildEnd {
  const signal = status & 0x7f;
  if (signal === 0) return { code: (status >> 8) & 0xff, signal: null, coreDumped: false };
  return { code: null, signal: signalName(signal), coreDumped: (status & 0x80) !== 0 };
}
