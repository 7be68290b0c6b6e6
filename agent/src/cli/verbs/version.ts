import { plainText } from '../answers.ts';
import { EXIT } from '../exit-status.ts';
import { checkServer } from '../server-check.ts';
import { refuseWords, type Verb } from '../verb.ts';

/** Contract: CTL-076, CTL-082. */
export const version: Verb = {
  name: 'version',
  usage: ['version\t\t\tShow the version of the remote supervisord process'],
  completes: 'none',
  async run(args, session) {
    if (args.length > 0) {
      refuseWords(version, 'Error: version accepts no arguments', session);
      return EXIT.generic;
    }
    const exit = await checkServer(session);
    if (exit !== EXIT.success) return exit;
    const text = plainText(await session.server.call('getSupervisorVersion'));
    session.report.line(text, { version: text });
    return EXIT.success;
  },
};
