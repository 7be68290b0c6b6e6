import { FAULT_CODES } from '../../protocol/index.ts';
import { type Batch, runBatch } from '../batch.ts';
import { EXIT } from '../exit-status.ts';
import { checkServer } from '../server-check.ts';
import { refuseWords, type Verb } from '../verb.ts';

const CLEAR: Batch = {
  all: ['clearAllProcessLogs'],
  group: null,
  one: (namespec) => ['clearProcessLogs', namespec],
  worked: 'cleared',
  faults: { [FAULT_CODES.BAD_NAME]: 'no such process', [FAULT_CODES.FAILED]: 'failed' },
  unknownGroupExit: EXIT.generic,
};

/** Empties processes' logs; whole groups it does not take. Contract: CTL-059 to CTL-062. */
export const clear: Verb = {
  name: 'clear',
  usage: [
    "clear <name>\t\tClear a process' log files.",
    "clear <name> <name>\tClear multiple process' log files",
    "clear all\t\tClear all process' log files",
  ],
  completes: 'processes',
  async run(args, session) {
    const exit = await checkServer(session);
    if (exit !== EXIT.success) return exit;
    if (args.length > 0) return runBatch(CLEAR, args, session);
    refuseWords(clear, 'Error: clear requires a process name', session);
    return EXIT.generic;
  },
};
