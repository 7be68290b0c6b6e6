import { expect, test } from 'vitest';
import { Torrent } from '../../agent/src/os/torrent.ts';

/** After how many chunks of that size, that far apart, the next is left to gather; null for never. */
function gathersAfter(bytes: number, everyMs: number): number | null {
  const torrent = new Torrent();
  for (let chunk = 1; chunk <= 1_000; chunk++)
    if (torrent.goesOn(bytes, 5_000 + chunk * everyMs)) return chunk;
  return null;
}

test('only many small chunks in quick succession are left to gather', () => {
  expect(gathersAfter(100, 0.01)).toBe(17);
  expect(gathersAfter(100, 1.5)).toBe(17);
  expect(gathersAfter(100, 5)).toBeNull();
  expect(gathersAfter(64 * 1024, 0.01)).toBeNull();
});

test('a torrent lasts while what gathers is well below what a pipe holds, and ends with the first silence', () => {
  const torrent = new Torrent();
  let nowMs = 0;
  const comes = (bytes: number, afterMs: number) => {
    nowMs += afterMs;
    return torrent.goesOn(bytes, nowMs);
  };
  const begin = () => Array.from({ length: 20 }, () => comes(100, 0.1)).at(-1);
  expect([begin(), comes(20_000, 1.2), comes(20_000, 1.2)]).toEqual([true, true, true]);
  expect([comes(60_000, 1.2), comes(20_000, 1.2)]).toEqual([false, false]);
  expect([begin(), comes(100, 3), comes(100, 0.1)]).toEqual([true, false, false]);
});
