import { describe, expect, test } from 'vitest';
import { readRange, tailRange } from '../../agent/src/logs/tail.ts';

const FILE = '0123456789';
const read = (offset: number, length: number): string | null => {
  const range = readRange(FILE.length, offset, length);
  return range && FILE.slice(range.offset, range.offset + range.length);
};
const tail = (offset: number, length: number): [string, boolean] => {
  const range = tailRange(FILE.length, offset, length);
  return [FILE.slice(range.offset, range.offset + range.length), range.overflow];
};

describe('readLog', () => {
  test('RPC-113 a negative offset alone gives the last bytes, all of them when there are fewer', () => {
    expect([read(-4, 0), read(-100, 0)]).toEqual(['6789', FILE]);
  });
  test('RPC-114 RPC-115 a length with a negative offset, or a negative length, is a bad argument', () => {
    expect([read(-4, 1), read(-4, -1), read(0, -1)]).toEqual([null, null, null]);
  });
  test('RPC-116 length 0 gives everything from the offset on', () => {
    expect([read(0, 0), read(7, 0), read(10, 0), read(11, 0)]).toEqual([FILE, '789', '', '']);
  });
  test('RPC-117 at most length bytes from the offset, nothing beyond the end', () => {
    expect([read(2, 3), read(8, 5), read(20, 5)]).toEqual(['234', '89', '']);
  });
});

describe('tailLog', () => {
  test('RPC-123 more than length bytes since offset: the last of them, and overflow', () => {
    expect([tail(0, 4), tail(0, 0)]).toEqual([
      ['6789', true],
      ['', true],
    ]);
  });
  test('RPC-124 exactly length bytes since offset', () => {
    expect(tail(6, 4)).toEqual(['6789', false]);
  });
  test('RPC-125 fewer than length bytes since offset: the last length bytes all the same', () => {
    expect(tail(5, 8)).toEqual(['23456789', false]);
    expect(tail(5, 80)).toEqual([FILE, false]);
  });
  test('RPC-126 nothing since offset', () => {
    expect([tail(10, 4), tail(99, 4)]).toEqual([
      ['', false],
      ['', false],
    ]);
  });
  test('the arithmetic is that of supervisord for every small file, offset and length', () => {
    for (let size = 0; size < 7; size++) {
      for (let offset = -3; offset < 10; offset++) {
        for (let length = -3; length < 10; length++) {
          const mine = tailRange(size, offset, length);
          const theirs = tailFile(size, offset, length);
          expect({ ...mine, offset: mine.length > 0 ? mine.offset : 0 }).toEqual(theirs);
        }
      }
    }
  });
});

/** `tailFile` of supervisor's options.py, step by step. */
function tailFile(
  size: number,
  from: number,
  count: number,
): { offset: number; length: number; overflow: boolean } {
  let [offset, length, overflow] = [from, count, false];
  if (size > offset + length) {
    overflow = true;
    offset = size - 1;
  }
  if (offset + length > size) {
    if (offset > size - 1) length = 0;
    offset = size - length;
  }
  offset = Math.max(0, offset);
  length = length <= 0 ? 0 : Math.max(0, Math.min(size, offset + length) - offset);
  return { offset: length > 0 ? offset : 0, length, overflow };
}
