import type { Config, ConfigDiff, GroupConfig, ProcessConfig } from '../config/config.ts';
import type { ChildExit, EventBus } from '../events/event.ts';
import type { LogFile } from '../logs/log-file.ts';
import type { MainLog } from '../logs/main-log.ts';
import type { MarkedProcess } from '../os/child-mark.ts';
import type { Channel } from '../protocol/info.ts';
import type { DaemonState, ProcessState } from '../protocol/states.ts';

/**
 * Everything the daemon supervises, as RPC, HTTP and uplink see it.
 * Calls act at once and never wait; who wants to wait subscribes to `events`.
 */
export interface Supervisor {
  readonly events: EventBus;
  readonly mainLog: MainLog;
  daemonState(): DaemonState;
  /** The configuration last read; groups that are active may still run an older one. */
  config(): Config;
  /** Active groups in start order: by priority, later additions after equals. */
  groups(): readonly ProcessGroup[];
  group(name: string): ProcessGroup | undefined;
  /**
   * Reads the files again and keeps the result for `addGroup`; no running process is touched.
   * Refuses: `cannot-reread`. Contract: RPC-057 to RPC-063.
   */
  reread(): ConfigDiff;
  /** Activates a group of the last-read configuration. Refuses: `already-added`, `no-such-process`. */
  addGroup(name: string): void;
  /** Forgets a group with no running process. Refuses: `no-such-process`, `still-running`. */
  removeGroup(name: string): void;
  /** Begins an orderly shutdown. Refuses: `shutting-down`. */
  shutdown(): void;
  /** Begins a restart in place, after validating the files. Refuses: `shutting-down`, `cannot-reread`. */
  restart(): void;
  /** What children that ended have left running, as it is now. Reads the process table. */
  strays(): readonly MarkedProcess[];
  /** Reopens the main log and every open child log. */
  reopenLogs(): void;
}

export interface ProcessGroup {
  readonly name: string;
  readonly config: GroupConfig;
  /** In stored order; batches sort by priority themselves. */
  readonly processes: readonly Process[];
  process(name: string): Process | undefined;
}

/** One supervised slot. Times are epoch milliseconds, 0 for "never". */
export interface Process {
  readonly name: string;
  readonly group: string;
  readonly config: ProcessConfig;
  readonly state: ProcessState;
  /** Wall time of the last change of state. */
  readonly sinceMs: number;
  /** 0 when there is no child. */
  readonly pid: number;
  /** Last spawn attempt, also a failed one. */
  readonly startedAtMs: number;
  /** When the last exit was reaped. */
  readonly stoppedAtMs: number;
  readonly spawnError: string;
  /** Null until a child ended whose status is kept (PROC-034). */
  readonly exit: ChildExit | null;
  /** Failed start attempts in a row. */
  readonly tries: number;
  /** When BACKOFF will try again, by the monotonic clock; null in any other state. */
  readonly retryAtUptimeMs: number | null;

  /**
   * Starts now; on return the state is STARTING (or RUNNING when startsecs is 0, or BACKOFF/FATAL when the
   * spawn failed, with `spawnError` set).
   * Refuses, in this order: `no-file`, `not-executable`, `already-started`, `failed` (UNKNOWN state), `stopping`.
   * Contract: RPC-067, PROC-013 to PROC-042.
   */
  start(): void;
  /** Begins to stop: see PROC-051 to PROC-058. Refuses: `not-running`, `failed`. */
  stop(): void;
  /** Signals the child's pid only. Refuses: `not-running`, `failed`. */
  signal(signal: number): void;
  /** Queues bytes for the child's stdin, bounded. Refuses: `not-running`, `no-file` (no usable pipe), `failed` (queue full). */
  writeStdin(bytes: Buffer): void;
  /** Empties the logs of a process that has pipes; else does nothing. Refuses: `failed`. Contract: RPC-130, RPC-131. */
  clearLogs(): void;
  /** The channel's log file, or null when it has none. */
  log(channel: Channel): LogFile | null;
}
