import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { expect, type TestContext, test } from 'vitest';
import { Alerting } from '../../src/alerts/alerting.ts';
import type { Sending } from '../../src/alerts/postman.ts';
import type { SendResult } from '../../src/alerts/send-result.ts';
import { FleetState } from '../../src/control/fleet-state.ts';
import { sweep } from '../../src/control/housekeeping.ts';
import { told } from '../../src/fleet/said.ts';
import { openStore } from '../../src/store/store.ts';
import { FakeClock } from '../support/fake-clock.ts';

import { madeHost, madeProcess } from '../support/made-link.ts';
import { NO_HISTORY } from '../support/no-history.ts';
import { tempDir } from '../support/supervisors.ts';

const MIGRATIONS = join(import.meta.dirname, '../../migrations');
const SECOND = 1_000;
const HOUR = 3_600 * SECOND;
const FACTS = { identifier: 's', version: '4', daemonState: 'RUNNING', pid: 1, clockSkewMs: 0 } as const;
const TAKEN: SendResult = { kind: 'delivered', says: told('send.delivered', { status: 200 }) };
const BROKEN: SendResult = {
  kind: 'again',
  says: told('send.status', { status: 500 }),
  mend: told('sendMend.receiver'),
};

/** Alerting over a real store with two channels, `a` and `b`, and a fleet of one host; everything sent is written down. */
function alerting(t: TestContext) {
  const clock = new FakeClock();
  const bugs: unknown[] = [];
  const bug = (error: unknown): void => void bugs.push(error);
  const dataFolder = tempDir(t);
  const store = openStore({ dataFolder, migrations: MIGRATIONS, nowMs: clock.wallMs() });
  const fleet = new FleetState({ clock, history: NO_HISTORY, bug });
  for (const id of ['a', 'b'])
    store.alertChannels.add(
      { id, name: id, enabled: true, place: { kind: 'slack', url: 'http://x.test/…' } },
      { url: 'http://x.test/hook' },
      0,
    );
  const sent: string[] = [];
  const answers = new Map<string, SendResult | 'never'>();
  const send = async ({ channel, message }: Sending): Promise<SendResult> => {
    sent.push(`${channel.id} ${message.reason}: ${message.says}`);
    const answer = answers.get(channel.id) ?? TAKEN;
    return answer === 'never' ? new Promise(() => {}) : answer;
  };
  const begin = () => {
    const made = new Alerting({ store, fleet, clock, random: () => 0.5, send, link: null, bug });
    made.open();
    return made;
  };
  fleet.putHost(madeHost());
  const processes = Array.from({ length: 5 }, (_, n) => madeProcess({ name: `web_0${n}` }));
  fleet.reachability('h1', { kind: 'reachable', sinceMs: 0 });
  fleet.snapshot('h1', FACTS, processes);
  t.onTestFinished(() => {
    fleet.close();
    store.close();
    expect(bugs).toEqual([]);
  });
  const fatal = (n: number) => fleet.changed('h1', madeProcess({ name: `web_0${n}`, state: 'FATAL' }), null);
  const runs = (n: number) => fleet.changed('h1', madeProcess({ name: `web_0${n}` }), null);
  const pass = async (ms: number, steps = 1): Promise<void> => {
    for (let step = 0; step < steps; step++) {
      clock.advance(ms / steps);
      await turn();
    }
  };
  return { clock, store, fleet, begin, sent, answers, fatal, runs, pass };
}

test('what opens within three seconds is one message on each channel, and so is what closes', async (t) => {
  const { begin, fatal, runs, pass, sent } = alerting(t);
  const hub = begin();
  for (const n of [0, 1, 2]) fatal(n);
  await pass(2_999, 2);
  expect(sent).toEqual([]);
  await pass(10, 3);
  expect(sent).toEqual([
    'a opened: 3 processes on web-01 are FATAL',
    'b opened: 3 processes on web-01 are FATAL',
  ]);
  for (const n of [0, 1, 2]) runs(n);
  await pass(64 * SECOND, 4);
  expect(sent.slice(2)).toEqual([
    'a closed: 3 processes on web-01 are well again, or gone',
    'b closed: 3 processes on web-01 are well again, or gone',
  ]);
  hub.close();
});

test('a hub that ended before it told an alert tells it when it is back, and one it had told never again', async (t) => {
  const { begin, fatal, pass, sent } = alerting(t);
  const first = begin();
  fatal(0);
  await pass(4 * SECOND, 2);
  fatal(1);
  await pass(SECOND);
  first.close();
  sent.length = 0;
  const second = begin();
  await pass(600 * SECOND, 10);
  expect(sent).toEqual(['a opened: web-01/web:web_01 is FATAL', 'b opened: web-01/web:web_01 is FATAL']);
  second.close();
});

