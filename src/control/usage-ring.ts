import type { UsagePoint } from '../fleet/metrics.ts';

/** The last hour, a point every 15 s: 2 kB for each process that is measured. */
export const RING_STEP_MS = 15_000;
export const RING_MS = 3_600_000;
const SLOTS = RING_MS / RING_STEP_MS;

const slotOf = (atMs: number): number => Math.floor(atMs / RING_STEP_MS);

/** What was measured lately; of each 15 s the most memory counts, and the mean of CPU. */
export class UsageRing {
  readonly #cpu = new Float32Array(SLOTS).fill(Number.NaN);
  readonly #memory = new Float32Array(SLOTS).fill(Number.NaN);
  #newest = Number.NEGATIVE_INFINITY;
  #samples = 0;

  get newestMs(): number {
    return this.#newest * RING_STEP_MS;
  }

  add(atMs: number, cpu: number, memory: number): void {
    const slot = slotOf(atMs);
    if (slot !== this.#newest) this.#begin(slot);
    const at = slot % SLOTS;
    const before = this.#samples === 0 ? 0 : (this.#cpu[at] ?? 0);
    this.#samples++;
    this.#cpu[at] = before + (cpu - before) / this.#samples;
    this.#memory[at] = this.#samples === 1 ? memory : Math.max(this.#memory[at] ?? 0, memory);
  }

  /** Points in `[fromMs, toMs)`, as far back as an hour before the latest. */
  points(fromMs: number, toMs: number): UsagePoint[] {
    const found: UsagePoint[] = [];
    const first = Math.max(Math.ceil(fromMs / RING_STEP_MS), this.#newest - SLOTS + 1);
    for (let slot = first; slot <= this.#newest && slot * RING_STEP_MS < toMs; slot++) {
      const [cpu, memory] = [this.#cpu[slot % SLOTS], this.#memory[slot % SLOTS]];
      if (cpu === undefined || memory === undefined || Number.isNaN(cpu)) continue;
      found.push({ atMs: slot * RING_STEP_MS, cpu, cpuMost: cpu, memory, memoryMost: memory });
    }
    return found;
  }

  /** The slots in between were not measured; after a clock that went back everything is anew. */
  #begin(slot: number): void {
    const isFar = slot < this.#newest || slot - this.#newest >= SLOTS;
    const first = isFar ? slot - SLOTS + 1 : this.#newest + 1;
    for (let one = first; one <= slot; one++) {
      this.#cpu[one % SLOTS] = Number.NaN;
      this.#memory[one % SLOTS] = Number.NaN;
    }
    this.#newest = slot;
    this.#samples = 0;
  }
}
