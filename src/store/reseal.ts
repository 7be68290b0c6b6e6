import { join } from 'node:path';
import { sql as raw } from 'kysely';
import { Audit, type AuditCheck } from './audit.ts';
import { Database } from './database.ts';
import { endKeyChange, makeNextKey, sealOfDatabase } from './key-file.ts';
import type { Seal } from './seal.ts';
import { SEALED_COLUMNS, type SealedColumn } from './sealed-columns.ts';
import { asStoreProblem, StoreProblem } from './store-problem.ts';

export interface ResealOrder {
  readonly dataFolder: string;
  /** Writes down that it begins, and within the one transaction that it was done. */
  begin(audit: Audit): number;
  end(audit: Audit, begun: number): void;
}

export interface Resealed {
  /** Passwords, second factors and keys of the hub that were sealed anew. */
  readonly secrets: number;
  /** Those that did not open before, and stay as they are. */
  readonly lost: number;
  /** As it was before: a row that did not fit does not fit now. */
  readonly audit: AuditCheck;
}

/**
 * Seals everything with a new key, in three steps: a new key beside `hub.key`, the database in one transaction, the new
 * key in the place of `hub.key`. Whoever opens the folder after any of them takes the key that opens the database.
 * The caller holds the lock of the data folder. Throws `StoreProblem`, also when anybody has the database open.
 */
export function reseal(order: ResealOrder): Resealed {
  const { dataFolder } = order;
  const file = join(dataFolder, 'fleetvisor.db');
  try {
    endKeyChange(dataFolder);
    const resealed = sealDatabase(file, makeNextKey(dataFolder), order);
    endKeyChange(dataFolder);
    return resealed;
  } catch (error) {
    endKeyChange(dataFolder);
    throw isOpenElsewhere(error)
      ? new StoreProblem(`${file}: another program has it open: end that program, then try again`)
      : asStoreProblem(file, error);
  }
}

function isOpenElsewhere(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'SQLITE_BUSY';
}

/** The second step alone. */
export function sealDatabase(file: string, next: Seal, { dataFolder, begin, end }: ResealOrder): Resealed {
  const db = new Database(file, 'full', 1_000, 'nobody');
  try {
    db.pragma('secure_delete = ON'); // what the former key opens is not left in free pages
    const seal = sealOfDatabase(dataFolder, db.sealedKey());
    const audit = new Audit(db, seal);
    const check = audit.verify();
    const begun = begin(audit);
    return db.inTransaction(() => {
      const columns = SEALED_COLUMNS.map((column) => sealColumn(db, column, seal, next));
      audit.markAnew(next);
      end(new Audit(db, next), begun);
      return {
        secrets: sum(columns.map(([done]) => done)),
        lost: sum(columns.map(([, lost]) => lost)),
        audit: check,
      };
    });
  } finally {
    db.close();
  }
}

function sealColumn(
  db: Database,
  { table, key, column, about }: SealedColumn,
  seal: Seal,
  next: Seal,
): readonly [done: number, lost: number] {
  const [tableRef, keyRef, columnRef] = [raw.table(table), raw.ref(key), raw.ref(column)];
  const rows = db.allOf<{ id: string | number; text: string }>(
    raw`select ${keyRef} as id, ${columnRef} as text from ${tableRef} where ${columnRef} is not null`,
  );
  let lost = 0;
  for (const { id, text } of rows) {
    const secret = seal.open(text, about(String(id)));
    if (secret === null) lost++;
    else {
      const sealed = next.seal(secret, about(String(id)));
      db.runOf(raw`update ${tableRef} set ${columnRef} = ${sealed} where ${keyRef} = ${id}`);
    }
  }
  return [rows.length - lost, lost];
}

const sum = (counts: readonly number[]): number => counts.reduce((all, count) => all + count, 0);
