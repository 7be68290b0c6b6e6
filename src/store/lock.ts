import { existsSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { giveToFolderOwner } from './folder-owner.ts';
import { StoreProblem } from './store-problem.ts';

/**
 * Keeps every other hub off this data folder for as long as this process lives, however it ends.
 * Returns the way to let go. Throws `StoreProblem` when one is running there.
 */
export function lockDataFolder(dataFolder: string): () => void {
  const file = join(dataFolder, 'hub.lock');
  const isNew = !existsSync(file);
  const lock = new Sqlite(file, { timeout: 0 });
  try {
    lock.exec('begin exclusive');
    if (isNew) giveToFolderOwner(file);
  } catch (error) {
    lock.close();
    if (error instanceof Error && 'code' in error && error.code === 'SQLITE_BUSY')
      throw new StoreProblem(
        `${dataFolder}: another hub is running on this data folder: end it, or choose another with --data`,
      );
    throw error;
  }
  return () => lock.close();
}
