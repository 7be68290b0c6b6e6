import { FAULT_CODES } from '../../protocol/index.ts';
import { type Batch, runBatch } from '../batch.ts';
import { EXIT } from '../exit-status.ts';
import { checkServer } from '../server-check.ts';
import { refuseWords, type Verb } from '../verb.ts';

const STOP: Batch = {
  all: ['stopAllProcesses'],
  group: (group) => ['stopProcessGroup', group],
  one: (namespec) => ['stopProcess', namespec],
  worked: 'stopped',
  faults: {
    [FAULT_CODES.BAD_NAME]: 'no such process',
    [FAULT_CODES.BAD_SIGNAL]: 'bad signal name',
    [FAULT_CODES.NOT_RUNNING]: 'not running',
  },
  harmless: FAULT_CODES.NOT_RUNNING,
  unknownGroupExit: EXIT.generic,
  settles: { through: 'STOPPING', into: 'STOPPED' },
};

/** Stops processes and waits until each is gone. Contract: CTL-035 to CTL-040. */
export const stop: Verb = {
  name: 'stop',
  usage: [
    'stop <name>\t\tStop a process',
    'stop <gname>:*\t\tStop all processes in a group',
    'stop <name> <name>\tStop multiple processes or groups',
    'stop all\t\tStop all processes',
  ],
  completes: 'processes',
  async run(args, session) {
    const exit = await checkServer(session);
    if (exit !== EXIT.success) return exit;
    if (args.length > 0) return runBatch(STOP, args, session);
    refuseWords(stop, 'Error: stop requires a process name', session);
    return EXIT.generic;
  },
};
