import type { ExitName } from './exit-status.ts';

/** The command cannot go on: what and where, how to mend it, and the status to leave with. */
export class CliFailure extends Error {
  readonly exit: ExitName;
  readonly mend: string;
  /** The last part of the `type` of the hub's problem; empty: it is none of the hub's. */
  readonly problem: string;

  constructor(exit: ExitName, says: string, mend = '', problem = '') {
    super(says);
    this.exit = exit;
    this.mend = mend;
    this.problem = problem;
  }
}
