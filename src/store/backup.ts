import { chmodSync, existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import Sqlite from 'better-sqlite3';
import { giveToFolderOwner } from './folder-owner.ts';
import { endKeyChange, fittingKey, keyFiles, opens } from './key-file.ts';
import { newerThan, readSchema, type Schema, sealedKeyIn } from './schema.ts';
import { asStoreProblem, StoreProblem } from './store-problem.ts';
import { sync } from './sync.ts';

/** What a backup says of itself. */
export interface BackupFacts {
  readonly madeAtMs: number;
  readonly schema: number;
  readonly hasKey: boolean;
  readonly hosts: number;
}

export interface BackupOrder {
  readonly dataFolder: string;
  /** Must not exist yet. */
  readonly file: string;
  /** Whether the key that opens the passwords goes with it. */
  readonly key: 'with key' | 'without key';
  readonly nowMs: number;
}

/**
 * Writes one file with everything a hub keeps, while it runs: a consistent copy, checked, for its owner alone.
 * Throws `StoreProblem`.
 */
export function backUp({ dataFolder, file, key, nowMs }: BackupOrder): BackupFacts {
  if (existsSync(file)) throw new StoreProblem(`${file}: it exists already: choose another name`);
  const draft = `${file}.partial`;
  rmSync(draft, { force: true });
  try {
    copyInto(draft, join(dataFolder, 'fleetvisor.db'));
    chmodSync(draft, 0o600);
    label(draft, key === 'with key' ? keyFor(draft, dataFolder) : null, nowMs);
    const facts = verify(draft);
    sync(draft);
    renameSync(draft, file);
    sync(dirname(resolve(file)));
    return facts;
  } catch (error) {
    rmSync(draft, { force: true });
    throw asStoreProblem(file, error, 'write it elsewhere');
  }
}

function copyInto(draft: string, database: string): void {
  const source = new Sqlite(database, { fileMustExist: true, timeout: 30_000 });
  try {
    source.prepare('vacuum into ?').run(draft);
  } catch (error) {
    const code = error instanceof Sqlite.SqliteError ? error.code : '';
    throw /^SQLITE_(CORRUPT|NOTADB)/.test(code) ? asStoreProblem(database, error) : error;
  } finally {
    source.close();
  }
}

function keyFor(draft: string, dataFolder: string): string {
  const sealed = sealedKeyIn(draft);
  const key = sealed === null ? null : fittingKey(dataFolder, sealed);
  if (key !== null) return key;
  throw new StoreProblem(
    `${keyFiles(dataFolder).own}: it does not open this database: see fleetvisor hub doctor`,
  );
}

function label(file: string, key: string | null, nowMs: number): void {
  const db = new Sqlite(file);
  try {
    db.pragma('journal_mode = DELETE');
    db.exec('create table backup_label (made_at_ms integer not null, key text) strict');
    db.prepare('insert into backup_label values (?, ?)').run(nowMs, key);
  } finally {
    db.close();
  }
}

/** Reads a backup through. Throws `StoreProblem` for a file that is none, or is damaged. */
export function verify(file: string): BackupFacts {
  let db: Sqlite.Database | null = null;
  try {
    db = new Sqlite(file, { readonly: true, fileMustExist: true });
    const check = String(db.pragma('integrity_check(1)', { simple: true }));
    if (check !== 'ok')
      throw new StoreProblem(`${file}: it is damaged (${check.replace(/\s+/g, ' ')}): use another backup`);
    const { madeAtMs, hasKey } = db
      .prepare('select made_at_ms as madeAtMs, key is not null as hasKey from backup_label')
      .get() as { readonly madeAtMs: number; readonly hasKey: number };
    const hosts = Number(db.prepare('select count(*) from hosts').pluck().get());
    return {
      madeAtMs,
      hasKey: hasKey === 1,
      schema: readSchema(db).version,
      hosts,
    };
  } catch (error) {
    if (error instanceof Sqlite.SqliteError && error.code === 'SQLITE_ERROR')
      throw new StoreProblem(`${file}: it is no backup of a hub`);
    throw asStoreProblem(file, error);
  } finally {
    db?.close();
  }
}

export interface RestoreOrder {
  readonly dataFolder: string;
  readonly file: string;
  /** The migrations this program knows. */
  readonly known: readonly string[];
  /** Ends the names of what is set aside. */
  readonly stamp: string;
}

export interface Restored extends BackupFacts {
  /** Where the database that stood there is now; null: there was none. */
  readonly setAside: string | null;
}

/**
 * Puts a backup in the place of the database. The caller holds the lock of the data folder.
 * Whatever stood there is kept beside it; until the last step nothing has changed. Throws `StoreProblem`.
 */
export function restore({ dataFolder, file, known, stamp }: RestoreOrder): Restored {
  const facts = verify(file);
  const newer = newerThan(schemaIn(file), known);
  if (newer !== null)
    throw new StoreProblem(`${file}: it is of a newer Fleetvisor (${newer}): restore it with that version`);
  const place = join(dataFolder, 'fleetvisor.db');
  const draft = `${place}.restoring`;
  try {
    rmSync(draft, { force: true });
    endKeyChange(dataFolder); // what is set aside keeps its key
    const key = unpack(file, draft);
    checkKey(draft, key, dataFolder, file);
    giveToFolderOwner(draft);
    sync(draft);
    const setAside = existsSync(place) ? `${place}.before-${stamp}` : null;
    if (setAside !== null)
      for (const end of ['', '-wal', '-shm']) move(`${place}${end}`, `${setAside}${end}`);
    if (key !== null) putKey(keyFiles(dataFolder).own, key, stamp);
    renameSync(draft, place);
    sync(dataFolder);
    return { ...facts, setAside };
  } catch (error) {
    rmSync(draft, { force: true });
    throw asStoreProblem(dataFolder, error);
  }
}

function schemaIn(file: string): Schema {
  const db = new Sqlite(file, { readonly: true });
  try {
    return readSchema(db);
  } finally {
    db.close();
  }
}

/** Copies the backup without its label; returns the key it carried. */
function unpack(file: string, draft: string): string | null {
  const source = new Sqlite(file, { readonly: true });
  try {
    const key = source.prepare('select key from backup_label').pluck().get();
    source.prepare('vacuum into ?').run(draft);
    chmodSync(draft, 0o600);
    const copy = new Sqlite(draft);
    copy.pragma('secure_delete = ON');
    copy.exec('drop table backup_label; vacuum');
    copy.close();
    return typeof key === 'string' ? key : null;
  } finally {
    source.close();
  }
}

/** A hub whose key does not open its own identity could not start, and no agent would know it again. */
function checkKey(draft: string, key: string | null, dataFolder: string, file: string): void {
  const sealed = sealedKeyIn(draft);
  if (sealed === null || (key === null ? fittingKey(dataFolder, sealed) !== null : opens(key, sealed)))
    return;
  throw new StoreProblem(
    `${file}: it was made without its key, and no hub.key in ${dataFolder} opens it: put the one it was made with there first, or restore a backup made --with-key`,
  );
}

function putKey(keyFile: string, key: string, stamp: string): void {
  if (existsSync(keyFile)) {
    if (readFileSync(keyFile, 'utf8').trim() === key) return;
    renameSync(keyFile, `${keyFile}.before-${stamp}`);
  }
  writeFileSync(keyFile, `${key}\n`, { mode: 0o600, flag: 'wx' });
  giveToFolderOwner(keyFile);
  sync(keyFile);
}

function move(from: string, to: string): void {
  if (existsSync(from)) renameSync(from, to);
}
