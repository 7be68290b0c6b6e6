import { expect, type TestContext, test } from 'vitest';
import { Accounts } from '../../src/accounts/accounts.ts';
import { AuditTrail } from '../../src/accounts/audit-trail.ts';
import { Passwords } from '../../src/accounts/passwords.ts';
import { ONE_BY_ONE } from '../../src/fleet/pace.ts';
import type { Schedule } from '../../src/fleet/schedule.ts';
import { Scheduler } from '../../src/schedules/scheduler.ts';
import { ActionBench } from '../support/action-bench.ts';
import { madeHost, madeProcess } from '../support/made-link.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const NIGHTLY: Schedule = {
  id: 's_1',
  name: 'nightly',
  cron: '0 3 * * *',
  timeZone: 'UTC',
  action: { verb: 'restart', selector: '*' },
  confirmed: [],
  enabled: true,
  stopped: null,
  missed: 'skip',
  missedMinutes: 60,
  owner: 'ann',
};

/** A scheduler over a real store and accounts; its clock stands at 02:59 of a day. */
class Bench extends ActionBench {
  readonly accounts: Accounts;
  scheduler: Scheduler;
  ownerId = '';

  constructor(t: TestContext) {
    super(t, ['web-01']);
    const limits = { idleMs: 1, longestMs: 1, vouchedSessionsMs: 1, vouchedTokensMs: 1, failedSignIns: 5 };
    this.accounts = new Accounts(this.store, new Passwords(4), this.clock, limits);
    this.clock.advance(Date.parse('2026-11-26T02:59:00Z') - this.clock.wallMs());
    this.scheduler = this.newScheduler();
    t.onTestFinished(() => {
      this.scheduler.close();
      expect(this.bugs).toEqual([]);
    });
  }

  /** Adds the schedule of `ann`, and begins. */
  async open(more: Partial<Schedule> = {}): Promise<void> {
    this.ownerId = await this.accounts.addUser('ann', 'correct horse', 'operator');
    const schedule = { ...NIGHTLY, ...more };
    this.store.schedules.add(
      { schedule, ownerId: this.ownerId, limit: null, doneUntilMs: this.clock.wallMs() },
      this.clock.wallMs(),
    );
    this.scheduler.open();
  }

  /** What began on the way is planned in slices, for which time has to pass. */
  override async advance(ms: number): Promise<void> {
    await super.advance(ms);
    await super.advance(0);
  }

  newScheduler(): Scheduler {
    const { fleet, runner: actions, accounts, clock, bugs } = this;
    const { schedules, settings, audit } = this.store;
    const trail = new AuditTrail(audit, clock);
    const bug = (error: unknown): void => void bugs.push(error);
    return new Scheduler({ schedules, settings, fleet, actions, accounts, audit: trail, clock, bug });
  }

  /** The hub is killed, and started again so much later. */
  restartAfter(ms: number): void {
    this.scheduler.close();
    this.clock.advance(ms);
    this.restartHub();
    this.has('web-01', madeProcess());
    this.runner.resume();
    this.scheduler = this.newScheduler();
    this.scheduler.open();
  }

  runs(): string[] {
    return this.store.schedules
      .runsOf('s_1', 50)
      .reverse()
      .map(({ dueAtMs, cause, state, why }) =>
        [new Date(dueAtMs).toISOString().slice(8, 16), cause, state, why?.says].join(' ').trim(),
      );
  }
}

test('it runs on time, as an action of its owner that says which schedule began it, and is audited so', async (t) => {
  const bench = new Bench(t);
  await bench.open();
  await bench.advance(59_000);
  expect(bench.runs()).toEqual([]);
  await bench.advance(1_000);
  expect(bench.runs()).toEqual(['26T03:00 due running']);
  await bench.restarted('web-01', 200);
  expect(bench.runs()).toEqual(['26T03:00 due done']);
  const [run] = bench.store.schedules.runsOf('s_1', 1);
  expect(bench.runner.byId(run?.actionId ?? '')).toMatchObject({ by: 'ann', schedule: 'nightly' });
  expect([...bench.store.audit.all()].reverse()).toMatchObject([
    { kind: 'ended', actor: 'ann', way: 'schedule nightly', target: 'restart *' },
    { kind: 'begun', actor: 'ann', way: 'schedule nightly' },
  ]);
  bench.clock.stepWall(24 * HOUR_MS - 2 * MINUTE_MS);
  await bench.advance(2 * MINUTE_MS);
  expect(bench.runs()).toHaveLength(2);
});

