import { readFileSync } from 'node:fs';
import { lastErrnoName, libc } from './libc.ts';

const RESOURCES = { RLIMIT_NPROC: 6, RLIMIT_NOFILE: 7 } as const;
export type Resource = keyof typeof RESOURCES;

/** Soft and hard limit; `Infinity` is unlimited. */
export interface Limit {
  readonly soft: number;
  readonly hard: number;
}

const UNLIMITED = 2n ** 64n - 1n;
const toNumber = (value: bigint): number => (value === UNLIMITED ? Number.POSITIVE_INFINITY : Number(value));
const toBig = (value: number): bigint => (Number.isFinite(value) ? BigInt(value) : UNLIMITED);

export function readLimit(resource: Resource): Limit {
  const old = new BigUint64Array(2);
  libc.prlimit(0, RESOURCES[resource], null, Buffer.from(old.buffer));
  return { soft: toNumber(old[0] ?? 0n), hard: toNumber(old[1] ?? 0n) };
}

/** Null, or the name of the system's error. */
export function setLimit(resource: Resource, limit: Limit): string | null {
  const wanted = Buffer.from(new BigUint64Array([toBig(limit.soft), toBig(limit.hard)]).buffer);
  return libc.prlimit(0, RESOURCES[resource], wanted, null) === 0 ? null : lastErrnoName();
}

/** What a distribution's systemd gives as hard limit when nobody configured one. */
const SYSTEMD_DEFAULT_HARD = 524_288;

/**
 * The soft limit on descriptors this process was started with. Node raises its own to the hard limit before
 * any of our code runs, so it is taken from the launcher, which usually had the same. Below pid 1 the launcher's
 * own says nothing: there a hard limit that somebody set is what was meant, and 1024 otherwise.
 */
export function launchSoftNofile(): number {
  const { hard } = readLimit('RLIMIT_NOFILE');
  if (process.ppid <= 1) return hard < SYSTEMD_DEFAULT_HARD ? hard : 1024;
  try {
    const line = /^Max open files\s+(\S+)/m.exec(readFileSync(`/proc/${process.ppid}/limits`, 'utf8'));
    return Math.min(hard, line?.[1] === 'unlimited' ? hard : Number(line?.[1] ?? 1024));
  } catch {
    return Math.min(hard, 1024);
  }
}
