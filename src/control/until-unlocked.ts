import type { Clock } from '../clock.ts';
import type { Store } from '../store/store.ts';

const LOOK_EVERY_MS = 50;
/** As long as SQLite itself is commonly told to wait. */
const LONGEST_MS = 5_000;

/**
 * Waits while another program, as one that makes a copy, holds the database locked, and holds up nobody else.
 * False when it is still locked after five seconds.
 */
export async function untilUnlocked(store: Pick<Store, 'isLocked'>, clock: Clock): Promise<boolean> {
  const dueMs = clock.uptimeMs() + LONGEST_MS;
  while (store.isLocked()) {
    if (clock.uptimeMs() >= dueMs) return false;
    await new Promise<void>((done) => clock.after(LOOK_EVERY_MS, done));
  }
  return true;
}
