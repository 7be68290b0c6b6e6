import { FAULT_CODES } from '../../protocol/index.ts';
import { type Batch, runBatch } from '../batch.ts';
import { EXIT } from '../exit-status.ts';
import { checkServer } from '../server-check.ts';
import { refuseWords, type Verb } from '../verb.ts';

function sending(name: string): Batch {
  return {
    all: ['signalAllProcesses', name],
    group: (group) => ['signalProcessGroup', group, name],
    one: (namespec) => ['signalProcess', namespec, name],
    worked: 'signalled',
    faults: {
      [FAULT_CODES.BAD_NAME]: 'no such process',
      [FAULT_CODES.BAD_SIGNAL]: 'bad signal name',
      [FAULT_CODES.NOT_RUNNING]: 'not running',
    },
    unknownGroupExit: EXIT.generic,
  };
}

/** Sends a signal by name or number. Contract: CTL-044 to CTL-046. */
export const signal: Verb = {
  name: 'signal',
  usage: [
    'signal <signal name> <name>\t\tSignal a process',
    'signal <signal name> <gname>:*\t\tSignal all processes in a group',
    'signal <signal name> <name> <name>\tSignal multiple processes or groups',
    'signal <signal name> all\t\tSignal all processes',
  ],
  completes: 'processes',
  async run(args, session) {
    const exit = await checkServer(session);
    if (exit !== EXIT.success) return exit;
    const [name, ...targets] = args;
    if (name !== undefined && targets.length > 0) return runBatch(sending(name), targets, session);
    refuseWords(signal, 'Error: signal requires a signal name and a process name', session);
    return EXIT.generic;
  },
};
