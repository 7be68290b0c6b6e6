import { FAULT_CODES } from '../../protocol/index.ts';
import { type Batch, runBatch } from '../batch.ts';
import { EXIT } from '../exit-status.ts';
import { checkServer } from '../server-check.ts';
import { refuseWords, type Verb } from '../verb.ts';

const START: Batch = {
  all: ['startAllProcesses'],
  group: (group) => ['startProcessGroup', group],
  one: (namespec) => ['startProcess', namespec],
  worked: 'started',
  faults: {
    [FAULT_CODES.BAD_NAME]: 'no such process',
    [FAULT_CODES.NO_FILE]: 'no such file',
    [FAULT_CODES.NOT_EXECUTABLE]: 'file is not executable',
    [FAULT_CODES.ALREADY_STARTED]: 'already started',
    [FAULT_CODES.SPAWN_ERROR]: 'spawn error',
    [FAULT_CODES.ABNORMAL_TERMINATION]: 'abnormal termination',
  },
  harmless: FAULT_CODES.ALREADY_STARTED,
  unknownGroupExit: EXIT.invalidArguments,
  settles: { through: 'STARTING', into: 'RUNNING' },
};

/** Starts processes and waits until each runs. Contract: CTL-026 to CTL-034. */
export const start: Verb = {
  name: 'start',
  usage: [
    'start <name>\t\tStart a process',
    'start <gname>:*\t\tStart all processes in a group',
    'start <name> <name>\tStart multiple processes or groups',
    'start all\t\tStart all processes',
  ],
  completes: 'processes',
  async run(args, session) {
    const exit = await checkServer(session);
    if (exit !== EXIT.success) return exit;
    if (args.length > 0) return runBatch(START, args, session);
    refuseWords(start, 'Error: start requires a process name', session);
    return EXIT.invalidArguments;
  },
};
