import { expect, test } from 'vitest';
import type { SupervisorEvent } from '../../agent/src/events/event.ts';
import { createTicks } from '../../agent/src/events/ticks.ts';
import { FakeClock } from '../support/fake-clock.ts';

function ticking(wallMs: number) {
  const clock = new FakeClock(wallMs);
  const heard: string[] = [];
  const emit = (event: SupervisorEvent) => {
    if (event.kind === 'tick') heard.push(`${event.period}@${event.when}`);
  };
  return { clock, heard, ticks: createTicks(clock, { emit }) };
}

test('EVT-029 no tick at the start; one at the first moment of each new period', () => {
  const { clock, heard, ticks } = ticking(1_003_000);
  ticks.want([5]);
  clock.advance(1_999);
  expect(heard).toEqual([]);
  clock.advance(1);
  expect(heard).toEqual(['5@1005']);
  clock.advance(5_000);
  expect(heard).toEqual(['5@1005', '5@1010']);
});

test('EVT-006 the three periods tick independently', () => {
  const { clock, heard, ticks } = ticking(3_595_000);
  ticks.want([5, 60, 3600]);
  clock.advance(5_000);
  expect(heard.sort()).toEqual(['3600@3600', '5@3600', '60@3600']);
});

test('EVT-029 periods that were missed give one tick', () => {
  const { clock, heard, ticks } = ticking(1_000_000);
  ticks.want([5]);
  clock.stepWall(60_000);
  clock.advance(5_000);
  expect(heard).toEqual(['5@1065']);
});

test('nobody who wants a tick, no timer', () => {
  const { clock, ticks } = ticking(1_000_000);
  expect(clock.pending()).toBe(0);
  const first = ticks.want([60]);
  const second = ticks.want([60, 5]);
  expect(clock.pending()).toBe(1);
  first();
  first();
  expect(clock.pending()).toBe(1);
  second();
  expect(clock.pending()).toBe(0);
});
