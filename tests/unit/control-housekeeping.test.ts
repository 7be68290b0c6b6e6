import { copyFileSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { expect, type TestContext, test } from 'vitest';
import { FleetState } from '../../src/control/fleet-state.ts';
import { keepHouse, sweep } from '../../src/control/housekeeping.ts';
import { HubAbsences } from '../../src/control/hub-absences.ts';
import { Roster, UNDO_REMOVE_MS } from '../../src/control/roster.ts';
import { hostTimeline } from '../../src/control/timelines.ts';
import { openStore } from '../../src/store/store.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { MadeLink, madeHost } from '../support/made-link.ts';
import { NO_HISTORY } from '../support/no-history.ts';
import { tempDir } from '../support/supervisors.ts';

const MIGRATIONS = join(import.meta.dirname, '../../migrations');
const MINUTE_MS = 60_000;

function house(t: TestContext) {
  const clock = new FakeClock();
  const bugs: unknown[] = [];
  const store = openStore({ dataFolder: tempDir(t), migrations: MIGRATIONS, nowMs: clock.wallMs() });
  const fleet = new FleetState({ clock, history: NO_HISTORY, bug: (error) => bugs.push(error) });
  const linkTo = (host: ReturnType<typeof madeHost>) => new MadeLink(host);
  const roster = new Roster({ store, fleet, clock, linkTo, revoke: () => {} });
  const clean = () =>
    void sweep(store, { keepEventsMs: 3_600_000, keepActionsMs: 3_600_000 }, UNDO_REMOVE_MS, clock.wallMs());
  const absences = new HubAbsences(store.settings, clock);
  const seen = () => absences.seen();
  const cancel = keepHouse({ roster, seen, clean }, clock, (error) => bugs.push(error));
  t.onTestFinished(() => {
    cancel();
    fleet.close();
    store.close();
  });
  return { clock, store, fleet, roster, bugs };
}

test('a removed host can be put back for ten minutes, and is gone with its password after them', async (t) => {
  const { clock, store, fleet, roster, bugs } = house(t);
  roster.add(madeHost({ id: 'h1', name: 'one' }), { username: 'u', password: 'p' });
  await roster.remove('h1');
  clock.advance(UNDO_REMOVE_MS - MINUTE_MS);
  expect(roster.restore('h1')?.name).toBe('one');
  expect(store.credentials.of('h1')).toEqual({ username: 'u', password: 'p' });
  expect(fleet.host('h1')).not.toBeNull();
  await roster.remove('h1');
  clock.advance(UNDO_REMOVE_MS + MINUTE_MS);
  expect(roster.restore('h1')).toBeNull();
  expect(store.credentials.of('h1')).toBeNull();
  expect(bugs).toEqual([]);
});

test('maintenance ends by itself when its time is over, not before', async (t) => {
  const { clock, fleet, roster } = house(t);
  const host = madeHost({ id: 'h1' });
  roster.add(host, null);
  const untilMs = clock.wallMs() + 30 * MINUTE_MS;
  await roster.update({ ...host, maintenance: { untilMs, note: '', by: 'ops' } });
  clock.advance(29 * MINUTE_MS);
  expect(fleet.host('h1')?.maintenance).toBeDefined();
  clock.advance(2 * MINUTE_MS);
  await Promise.resolve();
  expect(fleet.host('h1')?.maintenance).toBeUndefined();
});

test('a host changed while its link still closes ends up as the last change said', async (t) => {
  const { fleet, roster } = house(t);
  const host = madeHost({ id: 'h1' });
  roster.add(host, null);
  await Promise.all([
    roster.update({ ...host, disabled: true }),
    roster.update({ ...host, name: 'renamed', disabled: false }),
  ]);
  expect(fleet.host('h1')).toMatchObject({ name: 'renamed', disabled: false });
  expect(roster.link('h1')).not.toBeNull();
});

test('a migration that fails half way leaves the schema before it, and runs whole the next time', (t) => {
  const dataFolder = tempDir(t);
  const migrations = join(tempDir(t), 'migrations');
  mkdirSync(migrations);
  for (const file of readdirSync(MIGRATIONS)) copyFileSync(join(MIGRATIONS, file), join(migrations, file));
  openStore({ dataFolder, migrations, nowMs: 0 }).close();
  const newest = Number(readdirSync(MIGRATIONS).sort().at(-1)?.slice(0, 4));
  const next = join(migrations, `${String(newest + 1).padStart(4, '0')}-next.sql`);
  writeFileSync(next, 'create table half (a integer); insert into nowhere values (1);');
  expect(() => openStore({ dataFolder, migrations, nowMs: 0 })).toThrow(/nowhere/);
  const look = (): { version: number; half: unknown } => {
    const db = new Sqlite(join(dataFolder, 'fleetvisor.db'));
    const version = Number(db.pragma('user_version', { simple: true }));
    const half = db.prepare("select name from sqlite_master where name = 'half'").pluck().get();
    db.close();
    return { version, half };
  };
  expect(look()).toEqual({ version: newest, half: undefined });
  writeFileSync(next, 'create table half (a integer);');
  openStore({ dataFolder, migrations, nowMs: 0 }).close();
  expect(look()).toEqual({ version: newest + 1, half: 'half' });
  expect(() => openStore({ dataFolder, migrations: MIGRATIONS, nowMs: 0 })).toThrow(/newer Fleetvisor/);
});

test('while the hub did not run nothing was seen: known to the half minute after a kill', (t) => {
  const { clock, store } = house(t);
  clock.advance(10 * MINUTE_MS);
  const killedMs = clock.wallMs();
  clock.advance(20_000);
  clock.stepWall(5 * MINUTE_MS);
  const startedMs = clock.wallMs();
  const absences = new HubAbsences(store.settings, clock);
  const day = { fromMs: startedMs - 24 * 60 * MINUTE_MS, toMs: startedMs + MINUTE_MS };
  expect(absences.within(day)).toEqual([{ fromMs: killedMs, toMs: startedMs }]);
  expect(absences.within({ ...day, toMs: killedMs })).toEqual([]);
  const host = madeHost({ id: 'h1', name: 'web-01' });
  const view = {
    ...host,
    reachability: { kind: 'reachable', sinceMs: startedMs + 1_000 },
    facts: null,
    lastSeenMs: null,
    processCount: 0,
  } as const;
  store.events.add([
    { kind: 'host', hostId: 'h1', host: 'web-01', state: 'reachable', says: '', atMs: killedMs - MINUTE_MS },
    { kind: 'host', hostId: 'h1', host: 'web-01', state: 'unreachable', says: '', atMs: killedMs },
    { kind: 'host', hostId: 'h1', host: 'web-01', state: 'reachable', says: '', atMs: startedMs + 1_000 },
  ]);
  const range = { fromMs: killedMs - MINUTE_MS, toMs: startedMs + 2_000 };
  const { spans } = hostTimeline(view, range, { events: store.events, absences });
  expect(spans.map(({ state, fromMs, toMs }) => `${state} ${toMs - fromMs}`)).toEqual([
    'reachable 60000',
    `not-seen ${startedMs - killedMs}`,
    'unreachable 1000',
    'reachable 1000',
  ]);
});
