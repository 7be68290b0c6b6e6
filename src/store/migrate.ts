import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Database } from './database.ts';
import { migrationFiles, newestSchema } from './newest-schema.ts';
import { StoreProblem } from './store-problem.ts';

/**
 * Brings the database up to the newest `migrations/NNNN-….sql`, each in a transaction of its own.
 * Throws `StoreProblem` when a newer Fleetvisor wrote this database: there is no way back.
 */
export function migrate(db: Database, folder: string): void {
  const newest = newestSchema(folder);
  const has = versionOf(db);
  if (has > newest)
    throw new StoreProblem(
      `the database is of a newer Fleetvisor (schema ${has}, this one knows ${newest}): run that version, or restore an older backup`,
    );
  for (const file of migrationFiles(folder)) step(db, folder, file);
}

function step(db: Database, folder: string, file: string): void {
  const version = Number(file.slice(0, 4));
  const script = readFileSync(join(folder, file), 'utf8');
  db.inTransaction(() => {
    if (versionOf(db) >= version) return; // another hub process was faster
    db.script(script);
    db.pragma(`user_version = ${version}`);
  });
}

function versionOf(db: Database): number {
  return Number(db.pragma('user_version'));
}
