import { columns } from '../columns.ts';
import { EXIT } from '../exit-status.ts';
import type { Verb } from '../verb.ts';

const HEADER = 'default commands (type help <topic>):';

/** What commands there are, or how one is used. Contract: CTL-090, CTL-091. */
export const help: Verb = {
  name: 'help',
  usage: ['help\t\tPrint a list of available actions', 'help <action>\tPrint help for <action>'],
  completes: 'verbs',
  unlisted: true,
  async run(args, { report, verbs, io }) {
    const topic = args.join(' ');
    if (topic === '') {
      const names = verbs.filter(({ unlisted }) => !unlisted).map(({ name }) => name);
      for (const line of ['', HEADER, '='.repeat(HEADER.length), ...columns(names, 79), ''])
        report.note(line);
      const beyond = verbs.filter(({ unlisted }) => unlisted === 'beyond').map(({ name }) => name);
      io.hint(`beyond supervisorctl there are ${beyond.join(' and ')} (type help <topic>)`);
      return EXIT.success;
    }
    const verb = verbs.find(({ name }) => name === topic);
    for (const line of verb?.usage ?? [`*** No help on ${topic}`]) report.note(line);
    return EXIT.success;
  },
};
