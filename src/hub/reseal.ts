import { join } from 'node:path';
import { AuditTrail } from '../accounts/audit-trail.ts';
import { inspect } from '../store/inspect.ts';
import { lockDataFolder } from '../store/lock.ts';
import { type Resealed, reseal } from '../store/reseal.ts';
import { openStore } from '../store/store.ts';
import { StoreProblem } from '../store/store-problem.ts';
import { verbDoer } from './audited-verb.ts';
import type { FolderVerb } from './verb.ts';

/** A new `hub.key`, for a hub that does not run: whoever had the former one opens nothing that is kept from now on. */
export const resealVerb: FolderVerb = {
  name: 'reseal',
  usage: 'reseal [--json]',
  help: 'make a new hub.key and seal all passwords and secrets with it, with no hub running',
  options: [],
  switches: ['--json'],
  runOnFolder({ words, switches }, { config, clock, migrations, out, problem }) {
    if (words.length > 0) {
      problem('it takes no name: fleetvisor hub reseal [--json]');
      return 2;
    }
    const { dataFolder } = config;
    if (inspect(dataFolder) === null)
      throw new StoreProblem(`${dataFolder}: there is no hub here: name its folder with --data`);
    const unlock = lockDataFolder(dataFolder);
    try {
      openStore({ dataFolder, migrations, nowMs: clock.wallMs() }).close(); // whole, and up to date
      const deed = { what: 'hub reseal', target: '' };
      const done = reseal({
        dataFolder,
        begin: (audit) => new AuditTrail(audit, clock).begin(verbDoer(), deed),
        end: (audit, begun) => new AuditTrail(audit, clock).end(begun, verbDoer(), deed, 'done'),
      });
      if (switches.has('--json')) out(JSON.stringify(done));
      else for (const line of textOf(done, join(dataFolder, 'hub.key'))) out(line);
      return 0;
    } finally {
      unlock();
    }
  },
};

function textOf({ secrets, lost, audit }: Resealed, key: string): string[] {
  return [
    `${key} is new, and ${secrets === 1 ? '1 secret is' : `${secrets} secrets are`} sealed with it.`,
    ...(lost > 0
      ? [`${lost} did not open before and do not now: "fleetvisor hub doctor" names the hosts.`]
      : []),
    ...(audit.ok ? [] : [`The audit was broken before, and still is: ${audit.says}.`]),
    'Make a backup now. Backups made before without --with-key need the former key, kept beside as hub.key.before-…: remove that when you keep no such backup.',
    'Who had the former key and a copy of the database knows the passwords in it: give those hosts new ones.',
  ];
}
