import { expect, test } from 'vitest';
import { Torrent } from '../../agent/src/os/torrent.ts';

/** A writer of so many bytes every so often, read as the torrent wants it; answers the last pause. */
function pauseFor(bytes: number, everyMs: number, torrent = new Torrent(), chunks = 400): number {
  let [writtenMs, nowMs, pauseMs] = [5_000, 5_000, 0];
  for (let chunk = 0; chunk < chunks; chunk++) {
    nowMs = Math.max(nowMs + pauseMs, writtenMs + everyMs);
    const gathered = Math.max(1, Math.floor((nowMs - writtenMs) / everyMs));
    writtenMs += gathered * everyMs;
    pauseMs = torrent.pauseAfter(gathered * bytes, nowMs);
  }
  return pauseMs;
}

test('only small chunks that come more quickly than it costs to gather them are left to gather', () => {
  expect([pauseFor(80, 3), pauseFor(80, 1.5), pauseFor(64 * 1024, 0.01)]).toEqual([0, 0, 0]);
  expect([pauseFor(80, 1), pauseFor(80, 0.3), pauseFor(80, 0.1)]).toEqual([4, 4, 4]);
});

test('the more comes the shorter is the pause, so that no pipe is full meanwhile', () => {
  expect([pauseFor(80, 0.03), pauseFor(80, 0.01)]).toEqual([2, 1]);
  const torrent = new Torrent();
  expect(pauseFor(80, 0.01, torrent)).toBe(1);
  expect(torrent.pauseAfter(60_000, 6_000)).toBe(0);
});

test('a torrent that dries up is one no more, and its next line was read at once', () => {
  const torrent = new Torrent();
  expect(pauseFor(80, 0.5, torrent)).toBe(4);
  const pauses = Array.from({ length: 6 }, (_, second) => torrent.pauseAfter(80, 9_000 + second * 1_000));
  expect(pauses).toEqual([4, 4, 4, 4, 0, 0]);
});