test('a run that comes while the one before goes on is left out, and says so', async (t) => {
  const bench = new Bench(t);
  bench.has('web-01', madeProcess(), madeProcess({ name: 'web_01' }));
  const pace = { ...ONE_BY_ONE, pauseMs: HOUR_MS };
  await bench.open({ cron: '* * * * *', action: { verb: 'restart', selector: '*', pace } });
  await bench.advance(MINUTE_MS);
  await bench.restarted('web-01', 200);
  await bench.advance(MINUTE_MS);
  expect(bench.runs()).toEqual([
    '26T03:00 due running',
    '26T03:01 due skipped the run before it was still under way',
  ]);
  expect(bench.scheduler.counts).toEqual({ done: 0, failed: 0, skipped: 1 });
  expect(bench.fleet.lately.all()[0]).toMatchObject({ kind: 'schedule', title: 'nightly', mark: 'skipped' });
});

test('what passed while the hub was away is left out with a row, or run once within the bound', async (t) => {
  const bench = new Bench(t);
  await bench.open();
  bench.restartAfter(30 * MINUTE_MS);
  await bench.turns();
  expect(bench.runs()).toEqual(['26T03:00 due skipped its time passed while the hub was away']);
  bench.store.schedules.change({
    schedule: { ...NIGHTLY, missed: 'once' },
    ownerId: bench.ownerId,
    limit: null,
    doneUntilMs: bench.clock.wallMs(),
  });
  bench.restartAfter(3 * 24 * HOUR_MS + 10 * MINUTE_MS);
  await bench.turns();
  expect(bench.runs().slice(1)).toEqual([
    '28T03:00 due skipped 2 times passed while the hub was away',
    '29T03:00 late running',
  ]);
  bench.restartAfter(3 * 24 * HOUR_MS + HOUR_MS);
  expect(bench.runs().at(-1)).toContain('skipped 3 times passed while the hub was away');
});

test('a hub killed at any point of a run neither does it twice nor forgets it', async (t) => {
  const bench = new Bench(t);
  await bench.open();
  // The row is written, nothing else.
  const dueAtMs = Date.parse('2026-11-26T03:00:00Z');
  const row = { scheduleId: 's_1', dueAtMs, cause: 'due', state: 'beginning', nowMs: dueAtMs } as const;
  expect(bench.store.schedules.addRun(row)).not.toBeNull();
  expect(bench.store.schedules.addRun(row)).toBeNull();
  bench.restartAfter(MINUTE_MS + 10_000);
  await bench.turns();
  expect(bench.runs()).toEqual(['26T03:00 due running']);
  expect(bench.store.actions.heads(null, 9)).toHaveLength(1);
  // The action is begun, and the run does not know it.
  const [{ run } = { run: null }] = bench.store.schedules.openRuns();
  bench.store.schedules.runBegan(run?.id ?? 0, 'a_none');
  bench.restartAfter(1_000);
  await bench.turns();
  expect(bench.runs()[0]).toContain('failed');
  expect(bench.store.actions.heads(null, 9)).toHaveLength(1);
});

test('a run whose row alone was written is not begun when the hub is back too late', async (t) => {
  const bench = new Bench(t);
  await bench.open();
  const dueAtMs = Date.parse('2026-11-26T03:00:00Z');
  bench.store.schedules.addRun({
    scheduleId: 's_1',
    dueAtMs,
    cause: 'due',
    state: 'beginning',
    nowMs: dueAtMs,
  });
  bench.restartAfter(HOUR_MS);
  expect(bench.runs()).toEqual(['26T03:00 due skipped the hub was away before it began']);
  expect(bench.store.actions.heads(null, 9)).toEqual([]);
});

test('a clock that is set back runs nothing again, one that jumps ahead runs the last at most', async (t) => {
  const bench = new Bench(t);
  await bench.open();
  await bench.advance(MINUTE_MS);
  await bench.restarted('web-01', 200);
  bench.clock.stepWall(-2 * MINUTE_MS);
  await bench.advance(5 * MINUTE_MS);
  expect(bench.runs()).toEqual(['26T03:00 due done']);
  bench.clock.stepWall(-30 * 24 * HOUR_MS);
  bench.clock.stepWall(24 * HOUR_MS - 4 * MINUTE_MS);
  await bench.advance(MINUTE_MS);
  expect(bench.runs()).toEqual(['26T03:00 due done', '28T03:00 due running']);
  await bench.restarted('web-01', 300);
  bench.clock.stepWall(400 * 24 * HOUR_MS);
  await bench.advance(MINUTE_MS);
  expect(bench.runs().slice(2)).toEqual([
    '01T03:00 due skipped 399 times passed while the hub was away',
    '02T03:00 due running',
  ]);
});

test('an owner who is disabled, or may not any more, stops it with the reason', async (t) => {
  const bench = new Bench(t);
  await bench.open();
  bench.store.users.setDisabled(bench.ownerId, 'disabled');
  await bench.advance(MINUTE_MS);
  const gone = 'ann, in whose rights it runs, is gone, disabled, or not vouched for lately';
  expect(bench.runs()).toEqual([`26T03:00 due failed ${gone}`]);
  expect(bench.store.schedules.byId('s_1')?.schedule).toMatchObject({
    enabled: false,
    stopped: { says: gone },
  });
  bench.clock.stepWall(24 * HOUR_MS);
  await bench.advance(MINUTE_MS);
  expect(bench.runs()).toHaveLength(1);
});

