import { expect, test } from 'vitest';
import { shutDownInOrder } from '../../agent/src/process/ordered-shutdown.ts';
import { StartQueue } from '../../agent/src/process/start-queue.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { bench, groupConfig, processConfig } from '../support/process-parts.ts';

/** Groups of running processes: `{ a: [priority, [name, priority]…] }`. */
function runningGroups(groups: Record<string, readonly [number, ...(readonly [string, number])[]]>) {
  const world = bench();
  const made = Object.entries(groups).map(([name, [priority, ...members]]) =>
    world.group(
      groupConfig(
        name,
        priority,
        members.map(([member, own]) => processConfig({ name: member, group: name, priority: own })),
      ),
    ),
  );
  for (const group of made) for (const process of group.processes) process.start();
  world.clock.advance(1001);
  const pids = new Map(made.flatMap((group) => group.processes.map(({ name, pid }) => [name, pid] as const)));
  const nameOf = (pid: number) => [...pids].find(([, its]) => its === pid)?.[0];
  return {
    ...world,
    groups: made,
    signalled: () => world.os.signals.map(({ pid }) => nameOf(pid)),
    exit: (name: string) => {
      world.os.exit(pids.get(name) ?? 0, 0);
      world.clock.advance(0);
    },
  };
}

test('PROC-068 PROC-069 groups stop from the highest priority number down, one at a time, members all at once', () => {
  const world = runningGroups({ db: [1, ['db', 1]], web: [5, ['w1', 1], ['w2', 2]] });
  let done = false;
  shutDownInOrder(world.groups, world.ports, () => {
    done = true;
  });
  expect(world.signalled()).toEqual(['w2', 'w1']);
  world.exit('w1');
  expect(world.signalled()).toEqual(['w2', 'w1']);
  world.exit('w2');
  expect([world.signalled(), done]).toEqual([['w2', 'w1', 'db'], false]);
  world.exit('db');
  expect([done, world.clock.pending()]).toEqual([true, 0]);
});

test('PROC-069 BACKOFF becomes FATAL when the daemon stops, without a word about retries', () => {
  const world = runningGroups({ web: [1, ['w', 1]] });
  const [process] = world.groups[0]?.processes ?? [];
  world.os.exit(process?.pid ?? 0, 1);
  world.clock.advance(0);
  world.os.exit(process?.pid ?? 0, 1);
  expect(process?.state).toBe('BACKOFF');
  world.lines.length = 0;
  let done = false;
  shutDownInOrder(world.groups, world.ports, () => {
    done = true;
  });
  world.clock.advance(0);
  expect([process?.state, done, world.lines]).toEqual(['FATAL', true, []]);
});

test('PROC-071 PROC-072 who is waited for is said every 3 seconds, without limit', () => {
  const world = runningGroups({ a: [1, ['x', 1]], b: [2, ['y', 1]] });
  world.lines.length = 0;
  shutDownInOrder(world.groups, world.ports, () => {});
  world.clock.advance(6000);
  const said = world.lines.filter((line) => line.includes('to die'));
  expect(said).toEqual(Array(3).fill('INFO waiting for x, y to die'));
});

test('an empty daemon stops at the next turn', () => {
  const world = bench();
  let done = false;
  shutDownInOrder([], world.ports, () => {
    done = true;
  });
  world.clock.advance(0);
  expect([done, world.clock.pending()]).toEqual([true, 0]);
});

test('PROC-014 autostart takes members in stored order, not by their priority', () => {
  const world = bench();
  const group = world.group(
    groupConfig('g', 1, [
      processConfig({ name: 'late', priority: 9 }),
      processConfig({ name: 'early', priority: 1 }),
    ]),
  );
  group.autostart();
  world.clock.advance(0);
  expect(world.lines.map((line) => line.split("'")[1])).toEqual(['late', 'early']);
});

test('automatic starts run in slices, so that none keeps the loop for long', () => {
  const clock = new FakeClock();
  let spentMs = 0;
  const queue = new StartQueue({
    wallMs: () => clock.wallMs(),
    uptimeMs: () => clock.uptimeMs() + spentMs,
    after: (ms, fn) => clock.after(ms + 1, fn),
  });
  const startsByTurn = new Map<number, number>();
  for (let n = 0; n < 7; n += 1) {
    queue.push(() => {
      spentMs += 4; // what a spawn may cost
      startsByTurn.set(clock.uptimeMs(), (startsByTurn.get(clock.uptimeMs()) ?? 0) + 1);
    });
  }
  clock.advance(10);
  expect([...startsByTurn.values()]).toEqual([3, 3, 1]);
  expect(clock.pending()).toBe(0);
});

test('a start that throws stops no other', () => {
  const clock = new FakeClock();
  const queue = new StartQueue(clock);
  const started: string[] = [];
  queue.push(() => {
    throw new Error('a bug');
  });
  queue.push(() => started.push('next'));
  expect(() => clock.advance(0)).toThrow('a bug');
  clock.advance(0);
  expect(started).toEqual(['next']);
});
