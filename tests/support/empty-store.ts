import { resolve } from 'node:path';
import { systemClock } from '../../src/clock.ts';
import { openStore } from '../../src/store/store.ts';

/** The data folder of a hub in which nothing has happened yet. */
export function emptyStore(dataFolder: string): void {
  const migrations = resolve(import.meta.dirname, '../../migrations');
  openStore({ dataFolder, migrations, nowMs: systemClock.wallMs() }).close();
}
