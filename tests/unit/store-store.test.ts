import {
  chmodSync,
  copyFileSync,
  existsSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { expect, type TestContext, test } from 'vitest';
import type { Action } from '../../src/fleet/action.ts';
import type { Host } from '../../src/fleet/host.ts';
import { Database } from '../../src/store/database.ts';
import { lockDataFolder } from '../../src/store/lock.ts';
import { openStore, type Store } from '../../src/store/store.ts';
import { tempDir } from '../support/supervisors.ts';

const MIGRATIONS = join(import.meta.dirname, '../../migrations');
const NOW_MS = 1_700_000_000_000;

function open(t: TestContext, dataFolder = tempDir(t)): { store: Store; dataFolder: string } {
  const store = openStore({ dataFolder, migrations: MIGRATIONS, nowMs: NOW_MS });
  t.onTestFinished(() => {
    try {
      store.close();
    } catch {} // closed by the test
  });
  return { store, dataFolder };
}

const host = (more: Partial<Host> = {}): Host => ({
  id: 'h1',
  name: 'web-01',
  kind: 'supervisord',
  url: 'http://10.0.0.1:9001',
  environment: 'prod',
  tags: ['edge', 'eu'],
  disabled: false,
  createdAtMs: NOW_MS,
  ...more,
});

test('the registry comes back as it was written', (t) => {
  const { store, dataFolder } = open(t);
  store.hosts.add(host());
  store.close();
  const again = open(t, dataFolder).store;
  expect(again.hosts.all()).toEqual([host()]);
  expect(again.hosts.byName('WEB-01')?.id).toBe('h1');
  expect(again.hosts.byUrl('http://10.0.0.1:9001')?.id).toBe('h1');
});

test('a second host of the same name, whatever the case, is refused by the database itself', (t) => {
  const { store } = open(t);
  store.hosts.add(host());
  expect(() => store.hosts.add(host({ id: 'h2', name: 'Web-01', url: null }))).toThrow(/UNIQUE/);
});

test('abuse 7: passwords of hosts are sealed: the database and its journal never hold them', (t) => {
  const { store, dataFolder } = open(t);
  store.hosts.add(host());
  store.credentials.put('h1', { username: 'ops', password: 'canary-7f3a' });
  expect(store.credentials.of('h1')).toEqual({ username: 'ops', password: 'canary-7f3a' });
  for (const file of ['fleetvisor.db', 'fleetvisor.db-wal'])
    expect(readFileSync(join(dataFolder, file)).includes('canary-7f3a')).toBe(false);
  expect(statSync(join(dataFolder, 'hub.key')).mode & 0o777).toBe(0o600);
});

test('abuse 7: a sealed password moved to another host does not open', (t) => {
  const { store, dataFolder } = open(t);
  store.hosts.add(host());
  store.hosts.add(host({ id: 'h2', name: 'other', url: null }));
  store.credentials.put('h1', { username: 'ops', password: 'secret' });
  const thief = new Database(join(dataFolder, 'fleetvisor.db'), 'normal');
  thief.script("insert into credentials select 'h2', username, sealed_password from credentials");
  thief.close();
  expect(store.credentials.of('h2')).toBeNull();
  expect(store.credentials.lost()).toEqual(['h2']);
});

test('H42 abuse 7: a key file others may read is refused with the command that mends it', (t) => {
  const { store, dataFolder } = open(t);
  store.close();
  chmodSync(join(dataFolder, 'hub.key'), 0o644);
  expect(() => open(t, dataFolder)).toThrow(
    /hub\.key: others than its owner may read this key: run "chmod 600/,
  );
});

test('H42 another key file is noticed at once, not when a password is needed', (t) => {
  const { store, dataFolder } = open(t);
  store.close();
  writeFileSync(join(dataFolder, 'hub.key'), `${Buffer.alloc(32, 7).toString('base64')}\n`);
  expect(() => open(t, dataFolder)).toThrow(/not the key this database was written with/);
});

test('a join token is used up by its uses, and dies of age', (t) => {
  const { store } = open(t);
  const order = { uses: 2, expiresAtMs: NOW_MS + 1_000, environment: 'prod', tags: ['edge'], by: 'admin' };
  const { token } = store.joinTokens.issue(order, NOW_MS);
  expect(store.joinTokens.open(NOW_MS)).toMatchObject([{ usesLeft: 2 }]);
  expect(store.joinTokens.redeem(token, NOW_MS)).toEqual({
    ok: true,
    grant: { environment: 'prod', tags: ['edge'] },
  });
  expect(store.joinTokens.redeem(token, NOW_MS + 1_000)).toEqual({ ok: false, reason: 'expired' });
  expect(store.joinTokens.redeem(token, NOW_MS).ok).toBe(true);
  expect(store.joinTokens.redeem(token, NOW_MS)).toEqual({ ok: false, reason: 'used' });
  expect(store.joinTokens.open(NOW_MS)).toEqual([]);
  expect(store.joinTokens.redeem(`${token}x`, NOW_MS)).toEqual({ ok: false, reason: 'invalid' });
});

test('a failed transaction leaves nothing behind', (t) => {
  const { store } = open(t);
  expect(() =>
    store.inTransaction(() => {
      store.hosts.add(host());
      throw new Error('half way');
    }),
  ).toThrow('half way');
  expect(store.hosts.all()).toEqual([]);
});

test('an action is there whole as soon as it was added, and its outcomes follow', (t) => {
  const { store, dataFolder } = open(t);
  const action: Action = {
    id: 'a1',
    verb: 'stop',
    selector: 'web:*',
    by: 'admin',
    startedAtMs: NOW_MS,
    finishedAtMs: null,
    cancelledBy: null,
    targets: [
      { hostId: 'h1', host: 'web-01', group: 'web', process: 'w 1', outcome: { kind: 'waiting' } },
      { hostId: 'h1', host: 'web-01', group: 'web', process: 'w:2', outcome: { kind: 'waiting' } },
    ],
  };
  store.actions.add(action);
  const other = open(t, dataFolder).store;
  expect(other.actions.unfinished()).toEqual([{ action, touchedAtMs: NOW_MS }]);
  const [first, second] = action.targets;
  const done: Action = {
    ...action,
    finishedAtMs: NOW_MS + 5,
    targets: [
      { ...first, outcome: { kind: 'done', state: 'STOPPED', tookMs: 5 } } as typeof first,
      second,
    ] as Action['targets'],
  };
  store.actions.update(done, [0], NOW_MS + 5);
  expect(other.actions.byId('a1')).toEqual(done);
  expect(other.actions.unfinished()).toEqual([]);
});

test('H23 abuse 20: a database of a newer version is refused and left as it is', (t) => {
  const { store, dataFolder } = open(t);
  store.close();
  const newer = new Database(join(dataFolder, 'fleetvisor.db'), 'normal');
  newer.pragma('user_version = 9999');
  newer.close();
  expect(() => open(t, dataFolder)).toThrow(/the database is of a newer Fleetvisor \(schema 9999/);
});

test('a migration that comes later with a lower number is run too, and each one once', (t) => {
  const dataFolder = tempDir(t);
  const folder = tempDir(t);
  const open = (): void => openStore({ dataFolder, migrations: folder, nowMs: NOW_MS }).close();
  for (const file of readdirSync(MIGRATIONS)) copyFileSync(join(MIGRATIONS, file), join(folder, file));
  writeFileSync(join(folder, '0102-later.sql'), 'create table later (a integer) strict;');
  open();
  writeFileSync(join(folder, '0101-filled-in.sql'), 'create table filled_in (a integer) strict;');
  open();
  open();
  const db = new Database(join(dataFolder, 'fleetvisor.db'), 'normal');
  expect(db.schema()).toEqual({ version: 102, applied: readdirSync(folder).sort() });
  db.close();
  rmSync(join(folder, '0101-filled-in.sql'));
  expect(open).toThrow(/of a newer Fleetvisor \(this one knows nothing of 0101-filled-in.sql\)/);
});

test('a database from before names were kept goes on from its number', (t) => {
  const dataFolder = tempDir(t);
  const older = new Database(join(dataFolder, 'fleetvisor.db'), 'normal');
  for (const file of readdirSync(MIGRATIONS).sort().slice(0, 5))
    older.script(readFileSync(join(MIGRATIONS, file), 'utf8'));
  older.pragma('user_version = 5');
  older.close();
  expect(open(t, dataFolder).store.hosts.all()).toEqual([]);
  const now = new Database(join(dataFolder, 'fleetvisor.db'), 'normal');
  expect(now.schema().applied).toEqual(readdirSync(MIGRATIONS).sort());
  now.close();
});

test('H20 a file that is no database, and one that is damaged, are refused and kept', (t) => {
  const { store, dataFolder } = open(t);
  for (let i = 0; i < 200; i++)
    store.hosts.add(host({ id: `h${i}`, name: `web-${i}`, url: `http://h${i}:1` }));
  store.close();
  const file = join(dataFolder, 'fleetvisor.db');
  const good = readFileSync(file);
  const damaged = Buffer.from(good);
  damaged.fill(0xab, 4096 * 3, 4096 * 5);
  writeFileSync(file, damaged);
  expect(() => open(t, dataFolder)).toThrow(/fleetvisor\.db: it is damaged/);
  expect(readFileSync(file).equals(damaged)).toBe(true);
  writeFileSync(file, 'not a database at all, but long enough to be looked at'.repeat(100));
  expect(() => open(t, dataFolder)).toThrow(/fleetvisor\.db: it is no SQLite database/);
});

test('a data folder that cannot be used is one sentence', (t) => {
  const dir = tempDir(t);
  writeFileSync(join(dir, 'file'), '');
  expect(() => open(t, join(dir, 'file'))).toThrow(/file: a file stands where the folder should be/);
  expect(() => open(t, join(dir, 'file', 'data'))).toThrow(/a part of its path is a file/);
  expect(existsSync(join(dir, 'data'))).toBe(false);
});

test('two hubs never share a data folder', (t) => {
  const dir = tempDir(t);
  const release = lockDataFolder(dir);
  expect(() => lockDataFolder(dir)).toThrow(/another hub is running on this data folder/);
  release();
  lockDataFolder(dir)();
});

test('what another process writes is noticed by the data version', (t) => {
  const { store, dataFolder } = open(t);
  const before = store.dataVersion();
  store.hosts.add(host());
  expect(store.dataVersion()).toBe(before);
  open(t, dataFolder).store.hosts.add(host({ id: 'h2', name: 'x', url: null }));
  expect(store.dataVersion()).not.toBe(before);
});
