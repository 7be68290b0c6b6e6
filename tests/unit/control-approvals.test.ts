import { expect, type TestContext, test } from 'vitest';
import { protectEnvironments, protectedEnvironments, withProtection } from '../../src/control/protection.ts';
import type { Action, Approval } from '../../src/fleet/action.ts';
import { ActionBench } from '../support/action-bench.ts';
import { madeHost } from '../support/made-link.ts';

const MINUTE_MS = 60_000;

/** `ann` wants to stop everything on two hosts; it waits for somebody else, for 15 minutes. */
async function asked(t: TestContext): Promise<{ bench: ActionBench; action: Action }> {
  const bench = new ActionBench(t, ['web-01', 'web-02']);
  t.onTestFinished(() => expect(bench.bugs).toEqual([]));
  const expiresAtMs = bench.clock.wallMs() + 15 * MINUTE_MS;
  const approval: Approval = { state: 'waiting', environments: ['prod'], expiresAtMs };
  const action = bench.runner.run(bench.plan('stop', '*'), 'ann', null, { approval });
  await bench.turns();
  return { bench, action };
}

test('an action that waits for a second person sends nothing, and stands in nobody’s way', async (t) => {
  const { bench, action } = await asked(t);
  expect([bench.calls(), bench.kinds(action)]).toEqual([[], ['waiting', 'waiting']]);
  const other = await bench.run('restart', 'web-01/*', undefined, 'bob');
  expect(bench.kinds(other)).toEqual(['working']);
});

test('approved, it does exactly the targets it was asked for, whatever its selector would name by then', async (t) => {
  const { bench, action } = await asked(t);
  bench.links.delete('web-02');
  bench.fleet.putHost(madeHost({ id: 'web-03', name: 'web-03' }));
  expect(bench.runner.approve(action.id, 'bob')).toBe(true);
  await bench.turns();
  expect(bench.calls()).toEqual(['web-01 stopProcess']);
  expect(bench.now(action)).toMatchObject({ approval: { state: 'approved', by: 'bob' }, by: 'ann' });
  expect(bench.now(action).targets.map(({ host }) => host)).toEqual(['web-01', 'web-02']);
  expect(bench.runner.approve(action.id, 'eve')).toBe(false);
});

test('declined, taken back or too late, nothing of it is ever sent, and each says which', async (t) => {
  const declined = await asked(t);
  expect(declined.bench.runner.decline(declined.action.id, 'bob', 'not today')).toBe(true);
  const late = await asked(t);
  await late.bench.advance(15 * MINUTE_MS - 1);
  expect(late.bench.now(late.action).finishedAtMs).toBeNull();
  await late.bench.advance(1);
  const back = await asked(t);
  back.bench.runner.cancel(back.action.id, 'ann');
  await back.bench.turns();
  await declined.bench.turns();
  const told = [declined, late, back].map(({ bench, action }) => {
    const { approval, finishedAtMs, targets } = bench.now(action);
    expect([bench.calls(), finishedAtMs === null]).toEqual([[], false]);
    expect(bench.runner.approve(action.id, 'bob')).toBe(false);
    return [approval?.state, targets[0]?.outcome];
  });
  expect(told).toMatchObject([
    ['declined', { kind: 'cancelled', says: 'declined by bob: not today' }],
    ['expired', { kind: 'cancelled', says: 'no second person approved it in time' }],
    ['waiting', { kind: 'cancelled' }],
  ]);
});

test('it waits on over a restart of the hub, no longer than it would have', async (t) => {
  const { bench, action } = await asked(t);
  await bench.advance(10 * MINUTE_MS);
  bench.runner.close();
  bench.restartHub();
  bench.runner.resume();
  await bench.advance(4 * MINUTE_MS);
  expect([bench.kinds(action), bench.calls()]).toEqual([['waiting', 'waiting'], []]);
  await bench.advance(MINUTE_MS);
  expect(bench.now(action).approval?.state).toBe('expired');
});

test('an approved action whose asker has lost the right meanwhile is not done', async (t) => {
  const { bench, action } = await asked(t);
  bench.forbidden = { says: 'ann may not stop this (any more)' };
  bench.runner.approve(action.id, 'bob');
  await bench.turns();
  expect([bench.calls(), bench.kinds(action)]).toEqual([[], ['cancelled', 'cancelled']]);
});

test('each protected environment asks for its own: a name typed, a second person, or both when both are touched', async (t) => {
  const kept = new Map<string, unknown>();
  const settings = {
    get: (name: string) => kept.get(name),
    set: (name: string, value: unknown) => void kept.set(name, value),
  };
  kept.set('protected_env', ['edge']); // as an older version kept it
  expect(protectedEnvironments(settings)).toEqual([{ environment: 'edge', asks: 'typed' }]);
  protectEnvironments(settings, [
    ...protectedEnvironments(settings),
    { environment: 'prod', asks: 'second-person' },
  ]);
  const bench = new ActionBench(t, ['a', 'b', 'c']);
  const at: Record<string, string> = { a: 'edge', b: 'prod' };
  const fleet = {
    host: (id: string) => {
      const host = bench.fleet.host(id);
      return host === null ? null : { ...host, environment: at[id] ?? null };
    },
  };
  const asks = (selector: string, verb: 'stop' | 'clear' = 'stop') => {
    const { confirm, secondPerson } = withProtection(
      bench.plan(verb, selector),
      protectedEnvironments(settings),
      fleet,
    );
    return [confirm, secondPerson];
  };
  expect(asks('a/*')).toEqual(['edge', undefined]);
  expect(asks('b/*')).toEqual([undefined, ['prod']]);
  expect(asks('*')).toEqual(['edge', ['prod']]);
  expect(asks('c/*')).toEqual([undefined, undefined]);
  expect(asks('*', 'clear')).toEqual([undefined, undefined]);
});
