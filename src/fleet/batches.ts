import type { Target } from './action.ts';
import type { BatchSize, Order } from './pace.ts';

export interface Ordering<T> {
  readonly order: Order;
  /** For `given`: smaller comes first; those that are equal stay as they are. */
  readonly rank: (target: T) => number;
  /** From 0 up to, not including, 1. */
  readonly random: () => number;
}

/** The targets, sorted by name before, in the order they are to be begun. `random` keeps a host's targets together. */
export function inOrder<T extends Target>(
  targets: readonly T[],
  { order, rank, random }: Ordering<T>,
): readonly T[] {
  if (order === 'name') return targets;
  if (order === 'given') return [...targets].sort((left, right) => rank(left) - rank(right));
  return shuffled(byHost(targets), random).flat();
}

/** Says of each target in which batch it is, from 0; a batch of hosts holds all targets of each. */
export function inBatches<T extends Target>(
  targets: readonly T[],
  size: BatchSize,
): (T & { readonly batch: number })[] {
  if (size.of === 'hosts')
    return byHost(targets).flatMap((ofHost, at) =>
      ofHost.map((target) => ({ ...target, batch: Math.floor(at / size.n) })),
    );
  const n = size.of === 'percent' ? Math.max(1, Math.ceil((targets.length * size.n) / 100)) : size.n;
  return targets.map((target, at) => ({ ...target, batch: Math.floor(at / n) }));
}

/** How many batches there are; one where nothing is parted. */
export function batchCount(targets: readonly { readonly batch?: number }[]): number {
  return targets.reduce((most, { batch = 0 }) => Math.max(most, batch + 1), 0);
}

function byHost<T extends Target>(targets: readonly T[]): T[][] {
  const hosts = new Map<string, T[]>();
  for (const target of targets) {
    const known = hosts.get(target.hostId);
    if (known === undefined) hosts.set(target.hostId, [target]);
    else known.push(target);
  }
  return [...hosts.values()];
}

function shuffled<T>(list: readonly T[], random: () => number): T[] {
  const rest = [...list];
  const out: T[] = [];
  while (rest.length > 0) out.push(...rest.splice(Math.floor(random() * rest.length), 1));
  return out;
}
