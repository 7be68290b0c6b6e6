/** XML-RPC fault numbers of the supervisor namespace. Contract: RPC-025 to RPC-029. */
export const FAULT_CODES = {
  UNKNOWN_METHOD: 1,
  INCORRECT_PARAMETERS: 2,
  BAD_ARGUMENTS: 3,
  SIGNATURE_UNSUPPORTED: 4,
  SHUTDOWN_STATE: 6,
  BAD_NAME: 10,
  BAD_SIGNAL: 11,
  NO_FILE: 20,
  NOT_EXECUTABLE: 21,
  FAILED: 30,
  ABNORMAL_TERMINATION: 40,
  SPAWN_ERROR: 50,
  ALREADY_STARTED: 60,
  NOT_RUNNING: 70,
  SUCCESS: 80,
  ALREADY_ADDED: 90,
  STILL_RUNNING: 91,
  CANT_REREAD: 92,
} as const;

export type FaultName = keyof typeof FAULT_CODES;

const BY_CODE = new Map<number, FaultName>(
  Object.entries(FAULT_CODES).map(([name, code]) => [code, name as FaultName]),
);

/** The documented name of a fault number, or undefined for a number nobody documents. */
export function faultNameOf(code: number): FaultName | undefined {
  return BY_CODE.get(code);
}
