import { EXIT } from '../exit-status.ts';
import { parseServerUrl } from '../server-address.ts';
import type { Verb } from '../verb.ts';
import { status } from './status.ts';

/** Goes on with another server and shows its status, whose exit status does not count. Contract: CTL-083. */
export const open: Verb = {
  name: 'open',
  usage: [
    'open <url>\tConnect to a remote supervisord process.',
    '\t\t(for UNIX domain socket, use unix:///socket/path)',
  ],
  completes: 'none',
  async run(args, session) {
    const url = args.join(' ');
    if (parseServerUrl(url) === undefined) {
      session.report.line('ERROR: url must be http:// or unix://', {
        error: 'url must be http:// or unix://',
      });
      return EXIT.generic;
    }
    session.server.switchTo(url);
    await status.run([], session);
    return EXIT.success;
  },
};
