import { expect, test } from 'vitest';
import { PollPace } from '../../src/links/poll-pace.ts';

const middle = () => 0.5;

test('a quiet host that tells its changes itself is asked every five seconds, until it has told nothing for 150', () => {
  const pace = new PollPace(middle);
  expect(pace.afterAnswer(0, 10, ['RUNNING'])).toBe(2_000);
  pace.pushed(1_000);
  expect(pace.afterAnswer(2_000, 10, ['RUNNING'])).toBe(5_000);
  expect(pace.afterAnswer(150_999, 10, ['RUNNING'])).toBe(5_000);
  expect(pace.afterAnswer(151_000, 10, ['RUNNING'])).toBe(2_000);
});

test('what moves, and what was just acted upon, is asked as often as without a listener', () => {
  const pace = new PollPace(middle);
  pace.pushed(0);
  expect(pace.afterAnswer(0, 10, ['RUNNING', 'STOPPING'])).toBe(500);
  pace.expectChange(0);
  expect(pace.afterAnswer(9_999, 10, ['RUNNING'])).toBe(250);
});
