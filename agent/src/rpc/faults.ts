import { Refusal, type RefusalKind } from '../process/refusal.ts';
import { FAULT_CODES, type FaultName } from '../protocol/faults.ts';

/** An answer of the "no" kind: what a method throws and a client reads. Contract: RPC-024 to RPC-029. */
export class Fault extends Error {
  readonly faultCode: number;
  readonly faultString: string;

  /** Without `detail` the text is the bare name. */
  constructor(name: FaultName, detail?: string) {
    const faultString = detail === undefined ? name : `${name}: ${detail}`;
    super(faultString);
    this.name = 'Fault';
    this.faultCode = FAULT_CODES[name];
    this.faultString = faultString;
  }
}

/** What a fault's detail is: the domain's words, the name as the caller gave it, or nothing. */
type Detail = 'subject' | 'given' | 'none';

const FAULTS = {
  'no-such-process': ['BAD_NAME', 'given'],
  'bad-signal': ['BAD_SIGNAL', 'subject'],
  'no-file': ['NO_FILE', 'subject'],
  'not-executable': ['NOT_EXECUTABLE', 'subject'],
  failed: ['FAILED', 'subject'],
  'already-started': ['ALREADY_STARTED', 'given'],
  stopping: ['ABNORMAL_TERMINATION', 'given'],
  'not-running': ['NOT_RUNNING', 'given'],
  'already-added': ['ALREADY_ADDED', 'given'],
  'still-running': ['STILL_RUNNING', 'given'],
  'cannot-reread': ['CANT_REREAD', 'subject'],
  'shutting-down': ['SHUTDOWN_STATE', 'none'],
} as const satisfies Record<RefusalKind, readonly [FaultName, Detail]>;

/** The fault of a refusal about `given`; anything else is a bug and is thrown on. Contract: RPC-069. */
export function toFault(error: unknown, given: string): Fault {
  if (!(error instanceof Refusal)) throw error;
  const [name, detail] = FAULTS[error.kind];
  if (detail === 'none') return new Fault(name);
  return new Fault(name, detail === 'given' ? given : error.subject);
}

/** Runs `act`, turning a refusal into the fault about `given`. */
export function faulting<T>(given: string, act: () => T): T {
  try {
    return act();
  } catch (error) {
    throw toFault(error, given);
  }
}
