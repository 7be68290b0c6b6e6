import { expect, test } from 'vitest';
import { asSeenFrom, type SpanState, shareOf, timelineOf } from '../../src/fleet/timeline.ts';

const shown = ({ spans }: ReturnType<typeof timelineOf>) =>
  spans.map(({ state, fromMs, toMs }) => `${state} ${fromMs}-${toMs}`);
const UP: ReadonlySet<SpanState> = new Set(['RUNNING']);

test('spans cover the whole while: unknown before the first mark, as before it began where a mark is older', () => {
  expect(shown(timelineOf([{ atMs: 40, state: 'RUNNING' }], 0, 100))).toEqual([
    'not-seen 0-40',
    'RUNNING 40-100',
  ]);
  expect(
    shown(
      timelineOf(
        [
          { atMs: -50, state: 'RUNNING' },
          { atMs: 30, state: 'EXITED' },
          { atMs: 30, state: 'STARTING' },
          { atMs: 31, state: 'RUNNING' },
          { atMs: 60, state: 'RUNNING' },
          { atMs: 200, state: 'STOPPED' },
        ],
        0,
        100,
      ),
    ),
  ).toEqual(['RUNNING 0-30', 'STARTING 30-31', 'RUNNING 31-100']);
  expect(shown(timelineOf([], 0, 10))).toEqual(['not-seen 0-10']);
});

test('while its host was away a process was not seen, and that time does not count', () => {
  const process = timelineOf(
    [
      { atMs: 0, state: 'RUNNING' },
      { atMs: 50, state: 'EXITED' },
    ],
    0,
    100,
  );
  const host = timelineOf(
    [
      { atMs: 0, state: 'reachable' },
      { atMs: 40, state: 'unreachable' },
      { atMs: 60, state: 'reachable' },
      { atMs: 90, state: 'disabled' },
    ],
    0,
    100,
  );
  const seen = asSeenFrom(process, host);
  expect(shown(seen)).toEqual(['RUNNING 0-40', 'not-seen 40-60', 'EXITED 60-90', 'not-seen 90-100']);
  expect(shareOf(seen, UP)).toBeCloseTo(40 / 70);
  expect(shareOf(timelineOf([], 0, 10), UP)).toBeNull();
});
