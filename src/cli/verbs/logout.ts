import { checked } from '../credentials.ts';
import { forgetProfile, readProfiles } from '../profiles.ts';
import type { FleetVerb } from '../verb.ts';

/** Forgets the token kept here. The hub goes on taking it until it expires or is revoked there. */
export const logout: FleetVerb = {
  name: 'logout',
  words: '[URL]',
  summary: 'forget the token kept for a hub',
  examples: ['fleetvisor logout'],
  options: [],
  completes: 'none',
  async run([url], _given, { io, output, login }) {
    const hub = url ?? login.hub ?? readProfiles(io.env).current;
    const forgotten = hub !== null && forgetProfile(checked(hub), io.env);
    if (output === 'json') io.json({ hub, forgotten });
    else if (!forgotten) io.note('There is no token to forget.');
    else
      io.note(`Forgot the token for ${hub}. To end it there too: fleetvisor tokens revoke, or the console.`);
    return 'done';
  },
};