test('it touches no more than its owner may now, and of a token no more than the token could', async (t) => {
  const bench = new Bench(t);
  await bench.open();
  const stored = bench.store.schedules.byId('s_1');
  if (stored === null) throw new Error('no schedule');
  const limit = { role: 'operator', scope: 'env=stage/*' } as const;
  bench.store.schedules.change({ ...stored, limit });
  await bench.advance(MINUTE_MS);
  expect(bench.runs()).toEqual(['26T03:00 due failed nothing that is known now is named by it']);
  bench.store.schedules.change({ ...stored, limit: { ...limit, role: 'viewer', scope: '*' } });
  bench.clock.stepWall(24 * HOUR_MS - 2 * MINUTE_MS);
  await bench.advance(2 * MINUTE_MS);
  expect(bench.runs()[1]).toBe('27T03:00 due failed ann may not restart this (any more)');
});

const PROTECTED = [
  ['typed', [], 'failed prod is protected, and was not typed when this was saved: save it again'],
  ['typed', ['prod'], 'running'],
  [
    'second-person',
    ['prod'],
    'failed in prod a second person has to approve, which no schedule can wait for',
  ],
] as const;

for (const [asks, confirmed, became] of PROTECTED)
  test(`where ${asks} is asked for, with [${confirmed}] typed when it was saved, a run is ${became}`, async (t) => {
    const bench = new Bench(t);
    bench.store.settings.set('protected_env', [{ environment: 'prod', asks }]);
    bench.fleet.putHost(madeHost({ id: 'web-01', name: 'web-01', environment: 'prod' }));
    bench.has('web-01', madeProcess());
    await bench.open({ confirmed });
    await bench.advance(MINUTE_MS);
    expect(bench.runs()).toEqual([`26T03:00 due ${became}`]);
  });

test('a run by hand is no time of its own, and waits for nobody', async (t) => {
  const bench = new Bench(t);
  await bench.open({ enabled: false });
  const stored = bench.store.schedules.byId('s_1');
  if (stored === null) throw new Error('no schedule');
  expect(await bench.scheduler.runNow(stored, 'bob')).toMatchObject({
    cause: 'hand',
    state: 'running',
    askedBy: 'bob',
  });
  expect(await bench.scheduler.runNow(stored, 'bob')).toMatchObject({ state: 'skipped' });
  await bench.restarted('web-01', 200);
  expect(bench.runs()[0]).toBe('26T02:59 hand done');
});

test('after a start it waits for the hosts that are still being connected to', async (t) => {
  const bench = new Bench(t);
  bench.fleet.putHost(madeHost({ id: 'slow', name: 'slow' }));
  await bench.open({ cron: '* * * * *' });
  bench.scheduler.close();
  await bench.advance(MINUTE_MS + 1_000);
  bench.scheduler = bench.newScheduler();
  bench.scheduler.open();
  await bench.advance(20_000);
  expect(bench.runs()).toEqual([]);
  bench.fleet.reachability('slow', { kind: 'reachable', sinceMs: 0 });
  await bench.advance(1_000);
  expect(bench.runs()).toEqual(['26T03:00 due running']);
});

test('what failed says how much of it did', async (t) => {
  const bench = new Bench(t);
  await bench.open();
  bench.link('web-01').answer = () => Promise.reject(new Error('x'));
  await bench.advance(MINUTE_MS);
  bench.bugs.splice(0);
  expect(bench.runs()).toEqual(['26T03:00 due failed 1 of 1 not done']);
  expect(bench.fleet.lately.all()[0]).toMatchObject({ mark: 'failed', link: '/schedules' });
});

test('runs are forgotten with actions, removed schedules after their time to come back', async (t) => {
  const bench = new Bench(t);
  await bench.open();
  await bench.advance(MINUTE_MS);
  await bench.restarted('web-01', 200);
  const nowMs = bench.clock.wallMs();
  expect(bench.store.schedules.removeBefore(nowMs - HOUR_MS, nowMs)).toBe(0);
  expect(bench.store.schedules.removeBefore(nowMs + 1, nowMs)).toBe(1);
  bench.store.schedules.setRemoved('s_1', nowMs);
  expect(bench.store.schedules.byId('s_1')).toBeNull();
  expect(bench.store.schedules.byId('s_1', 'removed')).not.toBeNull();
  bench.store.schedules.removeBefore(nowMs, nowMs + 1);
  expect(bench.store.schedules.byId('s_1', 'removed')).toBeNull();
});
