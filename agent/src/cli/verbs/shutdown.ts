import { FAULT_CODES } from '../../protocol/index.ts';
import { confirmed } from '../confirm.ts';
import { EXIT, type ExitStatus } from '../exit-status.ts';
import { Unconnected, whenFault } from '../server-faults.ts';
import { refuseWords, type Session, type Verb } from '../verb.ts';

/** Ends the daemon; does not wait for it. Contract: CTL-076, CTL-078 to CTL-081. */
export const shutdown: Verb = {
  name: 'shutdown',
  usage: ['shutdown \tShut the remote supervisord down.'],
  completes: 'none',
  async run(args, session) {
    if (args.length > 0) {
      refuseWords(shutdown, 'Error: shutdown accepts no arguments', session);
      return EXIT.generic;
    }
    if (!(await confirmed('Really shut the remote supervisord process down', session))) return EXIT.success;
    try {
      await session.server.call('shutdown');
      session.report.line('Shut down', { done: 'shutdown' });
      return EXIT.success;
    } catch (error) {
      return tellRefusal(error, session);
    }
  },
};

const NOBODY: Record<string, string> = { ECONNREFUSED: 'refused connection', ENOENT: 'no such file' };

function tellRefusal(error: unknown, { server, report }: Session): ExitStatus {
  const nobody = error instanceof Unconnected ? NOBODY[error.code] : undefined;
  if (nobody !== undefined) {
    const says = `${server.url} ${nobody} (already shut down?)`;
    report.line(`ERROR: ${says}`, { error: says });
    return EXIT.generic;
  }
  whenFault(error, FAULT_CODES.SHUTDOWN_STATE);
  report.line('ERROR: already shutting down', { error: 'already shutting down' });
  return EXIT.success;
}
