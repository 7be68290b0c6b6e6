/** Restarts nobody asked for, within one half hour. */
export interface RestartSlot {
  /** When it begins. */
  readonly atMs: number;
  readonly restarts: number;
  /** In it a process was flapping: started again for the third time within 20 minutes. */
  readonly flapping: boolean;
}

export const SLOT_MS = 30 * 60_000;
const SLOTS = 48;

export const FLAPPING = { restarts: 3, withinMs: 20 * 60_000 } as const;

/** The last day in half hours, oldest first, the present one last. Of each process when it was restarted, oldest first. */
export function restartSlots(
  processes: Iterable<{ readonly restartsAtMs: readonly number[] }>,
  nowMs: number,
): RestartSlot[] {
  const firstMs = (Math.floor(nowMs / SLOT_MS) - SLOTS + 1) * SLOT_MS;
  const counts = new Array<number>(SLOTS).fill(0);
  const flapping = new Set<number>();
  for (const { restartsAtMs } of processes)
    for (const [nth, atMs] of restartsAtMs.entries()) {
      const slot = Math.floor((atMs - firstMs) / SLOT_MS);
      if (counts[slot] === undefined) continue;
      counts[slot]++;
      const earlier = restartsAtMs[nth - FLAPPING.restarts + 1];
      if (earlier !== undefined && atMs - earlier < FLAPPING.withinMs) flapping.add(slot);
    }
  return counts.map((restarts, slot) => ({
    atMs: firstMs + slot * SLOT_MS,
    restarts,
    flapping: flapping.has(slot),
  }));
}
