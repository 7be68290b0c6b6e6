import { readdirSync } from 'node:fs';
import Sqlite from 'better-sqlite3';

const NAME = /^(\d{4})-[a-z0-9-]+\.sql$/;

/** The migrations of this program, in their order. */
export function migrationFiles(folder: string): string[] {
  return readdirSync(folder)
    .filter((file) => NAME.test(file))
    .sort();
}

export const numberOf = (file: string): number => Number(file.slice(0, 4));

/** What was done to a database: every migration by name, and for people the highest number among them. */
export interface Schema {
  readonly version: number;
  /** Null: written before names were kept, when every number up to `version` had been applied. */
  readonly applied: readonly string[] | null;
}

export function readSchema(sqlite: Sqlite.Database): Schema {
  const column = (query: string): string[] => sqlite.prepare(query).pluck().all() as string[];
  const keepsNames = column("select name from sqlite_master where name = 'applied_migrations'").length > 0;
  return {
    version: Number(sqlite.pragma('user_version', { simple: true })),
    applied: keepsNames ? column('select file from applied_migrations order by file') : null,
  };
}

/** The hub's private key as it lies in a database; null: none was made yet. */
export function readSealedKey(sqlite: Sqlite.Database): string | null {
  const newest = sqlite.prepare('select sealed_private_key from hub_keys order by id desc limit 1');
  const sealed = newest.pluck().get();
  return typeof sealed === 'string' ? sealed : null;
}

export function sealedKeyIn(file: string): string | null {
  const db = new Sqlite(file, { readonly: true });
  try {
    return readSealedKey(db);
  } finally {
    db.close();
  }
}

/** In what a database is of a newer program than the one with these migrations; null: it is not. */
export function newerThan({ version, applied }: Schema, files: readonly string[]): string | null {
  const newest = numberOf(files.at(-1) ?? '0000');
  if (version > newest) return `schema ${version}, this one knows ${newest}`;
  const unknown = (applied ?? []).filter((file) => !files.includes(file));
  return unknown.length === 0 ? null : `this one knows nothing of ${unknown.join(', ')}`;
}

/** What is still to be done to a database, in order: also a migration with a lower number than the last one. */
export function missingIn({ version, applied }: Schema, files: readonly string[]): string[] {
  return files.filter((file) => (applied === null ? numberOf(file) > version : !applied.includes(file)));
}
