import type { Usage } from '../fleet/metrics.ts';

/** Measurements of one while, on their way to a mean and a peak. */
export class UsageSum {
  /** Which while, counted from the epoch. */
  readonly at: number;
  samples = 0;
  #cpu = 0;
  #cpuMost = 0;
  #memory = 0;
  #memoryMost = 0;

  constructor(at: number) {
    this.at = at;
  }

  add({ cpu, cpuMost, memory, memoryMost }: Usage): void {
    this.samples++;
    this.#cpu += cpu;
    this.#memory += memory;
    this.#cpuMost = Math.max(this.#cpuMost, cpuMost);
    this.#memoryMost = Math.max(this.#memoryMost, memoryMost);
  }

  usage(): Usage {
    return {
      cpu: this.#cpu / this.samples,
      cpuMost: this.#cpuMost,
      memory: this.#memory / this.samples,
      memoryMost: this.#memoryMost,
    };
  }
}
