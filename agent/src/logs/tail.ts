import { errnoOf } from '../os/log-files.ts';
import type { LogFile } from './log-file.ts';

/** Bytes of a file: from where, and how many. */
export interface Range {
  readonly offset: number;
  readonly length: number;
}

/**
 * What `readLog(offset, length)` means in a file of `size` bytes, or null: bad arguments.
 * Contract: RPC-113 to RPC-117.
 */
export function readRange(size: number, offset: number, length: number): Range | null {
  if (offset < 0) return length === 0 ? lastBytes(size, -offset) : null;
  if (length < 0) return null;
  const left = Math.max(0, size - offset);
  return { offset, length: length === 0 ? left : Math.min(length, left) };
}

function lastBytes(size: number, count: number): Range {
  const length = Math.min(size, count);
  return { offset: size - length, length };
}

export interface TailRange extends Range {
  readonly overflow: boolean;
}

/**
 * What `tailLog(offset, length)` means in a file of `size` bytes: always the end of the file; bytes before
 * `offset` are repeated when less than `length` came since, and `overflow` says that more did.
 * Contract: RPC-123 to RPC-126.
 */
export function tailRange(size: number, offset: number, length: number): TailRange {
  const overflow = size > offset + length;
  const wanted = !overflow && offset >= size && offset + length > size ? 0 : Math.max(0, length);
  return { ...lastBytes(size, wanted), overflow };
}

export type LogRead =
  | { readonly kind: 'bytes'; readonly data: Buffer }
  | { readonly kind: 'bad-arguments' }
  /** No file stands at the path. */
  | { readonly kind: 'missing' }
  | { readonly kind: 'failed'; readonly errno: string };

/** Reads a slice of a log as the readLog methods define it. Contract: RPC-112 to RPC-120. */
export function readLog(file: LogFile, offset: number, length: number): LogRead {
  if (readRange(0, offset, length) === null) return { kind: 'bad-arguments' };
  try {
    const size = file.size();
    if (size === null) return { kind: 'missing' };
    const range = readRange(size, offset, length) ?? { offset: 0, length: 0 };
    return { kind: 'bytes', data: file.read(range.offset, range.length) };
  } catch (error) {
    return { kind: 'failed', errno: errnoOf(error) };
  }
}

export interface LogTail {
  readonly data: Buffer;
  readonly endOffset: number;
  readonly overflow: boolean;
}

/** Reads the end of a log as the tail methods define it; never fails. Contract: RPC-122 to RPC-127. */
export function tailLog(file: LogFile | null, offset: number, length: number): LogTail {
  try {
    const size = file?.size() ?? null;
    if (file === null || size === null) return { data: Buffer.alloc(0), endOffset: 0, overflow: false };
    const range = tailRange(size, offset, length);
    return { data: file.read(range.offset, range.length), endOffset: size, overflow: range.overflow };
  } catch {
    return { data: Buffer.alloc(0), endOffset: offset, overflow: false }; // RPC-127: a read error is no fault
  }
}
