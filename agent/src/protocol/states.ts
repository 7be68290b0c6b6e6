/** Process states and their wire codes. Contract: PROC-001. */
export const PROCESS_STATE_CODES = {
  STOPPED: 0,
  STARTING: 10,
  RUNNING: 20,
  BACKOFF: 30,
  STOPPING: 40,
  EXITED: 100,
  FATAL: 200,
  UNKNOWN: 1000,
} as const;

export type ProcessState = keyof typeof PROCESS_STATE_CODES;

/** States in which a start is refused and a stop is possible. Contract: PROC-002. */
export const RUNNING_STATES: ReadonlySet<ProcessState> = new Set(['RUNNING', 'BACKOFF', 'STARTING']);
/** States in which a process has no child and may be removed. Contract: PROC-003. */
export const STOPPED_STATES: ReadonlySet<ProcessState> = new Set(['STOPPED', 'EXITED', 'FATAL', 'UNKNOWN']);
/** States in which a signal can be delivered. Contract: PROC-004. */
export const SIGNALLABLE_STATES: ReadonlySet<ProcessState> = new Set(['RUNNING', 'STARTING', 'STOPPING']);

const BY_CODE = new Map<number, ProcessState>(
  Object.entries(PROCESS_STATE_CODES).map(([state, code]) => [code, state as ProcessState]),
);

/** The state with this wire code; a code nobody documents is UNKNOWN. */
export function processStateOf(code: number): ProcessState {
  return BY_CODE.get(code) ?? 'UNKNOWN';
}

/** Daemon states and their wire codes. Contract: PROC-005. */
export const DAEMON_STATE_CODES = { FATAL: 2, RUNNING: 1, RESTARTING: 0, SHUTDOWN: -1 } as const;
export type DaemonState = keyof typeof DAEMON_STATE_CODES;
