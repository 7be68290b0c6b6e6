import type { ProcessState } from '@fleetvisor/agent/protocol';
import type { Reachability } from './host.ts';

/** Something that happened in the fleet, as history keeps it. */
export type FleetEvent = (ProcessHappened | HostHappened) & {
  /** Grows with every event, and never comes again. */
  readonly id: number;
};

export type NewFleetEvent = ProcessHappened | HostHappened;

interface Happened {
  readonly atMs: number;
  readonly hostId: string;
  /** The host's name at the time. */
  readonly host: string;
}

export interface ProcessHappened extends Happened {
  readonly kind: 'process';
  readonly group: string;
  readonly process: string;
  readonly state: ProcessState;
  readonly pid: number;
  readonly exitStatus: number | null;
  readonly exitSignal: string | null;
  readonly expected: boolean | null;
  readonly spawnError: string;
  /** It was started again though nobody asked. */
  readonly restarted: boolean;
  /** It ended as nobody wished. */
  readonly crashed: boolean;
  /** Last words of a crash, newest last; null: none known. */
  readonly lastLines: readonly string[] | null;
}

export interface HostHappened extends Happened {
  readonly kind: 'host';
  readonly state: Reachability['kind'];
  /** What is wrong with it; empty when nothing is. */
  readonly says: string;
}

export type EventKind = FleetEvent['kind'];
