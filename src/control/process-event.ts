import type { ProcessHappened } from '../fleet/event.ts';
import type { Host } from '../fleet/host.ts';
import type { LinkProcess } from '../links/host-link.ts';
import { isCrash } from './beats.ts';

/** What history has beside the process itself. */
export interface Circumstances {
  readonly atMs: number;
  /** It has a new child, and no operator asked for one. */
  readonly restarted: boolean;
  /** Its last words when it crashed, newest last. */
  readonly lastLines: readonly string[] | null;
}

/** It died and is not tried again, and nobody asked for that. */
export function diedOfItself(now: LinkProcess): boolean {
  return now.state === 'FATAL' || exitedBadly(now);
}

/** A change of a process as history has it. */
export function processEvent(
  host: Host,
  now: LinkProcess,
  { atMs, restarted, lastLines }: Circumstances,
): ProcessHappened {
  return {
    kind: 'process',
    hostId: host.id,
    host: host.name,
    group: now.group,
    process: now.name,
    atMs,
    state: now.state,
    pid: now.pid,
    exitStatus: now.exitStatus,
    exitSignal: now.exitSignal,
    expected: now.state === 'EXITED' ? !isCrash(now) : now.expected,
    spawnError: now.spawnError,
    restarted,
    crashed: lastLines !== null || now.state === 'BACKOFF' || exitedBadly(now),
    lastLines,
  };
}

const exitedBadly = (now: LinkProcess): boolean => now.state === 'EXITED' && isCrash(now);
