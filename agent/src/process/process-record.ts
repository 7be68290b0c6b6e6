import type { ChildExit } from '../events/event.ts';
import type { SavedLog } from '../logs/child-log.ts';
import type { ProcessState } from '../protocol/states.ts';

/** What a process waits for; at most one thing at a time. */
export type Waiting = 'stayed-up' | 'retry' | 'kill';

/** Everything a process knows that outlives one call: plain data, so that it can be written out and read back. */
export interface ProcessRecord {
  state: ProcessState;
  sinceMs: number;
  pid: number;
  startedAtMs: number;
  /** Of the monotonic clock: how long a child stayed up is measured by it alone. Contract: PROC-063. */
  startedAtUptimeMs: number;
  stoppedAtMs: number;
  spawnError: string;
  exit: ChildExit | null;
  tries: number;
  /** A stop was asked for and the child has not ended yet. */
  stopAsked: boolean;
  waiting: { readonly for: Waiting; readonly untilUptimeMs: number } | null;
}

/** A slot that never ran. */
export function newRecord(wallMs: number): ProcessRecord {
  return {
    state: 'STOPPED',
    sinceMs: wallMs,
    pid: 0,
    startedAtMs: 0,
    startedAtUptimeMs: 0,
    stoppedAtMs: 0,
    spawnError: '',
    exit: null,
    tries: 0,
    stopAsked: false,
    waiting: null,
  };
}

/** A record as it travels to another run of the daemon, whose monotonic clock starts elsewhere. */
export interface SavedProcess extends Omit<ProcessRecord, 'waiting' | 'startedAtUptimeMs'> {
  readonly group: string;
  readonly name: string;
  readonly upForMs: number;
  readonly waiting: { readonly for: Waiting; readonly forMs: number } | null;
  readonly logs: { readonly stdout: SavedLog; readonly stderr: SavedLog | null };
  readonly pipes: {
    readonly stdin: number | null;
    readonly stdout: number | null;
    readonly stderr: number | null;
  } | null;
}

/** Times of the monotonic clock become durations. */
export function saveRecord(
  who: { readonly group: string; readonly name: string },
  { waiting, startedAtUptimeMs, ...rest }: ProcessRecord,
  { pipes, logs }: Pick<SavedProcess, 'pipes' | 'logs'>,
  nowUptimeMs: number,
): SavedProcess {
  return {
    ...rest,
    group: who.group,
    name: who.name,
    upForMs: nowUptimeMs - startedAtUptimeMs,
    waiting: waiting && { for: waiting.for, forMs: Math.max(0, waiting.untilUptimeMs - nowUptimeMs) },
    pipes,
    logs,
  };
}
