import { expect, test } from 'vitest';
import type { MarkedProcess } from '../../agent/src/os/child-mark.ts';
import { leftBehind } from '../../agent/src/process/left-behind.ts';

const marked = (pid: number, startTicks: number, name = 'p'): MarkedProcess => ({
  ...{
    pid,
    startTicks,
    name: 'sleep',
    isEnded: false,
    parent: 1,
    group: pid,
    session: pid,
    upForMs: 0,
    user: 0,
  },
  mark: { daemonPid: 1, group: 'g', name, pidFile: '/pid' },
});

const pids = (processes: readonly MarkedProcess[], child: Record<string, number>): number[] =>
  leftBehind(processes, (_, name) => child[name] ?? 0).map(({ pid }) => pid);

test('A35 everything marked is left behind once its slot has no child', () => {
  expect(pids([marked(10, 5), marked(11, 6)], {})).toEqual([10, 11]);
});

test('A35 a child, and what began after it, is not left behind; what began before it is', () => {
  expect(pids([marked(9, 4), marked(10, 5), marked(11, 6)], { p: 10 })).toEqual([9]);
});

test('A35 nothing is said of a slot whose child threw its environment away', () => {
  expect(pids([marked(9, 4), marked(7, 1, 'q')], { p: 10 })).toEqual([7]);
});
