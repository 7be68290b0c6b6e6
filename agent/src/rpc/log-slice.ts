import type { LogFile } from '../logs/log-file.ts';
import { Fault } from './faults.ts';

/** The most one answer carries; a client asks again from where it ended. Contract: RPC-174. */
const MAX_BYTES = 16 * 1024 * 1024;

interface Slice {
  readonly start: number;
  readonly length: number;
}

/** Which bytes `readLog(offset, length)` means in a file of `size`. Faults: BAD_ARGUMENTS. Contract: RPC-113 to RPC-117. */
export function readSlice(size: number, offset: number, length: number): Slice {
  if (offset < 0 ? length !== 0 : length < 0) throw new Fault('BAD_ARGUMENTS');
  const start = offset < 0 ? Math.max(0, size - Math.min(-offset, MAX_BYTES)) : offset;
  const wanted = offset < 0 || length === 0 ? size - start : length;
  return { start, length: Math.max(0, Math.min(wanted, size - start, MAX_BYTES)) };
}

/** Which bytes `tailProcessStdoutLog(offset, length)` means in a file of `size`. Contract: RPC-123 to RPC-126. */
export function tailSlice(
  size: number,
  offset: number,
  length: number,
): Slice & { readonly overflow: boolean } {
  const overflow = size > offset + length;
  // more was asked for than there is after offset: the last `length` bytes, nothing from beyond the end
  const wanted = !overflow && offset >= size ? 0 : Math.max(0, length);
  const start = Math.max(0, size - Math.min(wanted, MAX_BYTES));
  return { start, length: Math.min(wanted, size - start), overflow };
}

/** Bytes as text; what is not UTF-8, also a character cut in two, becomes U+FFFD. Contract: RPC-121, RPC-168. */
export function readText(file: LogFile, { start, length }: Slice): string {
  return length === 0 ? '' : file.read(start, length).toString('utf8');
}
