import type { Clock } from '../clock.ts';

/** So long at a time is little beside a look at the fleet, and nobody waits for it. */
const SLICE_MS = 10;

/** Does work that parts where it yields, a slice at a time: others have the hub in between. */
export async function inSlices<T>(work: Generator<void, T>, clock: Clock): Promise<T> {
  for (;;) {
    const untilMs = clock.uptimeMs() + SLICE_MS;
    do {
      const piece = work.next();
      if (piece.done) return piece.value;
      await null; // what a piece began goes on now, and counts
    } while (clock.uptimeMs() < untilMs);
    await new Promise<void>((done) => void clock.after(0, done));
  }
}
