import { expect, test } from 'vitest';
import type { Action, ActionTarget } from '../../src/fleet/action.ts';
import type { HostView } from '../../src/fleet/host.ts';
import type { ProcessView } from '../../src/fleet/process.ts';
import { ActionsTold } from '../../src/live/action-news.ts';
import { fleetParts } from '../../src/live/fleet-parts.ts';
import { ActionsHeard } from '../../src/web/view/action-news.ts';
import { FleetParts } from '../../src/web/view/fleet-parts.ts';

const hosts = (count: number) => Array.from({ length: count }, (_, n) => ({ id: `h${n}` }) as HostView);
const processes = (count: number) =>
  Array.from({ length: count }, (_, n) => ({ hostId: 'h0', group: 'g', name: `p${n}` }) as ProcessView);
const whole = (hostCount: number, processCount: number) => ({
  seq: 3,
  atMs: 1,
  lately: [],
  actions: [],
  hosts: hosts(hostCount),
  processes: processes(processCount),
});

test.each([
  [0, 0, 1],
  [1, 500, 1],
  [1, 501, 2],
  [700, 3, 2],
  [1_001, 1_500, 3],
])(
  'a fleet of %i hosts and %i processes comes in %i messages and is whole again with the last',
  (hostCount, processCount, messages) => {
    const fleet = whole(hostCount, processCount);
    const reader = new FleetParts();
    const read = [...fleetParts(fleet)].map((part) => reader.take(part));
    expect(read).toHaveLength(messages);
    expect(read.slice(0, -1).every((one) => one === null)).toBe(true);
    expect(read.at(-1)).toEqual(fleet);
  },
);

test('a fleet that begins anew in the middle of another replaces it', () => {
  const reader = new FleetParts();
  const [first] = fleetParts(whole(1, 900));
  if (first !== undefined) reader.take(first);
  expect([...fleetParts({ ...whole(2, 1), seq: 4 })].map((part) => reader.take(part))).toEqual([
    { ...whole(2, 1), seq: 4 },
  ]);
});

test('a part is put together when it is asked for, and not before', () => {
  let made = 0;
  function* counted(): Generator<ProcessView> {
    for (const process of processes(5_000)) {
      made++;
      yield process;
    }
  }
  const parts = fleetParts({ ...whole(1, 0), processes: counted() });
  parts.next();
  expect(made).toBeLessThanOrEqual(1_000);
});

const target = (n: number, kind: 'waiting' | 'cancelled'): ActionTarget => ({
  hostId: 'h0',
  host: 'h0',
  group: 'g',
  process: `p${n}`,
  outcome: { kind },
});
const action = (targets: readonly ActionTarget[], more: Partial<Action> = {}): Action => ({
  id: 'a1',
  verb: 'stop',
  selector: '*',
  by: 'ada',
  startedAtMs: 1,
  finishedAtMs: null,
  cancelledBy: null,
  targets,
  ...more,
});

test('a large action is told whole once, in parts, and from then on by what changed', () => {
  const [told, heard] = [new ActionsTold(), new ActionsHeard()];
  const targets = Array.from({ length: 1_200 }, (_, n) => target(n, 'waiting'));
  const first = [...told.news(action(targets))].map((news) => heard.take(news));
  expect(first).toEqual([null, null, action(targets)]);
  const later = targets.map((one, n) => (n === 1_100 ? target(n, 'cancelled') : one));
  const news = [...told.news(action(later))];
  expect(news).toEqual([expect.objectContaining({ changed: [[1_100, later[1_100]]] })]);
  expect(news.map((one) => heard.take(one))).toEqual([action(later)]);
  const fewer = later.slice(1_000);
  expect([...told.news(action(fewer))].map((one) => heard.take(one))).toEqual([action(fewer)]);
  const over = action(fewer, { finishedAtMs: 2 });
  expect([...told.news(over)].map((one) => heard.take(one))).toEqual([over]);
});

test('news of an action whose beginning was missed is no action', () => {
  const told = new ActionsTold();
  const targets = [target(0, 'waiting')];
  Array.from(told.news(action(targets)));
  expect(Array.from(told.news(action(targets)), (one) => new ActionsHeard().take(one))).toEqual([null]);
});
