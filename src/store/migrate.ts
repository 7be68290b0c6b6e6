import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Database } from './database.ts';
import { migrationFiles, missingIn, newerThan, numberOf } from './schema.ts';
import { StoreProblem } from './store-problem.ts';

/**
 * Runs every `migrations/NNNN-….sql` that this database lacks, in order, each in a transaction of its own.
 * Throws `StoreProblem` when a newer Fleetvisor wrote this database: there is no way back.
 */
export function migrate(db: Database, folder: string): void {
  const files = migrationFiles(folder);
  const newer = newerThan(db.schema(), files);
  if (newer !== null)
    throw new StoreProblem(
      `the database is of a newer Fleetvisor (${newer}): run that version, or restore an older backup`,
    );
  db.inTransaction(() => keepNames(db, files));
  for (const file of files) db.inTransaction(() => step(db, folder, file));
}

/** From here on a database tells its migrations by name, so that two branches may both add one. */
function keepNames(db: Database, files: readonly string[]): void {
  const schema = db.schema();
  if (schema.applied !== null) return;
  db.script('create table applied_migrations (file text primary key) strict, without rowid');
  const missing = missingIn(schema, files);
  for (const file of files) if (!missing.includes(file)) note(db, file);
}

function step(db: Database, folder: string, file: string): void {
  const schema = db.schema();
  if (!missingIn(schema, [file]).includes(file)) return; // another hub process was faster
  db.script(readFileSync(join(folder, file), 'utf8'));
  note(db, file);
  db.pragma(`user_version = ${Math.max(schema.version, numberOf(file))}`);
}

const note = (db: Database, file: string): void =>
  db.script(`insert into applied_migrations values ('${file}')`);
