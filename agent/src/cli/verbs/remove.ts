import { FAULT_CODES } from '../../protocol/index.ts';
import { EXIT, type ExitStatus } from '../exit-status.ts';
import { whenFault } from '../server-faults.ts';
import type { Session, Verb } from '../verb.ts';

/** Takes stopped groups out of the running configuration. Contract: CTL-068. */
export const remove: Verb = {
  name: 'remove',
  usage: ['remove <name> [...]\tRemoves process/group from active config'],
  completes: 'groups',
  async run(args, session) {
    let exit: ExitStatus = EXIT.success;
    for (const group of args) exit = await removeGroup(group, exit, session);
    return exit;
  },
};

const { STILL_RUNNING, BAD_NAME } = FAULT_CODES;

async function removeGroup(
  group: string,
  before: ExitStatus,
  { server, report }: Session,
): Promise<ExitStatus> {
  try {
    await server.call('removeProcessGroup', group);
    report.line(`${group}: removed process group`, { group, change: 'removed' });
    return before;
  } catch (error) {
    const code = whenFault(error, STILL_RUNNING, BAD_NAME);
    const says = `${code === STILL_RUNNING ? 'process/group still running' : 'no such process/group'}: ${group}`;
    report.line(`ERROR: ${says}`, { group, error: says });
    return EXIT.generic;
  }
}
