import type { Channel } from '../protocol/info.ts';
import type { ProcessState } from '../protocol/states.ts';

/** Who an event is about. */
export interface ProcessName {
  readonly name: string;
  readonly group: string;
}

/** A process changed state; every value is frozen at the moment of the change. Contract: EVT-010 to EVT-016. */
export interface ProcessStateEvent {
  readonly kind: 'process-state';
  readonly process: ProcessName;
  readonly from: ProcessState;
  readonly to: ProcessState;
  readonly wallMs: number;
  /** Of the child the change is about; 0 when there is none. */
  readonly pid: number;
  /** Start attempts so far: 0 on the first STARTING, already incremented in BACKOFF. */
  readonly tries: number;
  /** On EXITED: whether the exit status is among exitcodes. */
  readonly expected: boolean;
  /** How the child ended, on EXITED, STOPPED and BACKOFF after an exit. */
  readonly exit: ChildExit | null;
  /** supervisord's spawnerr text; empty when there is none. */
  readonly spawnError: string;
}

/** `code` or `signal` is set; neither for a child that another daemon had started. */
export interface ChildExit {
  readonly code: number | null;
  /** Name of the signal; `signal 35` for one that has none. */
  readonly signal: string | null;
}

export interface ProcessLogEvent {
  readonly kind: 'process-log' | 'process-communication';
  readonly process: ProcessName;
  readonly channel: Channel;
  readonly pid: number;
  readonly data: Buffer;
}

export interface RemoteCommunicationEvent {
  readonly kind: 'remote-communication';
  readonly type: string;
  readonly data: string;
}

export interface TickEvent {
  readonly kind: 'tick';
  readonly period: 5 | 60 | 3600;
  /** Epoch seconds at which the period began. */
  readonly when: number;
}

export interface DaemonStateEvent {
  readonly kind: 'daemon-state';
  readonly to: 'RUNNING' | 'STOPPING';
}

export interface ProcessGroupEvent {
  readonly kind: 'group-added' | 'group-removed';
  readonly group: string;
}

/** A process has a new configuration, log or cleared log; no supervisord event, but the uplink tells it. */
export type SupervisorEvent =
  | ProcessStateEvent
  | ProcessLogEvent
  | RemoteCommunicationEvent
  | TickEvent
  | DaemonStateEvent
  | ProcessGroupEvent;

/**
 * Tells every subscriber of everything that happens, synchronously and in order.
 * A subscriber that throws is a bug and is reported; the others still hear.
 */
export interface EventBus {
  emit(event: SupervisorEvent): void;
  /**
   * Returns the way to unsubscribe. Log chunks (`process-log`) are told only to those who say `logs: true`:
   * making them costs a copy of every byte the children write.
   */
  subscribe(hear: (event: SupervisorEvent) => void, wants?: { readonly logs?: boolean }): () => void;
  /** False while nobody wants them: then log chunks need not be copied. */
  wantsLogs(): boolean;
}
