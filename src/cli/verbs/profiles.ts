import { checked } from '../credentials.ts';
import { CliFailure } from '../failure.ts';
import { readProfiles, useProfile } from '../profiles.ts';
import { table } from '../table.ts';
import { oneLine } from '../terminal-text.ts';
import type { FleetVerb } from '../verb.ts';

/** The hubs somebody signed in to from here; tokens are not shown. */
export const profiles: FleetVerb = {
  name: 'profiles',
  words: '',
  summary: 'list the hubs you are signed in to, and which of them is asked',
  examples: ['fleetvisor profiles', 'fleetvisor profiles use https://fleet.example.net'],
  options: [],
  completes: 'none',
  async run(_words, _given, { io, output }) {
    const { path, current, profiles: list } = readProfiles(io.env);
    const shown = list.map(({ hub, user }) => ({ hub, user, current: hub === current }));
    if (output === 'json') io.json(shown);
    else if (shown.length === 0) io.note(`No login is kept in ${path}. Sign in with: fleetvisor login URL`);
    else
      for (const line of table(
        shown.map((one) => [
          { text: one.current ? '*' : ' ' },
          { text: oneLine(one.hub) },
          { text: oneLine(one.user) },
        ]),
      ))
        io.line(line);
    return 'done';
  },
};

export const profilesUse: FleetVerb = {
  name: 'profiles use',
  words: '<URL>',
  summary: 'ask this hub from now on, when no other is named',
  examples: ['fleetvisor profiles use https://fleet.example.net'],
  options: [],
  completes: 'none',
  async run([url = ''], _given, { io, output }) {
    const hub = checked(url);
    if (!useProfile(hub, io.env))
      throw new CliFailure(
        'nothing',
        `there is no login for ${hub}`,
        `Sign in with: fleetvisor login ${hub}`,
      );
    if (output === 'json') io.json({ hub, current: true });
    else io.note(`From now on ${hub} is asked.`);
    return 'done';
  },
};
