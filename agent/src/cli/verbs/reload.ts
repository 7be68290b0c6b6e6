import { FAULT_CODES } from '../../protocol/index.ts';
import { confirmed } from '../confirm.ts';
import { EXIT } from '../exit-status.ts';
import { whenFault } from '../server-faults.ts';
import { refuseWords, type Verb } from '../verb.ts';

/** Restarts the daemon with its configuration read anew; does not wait. Contract: CTL-076, CTL-077, CTL-079, CTL-080. */
export const reload: Verb = {
  name: 'reload',
  usage: ['reload \t\tRestart the remote supervisord.'],
  completes: 'none',
  async run(args, session) {
    if (args.length > 0) {
      refuseWords(reload, 'Error: reload accepts no arguments', session);
      return EXIT.generic;
    }
    if (!(await confirmed('Really restart the remote supervisord process', session))) return EXIT.success;
    try {
      await session.server.call('restart');
      session.report.line('Restarted supervisord', { done: 'reload' });
      return EXIT.success;
    } catch (error) {
      whenFault(error, FAULT_CODES.SHUTDOWN_STATE);
      session.report.line('ERROR: already shutting down', { error: 'already shutting down' });
      return EXIT.generic;
    }
  },
};
