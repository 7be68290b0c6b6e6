import { getHeapStatistics, setFlagsFromString } from 'node:v8';
import type { Clock } from '../clock.ts';

/** Less than this costs more time to look for than it is worth. */
const GARBAGE_BYTES = 22 * 1024 ** 2;
const LOOK_EVERY_MS = 20_000;

/**
 * Lets so much garbage gather before V8 cleans up, however much is in use. V8's own measure is a multiple of that: with
 * 5,000 agents three times what they need.
 */
export function keepHeapSmall(clock: Clock): void {
  const inUse = getHeapStatistics().used_heap_size;
  setFlagsFromString(`--heap-growing-percent=${Math.ceil((GARBAGE_BYTES / inUse) * 100)}`);
  clock.after(LOOK_EVERY_MS, () => keepHeapSmall(clock));
}
