import { FAULT_CODES } from '../../protocol/index.ts';
import { EXIT, type ExitStatus } from '../exit-status.ts';
import { whenFault } from '../server-faults.ts';
import type { Session, Verb } from '../verb.ts';

/** Activates groups a reread found. Contract: CTL-067. */
export const add: Verb = {
  name: 'add',
  usage: ['add <name> [...]\tActivates any updates in config for process/group'],
  completes: 'groups',
  async run(args, session) {
    let exit: ExitStatus = EXIT.success;
    for (const group of args) exit = await addGroup(group, exit, session);
    return exit;
  },
};

const { SHUTDOWN_STATE, ALREADY_ADDED, BAD_NAME } = FAULT_CODES;

async function addGroup(group: string, before: ExitStatus, { server, report }: Session): Promise<ExitStatus> {
  try {
    await server.call('addProcessGroup', group);
    report.line(`${group}: added process group`, { group, change: 'added' });
    return before;
  } catch (error) {
    const code = whenFault(error, SHUTDOWN_STATE, ALREADY_ADDED, BAD_NAME);
    const says = wordsFor(code, group);
    report.line(`ERROR: ${says}`, { group, error: says });
    return code === ALREADY_ADDED ? before : EXIT.generic;
  }
}

function wordsFor(code: number, group: string): string {
  if (code === SHUTDOWN_STATE) return 'shutting down';
  return code === ALREADY_ADDED ? 'process group already active' : `no such process/group: ${group}`;
}
