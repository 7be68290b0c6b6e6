/** Why the domain says no. Each kind has one XML-RPC fault in `rpc/faults.ts`. */
export type RefusalKind =
  | 'no-such-process'
  | 'bad-signal'
  | 'no-file'
  | 'not-executable'
  | 'failed'
  | 'already-started'
  | 'stopping'
  | 'not-running'
  | 'already-added'
  | 'still-running'
  | 'cannot-reread'
  | 'shutting-down';

/** The domain says no to one request. `subject` is the detail a client reads: a name, a path, a reason. */
export class Refusal extends Error {
  readonly kind: RefusalKind;
  readonly subject: string;

  constructor(kind: RefusalKind, subject: string) {
    super(`${kind}: ${subject}`);
    this.name = 'Refusal';
    this.kind = kind;
    this.subject = subject;
  }
}