test('an open alert is repeated until somebody acknowledges it, not while its host is away or worked on', async (t) => {
  const { begin, fatal, pass, sent, store, fleet } = alerting(t);
  const rule = store.alertRules.byId('ar_fatal');
  if (rule === null) throw new Error('no rule');
  store.alertRules.change({ ...rule, repeatMinutes: 10, channels: ['a'] });
  const hub = begin();
  fatal(0);
  await pass(5 * SECOND, 2);
  await pass(25 * 60 * SECOND, 50);
  expect(sent.slice(1)).toEqual(Array(2).fill('a repeated: Still: web-01/web:web_00 is FATAL'));
  fleet.putHost(madeHost({ maintenance: { untilMs: null, note: '', by: 'ops' } }));
  await pass(60 * 60 * SECOND, 20);
  expect(sent).toHaveLength(3);
  fleet.putHost(madeHost());
  await pass(60 * SECOND, 4);
  expect(sent).toHaveLength(4);
  hub.acknowledge(1, { by: 'ops', atMs: 0, note: '' });
  await pass(60 * 60 * SECOND, 20);
  expect(sent).toHaveLength(4);
  hub.close();
});

test('H43 a channel that fails is tried ever more seldom for a day, in order, and holds up no other', async (t) => {
  const { begin, fatal, pass, sent, answers, store, clock } = alerting(t);
  answers.set('a', BROKEN);
  const hub = begin();
  const beganMs = clock.uptimeMs();
  fatal(0);
  await pass(3_100, 3);
  expect(sent).toEqual(['a opened: web-01/web:web_00 is FATAL', 'b opened: web-01/web:web_00 is FATAL']);
  const tries: number[] = [];
  const seen = () => sent.filter((line) => line.startsWith('a')).length;
  for (let count = seen(); clock.uptimeMs() - beganMs < HOUR; await pass(SECOND))
    if (seen() > count) {
      tries.push(Math.round((clock.uptimeMs() - beganMs) / SECOND));
      count = seen();
    }
  const waits = tries.map((at, n) => at - (tries[n - 1] ?? 3));
  expect(waits.slice(0, 6).map((wait) => Math.round(Math.log2(wait)))).toEqual([1, 2, 3, 4, 5, 6]);
  fatal(1);
  await pass(25 * HOUR, 200);
  expect(store.alertDeliveries.list({ channelId: 'a', limit: 9 })).toMatchObject([
    { state: 'failed', lastError: 'the receiver answered HTTP 500' },
    { state: 'failed', lastError: 'the receiver answered HTTP 500' },
  ]);
  expect(hub.deliveries()).toMatchObject({ delivered: 2, failed: 2 });
  hub.close();
});

test('H43 a receiver that never answers takes no more than one message at a time, and its queue has an end', async (t) => {
  const { begin, pass, sent, answers, store, clock } = alerting(t);
  answers.set('a', 'never');
  const hub = begin();
  const message = JSON.stringify({ version: 1, reason: 'opened', says: 'x', alerts: [] });
  store.inTransaction(() => {
    for (let n = 0; n < 1_100; n++)
      store.alertDeliveries.add({ channelId: 'a', reason: 'opened', message, createdAtMs: clock.wallMs() });
  });
  hub.channelChanged('a');
  await pass(10 * SECOND, 5);
  expect(sent).toEqual(['a opened: x']);
  expect(store.alertDeliveries.stateOf('a').waiting).toBe(1_000);
  const dropped = store.alertDeliveries
    .list({ channelId: 'a', limit: 2_000 })
    .filter(({ state }) => state === 'dropped');
  expect(dropped.map(({ id }) => id)).toEqual(Array.from({ length: 100 }, (_, n) => 100 - n));
  sweep(store, { keepEventsMs: HOUR, keepActionsMs: HOUR }, HOUR, clock.wallMs() + 2 * HOUR);
  expect(store.alertDeliveries.list({ limit: 2_000 })).toHaveLength(1_000);
  hub.close();
});

test('a channel that is disabled drops what waits; a changed one is tried at once', async (t) => {
  const { begin, fatal, pass, sent, answers, store } = alerting(t);
  answers.set('a', BROKEN);
  const hub = begin();
  fatal(0);
  await pass(600 * SECOND, 30);
  answers.delete('a');
  sent.length = 0;
  hub.channelChanged('a');
  await pass(1, 1);
  expect(sent).toEqual(['a opened: web-01/web:web_00 is FATAL']);
  answers.set('a', BROKEN);
  fatal(1);
  await pass(5 * SECOND, 5);
  const channel = store.alertChannels.byId('a');
  if (channel === null) throw new Error('no channel');
  store.alertChannels.change({ ...channel, enabled: false }, { url: 'http://x.test/hook' });
  hub.channelChanged('a');
  await pass(SECOND);
  expect(store.alertDeliveries.list({ channelId: 'a', limit: 1 })).toMatchObject([
    { state: 'dropped', lastError: 'the channel is disabled' },
  ]);
  hub.close();
});

test('closed alerts are forgotten when they are older than events, open ones never', async (t) => {
  const { begin, fatal, runs, pass, store, clock } = alerting(t);
  const hub = begin();
  fatal(0);
  fatal(1);
  runs(0);
  await pass(70 * SECOND, 4);
  const swept = (nowMs: number) => sweep(store, { keepEventsMs: HOUR, keepActionsMs: HOUR }, HOUR, nowMs);
  swept(clock.wallMs() + HOUR - 20 * SECOND);
  expect(store.alerts.list({ state: 'closed', limit: 9 })).toHaveLength(1);
  swept(clock.wallMs() + HOUR);
  expect(store.alerts.list({ state: 'closed', limit: 9 })).toEqual([]);
  expect(store.alerts.list({ state: 'open', limit: 9 })).toHaveLength(1);
  hub.close();
});
