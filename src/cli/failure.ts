import type { ExitName } from './exit-status.ts';

/** The command cannot go on: what and where, how to mend it, and the status to leave with. */
export class CliFailure extends Error {
  readonly exit: ExitName;
  readonly mend: string;

  constructor(exit: ExitName, says: string, mend = '') {
    super(says);
    this.exit = exit;
    this.mend = mend;
  }
}
