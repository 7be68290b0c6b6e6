import type { ChannelConfig } from '../config/config.ts';
import type { Clock } from '../os/clock.ts';
import type { Channel } from '../protocol/info.ts';
import type { LogFile } from './log-file.ts';
import type { LogWriters } from './log-writers.ts';
import type { MainLog } from './main-log.ts';
import type { Syslog } from './syslog.ts';

/** What a child wrote and somebody may want as an event; `data` is a copy of its own. */
export interface ChildOutput {
  readonly kind: 'process-log' | 'process-communication';
  readonly process: { readonly name: string; readonly group: string };
  readonly channel: Channel;
  readonly pid: number;
  readonly data: Buffer;
}

export interface ChildLogOptions {
  readonly process: { readonly name: string; readonly group: string };
  readonly channel: Channel;
  readonly config: ChannelConfig;
  /** A listener's stdout is its protocol: no capture, no log events, no syslog. Contract: EVT-031, PROC-116. */
  readonly isListener: boolean;
  /** Where and as whom AUTO files are named. */
  readonly childLogDir: string;
  readonly identifier: string;
  /** Asked for each chunk: a reread may change it. Contract: PROC-103. */
  readonly stripAnsi: () => boolean;
  readonly pid: () => number;
  /** One per daemon: channels that name the same path share one file, position and rotation. */
  readonly writers: LogWriters;
  readonly mainLog: MainLog;
  readonly syslog: () => Syslog;
  readonly clock: Clock;
  /** Whether `process-log` outputs are wanted now; `process-communication` is always told. */
  readonly wantsLogs: () => boolean;
  readonly tell: (output: ChildOutput) => void;
}

/**
 * Where one output channel of a process goes: file, syslog, main log, events.
 * Made when the group is added (an AUTO file is created then) and kept over the process's children.
 * Nothing a log target does keeps a child from writing: what cannot be stored is counted and reported.
 * Contract: PROC-089 to PROC-116.
 */
export interface ChildLog {
  /** Null for NONE. */
  readonly file: LogFile | null;
  /** Opens the file for a child about to be spawned. Throws the system's error, which is a spawn error. Contract: PROC-096. */
  open(): void;
  /** Takes all of `chunk` before it returns: the buffer may be reused. */
  write(chunk: Buffer): void;
  /** The child is gone and its pipe drained: bytes held back for a token or an escape are written. */
  end(): void;
  /** Opens the path anew, where a moved file was. Contract: PROC-100. */
  reopen(): void;
  /** Removes and creates the file anew. Throws the system's error. Contract: RPC-130. */
  clear(): void;
  /** Closes everything for good; the file stays. Contract: PROC-093. */
  drop(): void;
}
