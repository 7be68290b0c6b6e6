import type { ProcessState } from '../protocol/states.ts';

/** What moves a process from one state to another. */
export type Trigger =
  | 'spawn'
  | 'stayedUp'
  | 'exitedEarly'
  | 'spawnFailed'
  | 'retriesSpent'
  | 'exited'
  | 'stop'
  | 'stopped'
  | 'signalFailed';

/**
 *              spawn            stayedUp            exited
 *   STOPPED ──────────▶ STARTING ───────▶ RUNNING ────────▶ EXITED ──spawn──▶ STARTING
 *      ▲                 │   ▲  │            │
 *      │     exitedEarly │   │  └─ stop ─┐   │ stop
 *      │     spawnFailed ▼   │ spawn     ▼   ▼
 *      └────── stop ─── BACKOFF       STOPPING ──stopped──▶ STOPPED
 *                         │ retriesSpent   │ signalFailed
 *                         ▼                ▼
 *                       FATAL           UNKNOWN
 */
const TRANSITIONS: Record<ProcessState, Partial<Record<Trigger, ProcessState>>> = {
  STOPPED: { spawn: 'STARTING' },
  STARTING: {
    stayedUp: 'RUNNING',
    exitedEarly: 'BACKOFF',
    spawnFailed: 'BACKOFF',
    stop: 'STOPPING',
    signalFailed: 'UNKNOWN',
  },
  RUNNING: { exited: 'EXITED', stop: 'STOPPING', signalFailed: 'UNKNOWN' },
  BACKOFF: { spawn: 'STARTING', retriesSpent: 'FATAL', stop: 'STOPPED' },
  STOPPING: { stopped: 'STOPPED', signalFailed: 'UNKNOWN' },
  EXITED: { spawn: 'STARTING' },
  FATAL: { spawn: 'STARTING' },
  // a child that could not be signalled may still end by itself
  UNKNOWN: { exited: 'EXITED', stopped: 'STOPPED' },
};

/** The state after `trigger`. An illegal move is a bug and throws. Contract: PROC-001, PROC-031 to PROC-058. */
export function nextState(from: ProcessState, trigger: Trigger): ProcessState {
  const to = TRANSITIONS[from][trigger];
  if (to === undefined) throw new Error(`illegal transition: ${trigger} while ${from}`);
  return to;
}
