import { createHash } from 'node:crypto';
import { existsSync, linkSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { sealedKeyIn } from './schema.ts';
import { isKey, makeKey, openSeal, readKey, type Seal, sealOf } from './seal.ts';
import { ABOUT } from './sealed-columns.ts';
import { StoreProblem } from './store-problem.ts';
import { sync } from './sync.ts';

/** The key of a data folder, and the one that will replace it, which lies beside it while the database is sealed anew. */
export const keyFiles = (dataFolder: string) => ({
  own: join(dataFolder, 'hub.key'),
  next: join(dataFolder, 'hub.key.next'),
});

/**
 * The seal a database was written with. `sealed` is the hub's private key as the database holds it; null for a new
 * database, for which a key is made. Throws `StoreProblem` when no key here opens it.
 */
export function sealOfDatabase(dataFolder: string, sealed: string | null): Seal {
  const { own, next } = keyFiles(dataFolder);
  if (sealed === null) return openSeal(own);
  const key = fittingKey(dataFolder, sealed);
  if (key !== null) return sealOf(key);
  const there = [own, next].filter((file) => existsSync(file));
  there.forEach(openSeal); // says so when others may read it, or it is no key
  throw new StoreProblem(
    there.length > 0
      ? 'hub.key is not the key this database was written with: restore it from the backup'
      : `${own}: it is not there: put it back from where it is kept, or restore a backup made --with-key`,
  );
}

/** The key that opens `sealed`: after a change that was broken off it may still be the next one. Null: none here does. */
export function fittingKey(dataFolder: string, sealed: string): string | null {
  const { own, next } = keyFiles(dataFolder);
  // `own` once more: the next one may have taken its place while this looked.
  for (const file of [own, next, own]) {
    const key = readKey(file);
    if (key !== null && opens(key, sealed)) return key;
  }
  return null;
}

/** Writes a new key beside the one that counts. */
export function makeNextKey(dataFolder: string): Seal {
  const key = makeKey(keyFiles(dataFolder).next);
  sync(dataFolder);
  return sealOf(key);
}

/**
 * Ends a change of the key, also one that was broken off: the next key takes the place of `hub.key` when the database
 * was sealed with it, and is removed when it never counted. The caller holds the lock of the data folder.
 */
export function endKeyChange(dataFolder: string): void {
  const { own, next } = keyFiles(dataFolder);
  const database = join(dataFolder, 'fleetvisor.db');
  if (!existsSync(next) || !existsSync(database)) return;
  const key = readKey(next);
  const sealed = sealedKeyIn(database);
  if (key !== null && sealed !== null && opens(key, sealed)) {
    keepFormer(own);
    renameSync(next, own);
  } else rmSync(next);
  sync(dataFolder);
}

/** What older backups made without their key need. */
function keepFormer(own: string): void {
  const key = readKey(own);
  if (key === null) return;
  const former = `${own}.before-${createHash('sha256').update(key).digest('hex').slice(0, 8)}`;
  if (!existsSync(former)) linkSync(own, former);
}

/** Whether this text is the key that sealed a private key of the hub. */
export function opens(key: string, sealed: string): boolean {
  return isKey(key) && sealOf(key).open(sealed, ABOUT.hubKey()) !== null;
}
