import { copyFileSync, existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { expect, test } from 'vitest';
import { Database } from '../../src/store/database.ts';
import { migrate } from '../../src/store/migrate.ts';
import { migrationFiles, readSchema } from '../../src/store/schema.ts';
import { openStore } from '../../src/store/store.ts';
import { tempDir } from '../support/supervisors.ts';

const MIGRATIONS = join(import.meta.dirname, '../../migrations');
const DB = 'fleetvisor.db';

/** Runs scripts statement by statement, and tells before and after each: what lies on disk then is what a kill leaves. */
class Halting extends Database {
  atRest: () => void = () => {};

  override script(text: string): void {
    for (const statement of statementsOf(text)) {
      this.atRest();
      super.script(statement);
    }
    this.atRest();
  }
}

/** A trigger has statements inside. */
function statementsOf(text: string): string[] {
  const parts: string[] = [];
  let open = '';
  for (const piece of text.split(/(?<=;)\s*\n/)) {
    open += `${piece}\n`;
    if (/create trigger/.test(open) && !/\bend;\s*$/.test(open)) continue;
    parts.push(open.trimEnd());
    open = '';
  }
  return parts.filter((part) => part !== '');
}

/** Every table, index and trigger as it was written. */
function shapeOf(file: string): { readonly applied: readonly string[]; readonly parts: readonly unknown[] } {
  const db = new Sqlite(file);
  try {
    const parts = db.prepare('select type, name, sql from sqlite_master order by type, name').all();
    return { applied: readSchema(db).applied ?? [], parts };
  } finally {
    db.close();
  }
}

// A store is opened for every statement ever written: it takes as long as the disk does.
test('H22 migrations interrupted at every statement leave the schema before one or after it, never between (abuse 20)', {
  timeout: 60_000,
}, (t) => {
  const dir = tempDir(t);
  const first = join(dir, 'first');
  const copies: string[] = [];
  const clean = new Map<string, readonly unknown[]>();
  mkdirSync(first);
  const db = new Halting(join(first, DB), 'normal');
  db.atRest = () => {
    const copy = join(dir, `copy-${copies.length}`);
    mkdirSync(copy);
    for (const end of ['', '-wal'])
      if (existsSync(join(first, `${DB}${end}`)))
        copyFileSync(join(first, `${DB}${end}`), join(copy, `${DB}${end}`));
    copies.push(copy);
  };
  migrate(db, MIGRATIONS);
  db.close();
  const files = migrationFiles(MIGRATIONS);
  const only = join(dir, 'only');
  mkdirSync(only);
  mkdirSync(join(dir, 'clean'));
  for (const file of files) {
    copyFileSync(join(MIGRATIONS, file), join(only, file));
    const upTo = new Database(join(dir, 'clean', DB), 'normal');
    migrate(upTo, only);
    upTo.close();
    const shape = shapeOf(join(dir, 'clean', DB));
    clean.set(shape.applied.join(), shape.parts);
  }
  const whole = shapeOf(join(first, DB));
  expect(whole.applied).toEqual(readdirSync(MIGRATIONS).sort());
  expect(copies.length).toBeGreaterThan(files.length * 3);
  for (const copy of copies) {
    const left = shapeOf(join(copy, DB));
    if (left.applied.length > 0) expect(left.parts, copy).toEqual(clean.get(left.applied.join()));
    openStore({ dataFolder: copy, migrations: MIGRATIONS, nowMs: 0 }).close();
    expect(shapeOf(join(copy, DB)), copy).toEqual(whole);
  }
});
