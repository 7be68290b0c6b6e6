import { chownSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { backUp, restore } from '../../src/store/backup.ts';
import { lockDataFolder } from '../../src/store/lock.ts';
import { reseal } from '../../src/store/reseal.ts';
import { migrationFiles } from '../../src/store/schema.ts';
import { openStore } from '../../src/store/store.ts';
import { tempDir } from '../support/supervisors.ts';

const MIGRATIONS = join(import.meta.dirname, '../../migrations');
const NOBODY = 65534;

function folderOf(owner: number, above: string, name: string): string {
  const folder = join(above, name);
  mkdirSync(folder, { mode: 0o700 });
  chownSync(folder, owner, owner);
  return folder;
}

const ownersIn = (folder: string): number[] => [
  ...new Set(readdirSync(folder).map((name) => statSync(join(folder, name)).uid)),
];

test.runIf(process.getuid?.() === 0)(
  'what root makes in a data folder belongs to the owner of the folder, whose hub could not start otherwise',
  (t) => {
    const dir = tempDir(t);
    const dataFolder = folderOf(NOBODY, dir, 'data');
    lockDataFolder(dataFolder)();
    openStore({ dataFolder, migrations: MIGRATIONS, nowMs: 1 }).close();
    reseal({ dataFolder, begin: () => 0, end: () => undefined });
    expect(ownersIn(dataFolder)).toEqual([NOBODY]);

    const file = join(dir, 'backup.db');
    backUp({ dataFolder, file, key: 'with key', nowMs: 1 });
    const elsewhere = folderOf(NOBODY, dir, 'elsewhere');
    restore({ dataFolder: elsewhere, file, known: migrationFiles(MIGRATIONS), stamp: 's' });
    expect(readdirSync(elsewhere)).toContain('hub.key');
    expect(ownersIn(elsewhere)).toEqual([NOBODY]);
  },
);
