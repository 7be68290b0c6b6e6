import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { StoreProblem } from './store-problem.ts';

/**
 * Keeps every other hub off this data folder for as long as this process lives, however it ends.
 * Returns the way to let go. Throws `StoreProblem` when one is running there.
 */
export function lockDataFolder(dataFolder: string): () => void {
  const lock = new Sqlite(join(dataFolder, 'hub.lock'), { timeout: 0 });
  try {
    lock.exec('begin exclusive');
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
