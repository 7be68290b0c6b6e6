import { availableParallelism, totalmem } from 'node:os';

/** What the machine, or the container around this process, has to give. */
export interface Machine {
  readonly memoryBytes: number;
  readonly cpus: number;
}

export function machine(): Machine {
  const all = totalmem();
  // 0 or absurdly much where no control group sets a limit.
  const limit = process.constrainedMemory();
  return { memoryBytes: limit > 0 && limit < all ? limit : all, cpus: availableParallelism() };
}
