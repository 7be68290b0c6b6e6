import { EXIT } from '../exit-status.ts';
import type { Verb } from '../verb.ts';

/** Leaves the shell; the shell sees to the leaving. Contract: CTL-084. */
export const quit: Verb = leaving('quit', 'quit\tExit the supervisor shell.');
export const exit: Verb = leaving('exit', 'exit\tExit the supervisor shell.');
/** The end of input as a word, which the shell runs when there is no more of it. */
export const endOfInput: Verb = {
  ...leaving('EOF', 'To quit, type ^D or use the quit command'),
  unlisted: true,
};

function leaving(name: string, usage: string): Verb {
  return {
    name,
    usage: [usage],
    completes: 'none',
    run: async (_args, { report }) => {
      report.note('');
      return EXIT.success;
    },
  };
}
