import { EXIT } from '../exit-status.ts';
import { checkServer } from '../server-check.ts';
import { refuseWords, type Verb } from '../verb.ts';
import { start } from './start.ts';
import { stop } from './stop.ts';

/** Stops, then starts; what was not running is started too. Contract: CTL-041 to CTL-043. */
export const restart: Verb = {
  name: 'restart',
  usage: [
    'restart <name>\t\tRestart a process',
    'restart <gname>:*\tRestart all processes in a group',
    'restart <name> <name>\tRestart multiple processes or groups',
    'restart all\t\tRestart all processes',
    'Note: restart does not reread config files. For that, see reread and update.',
  ],
  completes: 'processes',
  async run(args, session) {
    if (args.length === 0) {
      const exit = await checkServer(session);
      if (exit !== EXIT.success) return exit;
      refuseWords(restart, 'Error: restart requires a process name', session);
      return EXIT.generic;
    }
    const stopped = await stop.run(args, session);
    const started = await start.run(args, session);
    return started === EXIT.success ? stopped : started;
  },
};
