import { FAULT_CODES } from '../protocol/index.ts';

/** The exit statuses of supervisorctl; scripts and init systems read them. Contract: CTL-001. */
export const EXIT = {
  success: 0,
  generic: 1,
  invalidArguments: 2,
  /** `status`: something shown is down. Elsewhere: the daemon has no supervisor methods. */
  notRunningOrUnimplemented: 3,
  /** `status`: cannot tell. Elsewhere: connection refused. */
  unknownOrRefused: 4,
  wrongApiVersion: 5,
  deadProgram: 7,
} as const;

export type ExitStatus = (typeof EXIT)[keyof typeof EXIT];

const DEAD_PROGRAM_FAULTS: ReadonlySet<number> = new Set([
  FAULT_CODES.SPAWN_ERROR,
  FAULT_CODES.ABNORMAL_TERMINATION,
  FAULT_CODES.NOT_RUNNING,
]);

/**
 * The status after one more result: the last fault decides, success and the `harmless` fault change nothing.
 * Contract: CTL-003 to CTL-005.
 */
export function afterResult(before: ExitStatus, code: number, harmless?: number): ExitStatus {
  if (code === FAULT_CODES.SUCCESS || code === harmless) return before;
  return DEAD_PROGRAM_FAULTS.has(code) ? EXIT.deadProgram : EXIT.generic;
}
