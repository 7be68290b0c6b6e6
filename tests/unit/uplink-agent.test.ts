import { describe, expect, test } from 'vitest';
import type { NumberedEvent } from '../../agent/src/protocol/index.ts';
import type { CallOutcome } from '../../agent/src/protocol/uplink.ts';
import { Calls } from '../../agent/src/uplink/calls.ts';
import { Complaints } from '../../agent/src/uplink/complaints.ts';
import { EventPump } from '../../agent/src/uplink/event-pump.ts';
import { EventRing } from '../../agent/src/uplink/event-ring.ts';
import { MetricsSampler } from '../../agent/src/uplink/metrics.ts';
import { RetryPace } from '../../agent/src/uplink/retry-pace.ts';
import { veto } from '../../agent/src/uplink/veto.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { heardLog } from '../support/process-parts.ts';
import { ScriptedSupervisor } from '../support/scripted-supervisor.ts';

const gone = { kind: 'group-removed', group: 'web' } as const;

function ringOf(count: number): EventRing {
  const ring = new EventRing();
  for (let n = 0; n < count; n++) ring.append(gone, 0);
  return ring;
}

describe('the ring of events', () => {
  test('numbers from 1, keeps the latest 10,000 and knows what it has', () => {
    const ring = ringOf(10_500);
    expect(ring.lastSeq).toBe(10_500);
    expect(ring.has(10_500)).toBe(true);
    expect(ring.has(500)).toBe(true);
    expect(ring.has(499)).toBe(false);
    expect(ring.has(10_501)).toBe(false);
    expect(ring.after(10_498, 10).map(({ seq }) => seq)).toEqual([10_499, 10_500]);
  });

  test('large last words push older events out', () => {
    const ring = new EventRing();
    const lastLines = Array.from({ length: 20 }, () => 'x'.repeat(100_000));
    for (let n = 0; n < 10; n++)
      ring.append({ kind: 'process', process: {} as never, from: null, lastLines }, 0);
    expect(ring.has(8)).toBe(true);
    expect(ring.has(5)).toBe(false);
  });
});

describe('the pump', () => {
  function pumping(ring: EventRing) {
    const clock = new FakeClock();
    const sent: NumberedEvent[] = [];
    const snapshots: number[] = [];
    const pump = new EventPump(ring, clock);
    const target = {
      events: (events: readonly NumberedEvent[]) => void sent.push(...events),
      snapshot: (seq: number) => void snapshots.push(seq),
    };
    return { clock, pump, target, sent, snapshots };
  }

  test('waits for the hub after 1,000 events, and takes the snapshot after them', () => {
    const { pump, target, sent, snapshots } = pumping(ringOf(1_500));
    pump.begin(target, { resumeAfter: 0, snapshot: true });
    expect(sent).toHaveLength(1_000);
    expect(snapshots).toEqual([]);
    pump.stored(700);
    expect(sent.map(({ seq }) => seq)).toEqual(Array.from({ length: 1_500 }, (_, n) => n + 1));
    expect(snapshots).toEqual([1_500]);
  });

  test('a number of a future it does not know means: a snapshot', () => {
    const { pump, target, sent, snapshots } = pumping(ringOf(5));
    pump.begin(target, { resumeAfter: 9, snapshot: false });
    expect([sent, snapshots]).toEqual([[], [5]]);
  });

  test('what happens in one turn goes in one message; without a hub nothing is sent', () => {
    const ring = ringOf(0);
    const { clock, pump, target, sent } = pumping(ring);
    pump.poke();
    expect(clock.pending()).toBe(0);
    pump.begin(target, { resumeAfter: 0, snapshot: false });
    ring.append(gone, 0);
    pump.poke();
    ring.append(gone, 0);
    pump.poke();
    expect(sent).toEqual([]);
    clock.advance(1);
    expect(sent.map(({ seq }) => seq)).toEqual([1, 2]);
    pump.end();
    pump.poke();
    expect(clock.pending()).toBe(0);
  });
});

