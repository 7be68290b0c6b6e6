import type { ProcessState } from '@fleetvisor/agent/protocol';

/** One process as its host last told it. All times are epoch milliseconds by the hub's clock. */
export interface ProcessFacts {
  readonly group: string;
  readonly name: string;
  readonly state: ProcessState;
  /** When it entered this state, as near as the source tells. */
  readonly sinceMs: number;
  /** 0: no child. */
  readonly pid: number;
  /** 0: never. */
  readonly startedAtMs: number;
  readonly stoppedAtMs: number;
  /** supervisord's number: the exit code, or -1 after a signal; null while unknown or never ended. */
  readonly exitStatus: number | null;
  /** Agent hosts only. */
  readonly exitSignal: string | null;
  /** On EXITED: false when the exit was not among exitcodes; null where the source does not tell. */
  readonly expected: boolean | null;
  readonly spawnError: string;
  /** When BACKOFF tries again, if known. */
  readonly retryAtMs: number | null;
  /** Failed start attempts in a row, if known. */
  readonly tries: number | null;
  /** startsecs in milliseconds, if known. */
  readonly startMs: number | null;
  readonly hasStdout: boolean;
  readonly hasStderr: boolean;
}

/** One process as the fleet knows it: what its host told, and what the hub saw of it over time. */
export interface ProcessView extends ProcessFacts {
  readonly hostId: string;
  /** Times it was started again in the last hour, not counting operators' starts where the hub can tell. */
  readonly restarts: number;
  /** Three or more unasked-for restarts within the last 20 minutes. */
  readonly flapping: boolean;
  /** Last words of the latest crash, newest last; null: none known. */
  readonly crash: { readonly atMs: number; readonly lines: readonly string[] } | null;
  /** Of one core; null where the source cannot tell. */
  readonly cpuPercent: number | null;
  readonly memoryBytes: number | null;
  /** 24 beats of one hour, oldest first: the worst thing seen in each, null for no data. */
  readonly beats: readonly (Beat | null)[];
  /** False when its host is unreachable: everything here is as last seen. */
  readonly fresh: boolean;
}

export type Beat = 'running' | 'starting' | 'stopped' | 'crashed' | 'backoff' | 'fatal' | 'exited';

export type ProcessName = Pick<ProcessView, 'hostId' | 'group' | 'name'>;

/** Identity of a process in the fleet, usable as a map key: `hostId/group:name`. */
export function processKey(process: ProcessName): string {
  return `${process.hostId}/${process.group}:${process.name}`;
}
