import { FAULT_CODES } from '../../protocol/index.ts';
import { plainText } from '../answers.ts';
import { EXIT, type ExitStatus } from '../exit-status.ts';
import { followLog } from '../follow-log.ts';
import { checkServer } from '../server-check.ts';
import { whenFault } from '../server-faults.ts';
import { parseAmount } from '../tail-amount.ts';
import { refuseWords, type Session, type Verb } from '../verb.ts';

/** The end of the daemon's own log, or that log as it grows. Contract: CTL-057. */
export const maintail: Verb = {
  name: 'maintail',
  usage: [
    'maintail -f \tContinuous tail of supervisor main log file (Ctrl-C to exit)',
    'maintail -100\tlast 100 *bytes* of supervisord main log file',
    'maintail\tlast 1600 *bytes* of supervisor main log file',
    '',
  ],
  completes: 'none',
  async run(args, session) {
    const exit = await checkServer(session);
    if (exit !== EXIT.success) return exit;
    const [modifier = null, ...more] = args;
    if (more.length > 0) {
      refuseWords(maintail, 'Error: too many arguments', session);
      return EXIT.generic;
    }
    const amount = modifier === null || modifier.startsWith('-') ? parseAmount(modifier) : null;
    if (amount?.kind === 'follow') return followLog('/mainlogtail', '/mainlogtail', session);
    if (amount !== null) return show(amount.bytes, session);
    session.report.line(`Error: bad argument ${modifier}`, { error: `bad argument ${modifier}` });
    return EXIT.generic;
  },
};

async function show(bytes: number, { server, report }: Session): Promise<ExitStatus> {
  try {
    const text = plainText(await server.call('readLog', -bytes, 0));
    report.line(text, { text });
    return EXIT.success;
  } catch (error) {
    const code = whenFault(error, FAULT_CODES.NO_FILE, FAULT_CODES.FAILED);
    const says = code === FAULT_CODES.NO_FILE ? 'no log file' : 'unknown error reading log';
    report.line(`supervisord: ERROR (${says})`, { error: says });
    return EXIT.generic;
  }
}