describe('calls', () => {
  const call = {
    id: 'a',
    method: 'supervisor.stopProcess',
    params: ['web:a', false],
    deadlineMs: 1_000,
    sentAtMs: 0,
  };

  test('H4 abuse 12: a repeated id is answered from memory', async () => {
    let ran = 0;
    const told: unknown[] = [];
    const calls = new Calls(async () => ++ran, 'control', new FakeClock());
    calls.begin((outcome) => told.push(outcome), 0);
    calls.take(call);
    calls.take(call);
    await Promise.resolve();
    calls.take(call);
    expect(ran).toBe(1);
    expect(told).toEqual([
      { id: 'a', kind: 'done', value: 1 },
      { id: 'a', kind: 'done', value: 1 },
    ]);
  });

  test('H3 abuse 12: one that comes after its deadline is not run', () => {
    const clock = new FakeClock();
    const told: unknown[] = [];
    const calls = new Calls(() => Promise.reject(new Error('ran')), 'control', clock);
    calls.begin((outcome) => told.push(outcome), 50_000);
    clock.advance(2_000);
    calls.take({ ...call, sentAtMs: 50_900 });
    expect(told).toEqual([{ id: 'a', kind: 'expired' }]);
  });

  test('an outcome nobody confirmed is told to the next connection', async () => {
    const calls = new Calls(async () => 'x', 'control', new FakeClock());
    calls.take(call);
    await Promise.resolve();
    const told: unknown[] = [];
    calls.begin((outcome) => told.push(outcome), 0);
    calls.confirmed('a');
    calls.end();
    calls.begin((outcome) => told.push(outcome), 0);
    expect(told).toEqual([{ id: 'a', kind: 'done', value: 'x' }]);
  });

  test('an answer too large for the connection is a fault', async () => {
    const told: unknown[] = [];
    const calls = new Calls(async () => 'x'.repeat(600_000), 'control', new FakeClock());
    calls.begin((outcome) => told.push(outcome), 0);
    calls.take(call);
    await Promise.resolve();
    expect(told).toEqual([
      { id: 'a', kind: 'fault', faultCode: 30, faultString: 'FAILED: the answer is too large' },
    ]);
  });

  test('abuse 10: large answers are not kept for ever, and what was done is still not done again', async () => {
    let ran = 0;
    const calls = new Calls(async () => `${++ran}${'x'.repeat(500_000)}`, 'control', new FakeClock());
    for (let i = 0; i < 40; i++) calls.take({ ...call, id: `id-${i}` });
    await new Promise<void>((next) => setImmediate(next));
    const told: CallOutcome[] = [];
    calls.begin((outcome) => told.push(outcome), 0);
    expect(JSON.stringify(told).length).toBeLessThan(9 * 1024 * 1024);
    expect([told[0]?.kind, told[39]?.kind]).toEqual(['fault', 'done']);
    calls.take({ ...call, id: 'id-0' });
    expect([ran, told.at(-1)]).toEqual([40, told[0]]);
  });

  test('abuse 10: no more calls run at once than can be remembered', () => {
    const calls = new Calls(() => new Promise(() => {}), 'control', new FakeClock());
    const taken = Array.from({ length: 1_001 }, (_, i) => calls.take({ ...call, id: `id-${i}` }).kind);
    expect([taken[999], taken[1_000]]).toEqual(['accepted', 'vetoed']);
  });

  test.each([
    ['observe', 'getAllProcessInfo', true],
    ['observe', 'stopProcess', false],
    ['control', 'stopProcess', true],
    ['control', 'reloadConfig', false],
    ['configure', 'shutdown', true],
    ['configure', 'constructor', false],
  ] as const)('allow=%s, %s: %s', (allow, method, allowed) => {
    expect(veto(`supervisor.${method}`, allow) === null).toBe(allowed);
  });
});

describe('without a hub', () => {
  test('A60 one line a minute, whatever fails; a hub that says no is told although it was away just now', () => {
    const lines: string[] = [];
    const clock = new FakeClock();
    const complaints = new Complaints(heardLog(lines), clock);
    for (let second = 0; second <= 120; second++) {
      complaints.say(`no ${second}`, 'away');
      if (second === 30) complaints.say('refused', 'refused');
      clock.advance(1_000);
    }
    expect(lines).toEqual([
      'WARN uplink: no 0',
      'WARN uplink: refused',
      'WARN uplink: no 60',
      'WARN uplink: no 120',
    ]);
  });

  test("abuse 6: the hub's own words make one line of ours, without escapes", () => {
    const lines: string[] = [];
    const complaints = new Complaints(heardLog(lines), new FakeClock());
    complaints.say(`no\r\n2026-01-01 INFO spawned\u2028: \x1b[2J\x9b1m${'x'.repeat(5_000)}`, 'refused');
    expect(lines[0]).toMatch(/^WARN uplink: no 2026-01-01 INFO spawned : +\[2J 1mx+$/);
    expect(lines[0]?.length).toBeLessThan(1_300);
  });

  test('it is dialled soon, then every 10 s at most, and seldom after a refusal', () => {
    const pace = new RetryPace(() => 0.999);
    const waits = Array.from({ length: 8 }, () => pace.afterFailureMs());
    expect(waits[0]).toBeLessThanOrEqual(500);
    expect(Math.max(...waits)).toBeLessThanOrEqual(10_000);
    expect(pace.afterRefusalMs('revoked')).toBeGreaterThan(15_000);
    pace.welcomed();
    expect(pace.afterFailureMs()).toBeLessThanOrEqual(500);
  });
});

test('metrics are taken every 5 s between begin and end, and at no other time', () => {
  const supervisor = new ScriptedSupervisor(null, ['web:a', 'web:b']);
  const clock = new FakeClock();
  const told: unknown[] = [];
  let cpuMs = 1_000;
  const process = supervisor.process('web:a');
  const sampler = new MetricsSampler(
    supervisor,
    clock,
    (of) => told.push({ ...of }),
    () => ({ cpuMs, memoryBytes: 42 }),
  );
  Object.assign(process, { pid: 9, startedAtMs: clock.wallMs() - 10_000 });
  expect(clock.pending()).toBe(0);
  sampler.begin();
  cpuMs += 2_500;
  clock.advance(5_000);
  expect(told).toEqual([{ 'web:a': [10, 42] }, { 'web:a': [50, 42] }]);
  sampler.end();
  expect(clock.pending()).toBe(0);
});
