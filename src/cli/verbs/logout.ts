import { checked } from '../credentials.ts';
import { CliFailure } from '../failure.ts';
import { HubApi } from '../hub-api.ts';
import { forgetProfile, readProfiles } from '../profiles.ts';
import type { FleetVerb } from '../verb.ts';

/** Ends the token kept here, at the hub and here. Here it is forgotten in any case. */
export const logout: FleetVerb = {
  name: 'logout',
  words: '[URL]',
  summary: 'end the token kept for a hub, there and here',
  examples: ['fleetvisor logout'],
  options: [],
  completes: 'none',
  async run([url], _given, { io, clock, output, login }) {
    const wanted = url ?? login.hub ?? readProfiles(io.env).current;
    const profile = wanted === null ? null : forgetProfile(checked(wanted), io.env);
    const failure = profile === null ? null : await ending(new HubApi({ ...profile, from: 'here' }, clock));
    const ended = profile !== null && failure === null;
    if (output === 'json') io.json({ hub: wanted, forgotten: profile !== null, ended });
    else if (profile === null) io.note('There is no token to forget.');
    else if (ended) io.note(`Signed out of ${profile.hub}: its token is ended there and forgotten here.`);
    if (failure === null) return 'done';
    throw new CliFailure(
      failure.exit,
      `the token is forgotten here, but the hub may still take it: ${failure.message}`,
      'To end it there: fleetvisor tokens, then fleetvisor tokens revoke ID, or the console.',
      failure.problem,
    );
  },
};

/** Ends the token at the hub; why it could not. A token that is not taken any more is ended already. */
async function ending(api: HubApi): Promise<CliFailure | null> {
  try {
    await api.delete('/session');
    return null;
  } catch (error) {
    if (!(error instanceof CliFailure)) throw error;
    return error.exit === 'notSignedIn' ? null : error;
  }
}
