import { createHash } from 'node:crypto';
import { existsSync, linkSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { sql as raw } from 'kysely';
import { expect, type TestContext, test } from 'vitest';
import { backUp, restore } from '../../src/store/backup.ts';
import { Database } from '../../src/store/database.ts';
import { inspect } from '../../src/store/inspect.ts';
import { endKeyChange, keyFiles, makeNextKey } from '../../src/store/key-file.ts';
import { type ResealOrder, reseal, sealDatabase } from '../../src/store/reseal.ts';
import { migrationFiles } from '../../src/store/schema.ts';
import { isKey } from '../../src/store/seal.ts';
import { ABOUT, SEALED_COLUMNS } from '../../src/store/sealed-columns.ts';
import { openStore, type Store } from '../../src/store/store.ts';
import { tempDir } from '../support/supervisors.ts';

const MIGRATIONS = join(import.meta.dirname, '../../migrations');
const ROW = { atMs: 1, kind: 'begun', ends: null, actor: 'ada', way: 'hub', address: '' } as const;
const row = (what: string) => ({
  ...ROW,
  what,
  target: '',
  detail: '',
  before: null,
  after: null,
  outcome: '',
});

function within<T>(dataFolder: string, work: (store: Store) => T): T {
  const store = openStore({ dataFolder, migrations: MIGRATIONS, nowMs: 1 });
  try {
    return work(store);
  } finally {
    store.close();
  }
}

/** A folder with one secret of each kind, and an audit. */
function sealedFolder(
  t: TestContext,
  deeds = 9,
): { dataFolder: string; order: ResealOrder; database: string } {
  const dataFolder = tempDir(t);
  within(dataFolder, (store) => {
    const host = { id: 'h1', name: 'db', kind: 'supervisord', url: 'http://h', environment: null } as const;
    store.hosts.add({ ...host, tags: [], disabled: false, createdAtMs: 1 });
    store.credentials.put('h1', { username: 'ops', password: 'canary-1' });
    const user = { id: 'u1', name: 'ada', passwordHash: '', grants: [], disabled: false, createdAtMs: 1 };
    store.users.add(user);
    const sealedSecret = store.seal.seal('canary-2', ABOUT.totp('u1'));
    store.users.setSecondFactor('u1', { sealedSecret, lastStep: 0, recoveryHashes: [] });
    store.hubKeys.rotate(2);
    for (let i = 0; i < deeds; i++) store.audit.append(row(`deed ${i}`));
  });
  const order: ResealOrder = {
    dataFolder,
    begin: (audit) => audit.append(row('reseal')),
    end: (audit, ends) => void audit.append({ ...row('reseal'), kind: 'ended', ends }),
  };
  return { dataFolder, order, database: join(dataFolder, 'fleetvisor.db') };
}

const secretsIn = (dataFolder: string) =>
  within(dataFolder, ({ credentials, users, hubKeys, seal, audit }) => ({
    password: credentials.of('h1')?.password,
    totp: seal.open(users.byId('u1')?.secondFactor?.sealedSecret ?? '', ABOUT.totp('u1')),
    keys: [hubKeys.ring().own, ...hubKeys.ring().former].map(({ publicKey }) => publicKey),
    audit: audit.verify().ok,
  }));

const key = (dataFolder: string): string => readFileSync(keyFiles(dataFolder).own, 'utf8').trim();

test('a new key opens everything the former one did, and the former one nothing', (t) => {
  const { dataFolder, order } = sealedFolder(t, 520); // more than a page
  const before = { key: key(dataFolder), secrets: secretsIn(dataFolder) };
  expect(before.secrets).toMatchObject({ password: 'canary-1', totp: 'canary-2', audit: true });
  expect(reseal(order)).toEqual({ secrets: 4, lost: 0, audit: { ok: true, rows: 520 } });
  expect(secretsIn(dataFolder)).toEqual(before.secrets);
  within(dataFolder, ({ audit }) => expect(audit.search({ text: 'reseal', limit: 9 })).toHaveLength(2));
  expect(isKey(key(dataFolder))).toBe(true);
  expect(key(dataFolder)).not.toBe(before.key);
  const kept = readdirSync(dataFolder).filter((name) => name.startsWith('hub.key.'));
  expect(kept).toEqual([expect.stringMatching(/^hub\.key\.before-[0-9a-f]{8}$/)]);
  writeFileSync(keyFiles(dataFolder).own, before.key);
  expect(() => secretsIn(dataFolder)).toThrow(/not the key this database was written with/);
});

type Folder = ReturnType<typeof sealedFolder>;
const BROKEN_OFF: readonly {
  readonly when: string;
  readonly left: (folder: Folder) => void;
  readonly counts: 'former' | 'new';
}[] = [
  {
    when: 'the new key was half written',
    left: ({ dataFolder }) => writeFileSync(keyFiles(dataFolder).next, 'AAAA', { mode: 0o600 }),
    counts: 'former',
  },
  {
    when: 'the new key was written',
    left: ({ dataFolder }) => void makeNextKey(dataFolder),
    counts: 'former',
  },
  {
    when: 'the database was sealed anew, but not committed',
    left({ dataFolder, database, order }) {
      const end = (): never => {
        throw new Error('broken off');
      };
      const next = makeNextKey(dataFolder);
      expect(() => sealDatabase(database, next, { ...order, end })).toThrow('broken off');
    },
    counts: 'former',
  },
  {
    when: 'it was committed',
    left: ({ dataFolder, database, order }) => void sealDatabase(database, makeNextKey(dataFolder), order),
    counts: 'new',
  },
  {
    when: 'the former key was set aside',
    left({ dataFolder, database, order }) {
      sealDatabase(database, makeNextKey(dataFolder), order);
      const mark = createHash('sha256').update(key(dataFolder)).digest('hex').slice(0, 8);
      linkSync(keyFiles(dataFolder).own, `${keyFiles(dataFolder).own}.before-${mark}`);
    },
    counts: 'new',
  },
];

test.for(BROKEN_OFF)(
  'a change of the key broken off when $when: all is read and backed up, and the next start ends it',
  ({ left, counts }, t) => {
    const folder = sealedFolder(t);
    const { dataFolder } = folder;
    const before = { key: key(dataFolder), secrets: secretsIn(dataFolder) };
    left(folder);
    expect(secretsIn(dataFolder)).toEqual(before.secrets);
    const file = join(tempDir(t), 'backup.db');
    backUp({ dataFolder, file, key: 'with key', nowMs: 1 });
    const elsewhere = tempDir(t);
    restore({ dataFolder: elsewhere, file, known: migrationFiles(MIGRATIONS), stamp: 's' });
    expect(secretsIn(elsewhere)).toEqual(before.secrets);
    expect(inspect(dataFolder)).toMatchObject({ keyFits: true, lostPasswords: [] });

    endKeyChange(dataFolder);
    expect(existsSync(keyFiles(dataFolder).next)).toBe(false);
    expect(key(dataFolder) === before.key).toBe(counts === 'former');
    expect(secretsIn(dataFolder)).toEqual(before.secrets);
  },
);

test('a row of the audit that did not fit does not fit under the new key either, and what no key opens is told', (t) => {
  const { dataFolder, order, database } = sealedFolder(t);
  const thief = new Database(database, 'normal');
  thief.script(
    "drop trigger audit_keeps_words; update audit set actor = 'eve' where seq = 6; update credentials set username = 'x'",
  );
  thief.script("update credentials set sealed_password = 'v1:AAAA'");
  thief.close();
  const broken = { ok: false, seq: 6, says: expect.stringContaining('row 6 is not as it was written') };
  expect(reseal(order)).toEqual({ secrets: 3, lost: 1, audit: broken });
  within(dataFolder, ({ audit }) => expect(audit.verify()).toEqual(broken));
});

test('a database that somebody has open is left alone, and so is its key', (t) => {
  const { dataFolder, order } = sealedFolder(t);
  const before = key(dataFolder);
  within(dataFolder, () =>
    expect(() => reseal(order)).toThrow(/fleetvisor\.db: another program has it open: end that program/),
  );
  expect(key(dataFolder)).toBe(before);
  expect(existsSync(keyFiles(dataFolder).next)).toBe(false);
});

test('no column of sealed texts is forgotten', (t) => {
  const { database } = sealedFolder(t);
  const db = new Database(database, 'normal');
  t.onTestFinished(() => db.close());
  const columns = db.allOf<{ name: string }>(
    raw`select m.name || '.' || c.name as name from sqlite_master m, pragma_table_info(m.name) c where m.type = 'table' and c.name like 'sealed%'`,
  );
  const known = SEALED_COLUMNS.map(({ table, column }) => `${table}.${column}`);
  expect(known).toEqual(expect.arrayContaining(columns.map(({ name }) => name)));
  expect(columns.length).toBeGreaterThan(0);
});
