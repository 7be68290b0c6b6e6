import { userInfo } from 'node:os';
import type { Doer } from '../accounts/audit-trail.ts';
import { accountsOver } from './accounts-over.ts';
import type { HubVerb, VerbArgs, VerbPlace } from './verb.ts';

/** Runs a verb with a row in the audit before it and one after it; of options only the names are kept. */
export async function auditedVerb(verb: HubVerb, args: VerbArgs, place: VerbPlace): Promise<number> {
  if (verb.looksOnly) return verb.run(args, place);
  const { audit } = accountsOver(place.store, place.config, place.clock);
  const doer = verbDoer();
  const deed = {
    what: `hub ${verb.name}`,
    target: args.words.join(' '),
    detail: { options: [...args.options.keys(), ...args.switches] },
  };
  const begun = audit.begin(doer, deed);
  const status = await verb.run(args, place);
  audit.end(begun, doer, deed, status === 0 ? 'done' : `failed with ${status}`);
  return status;
}

/** Whoever runs a verb on the data folder. */
export const verbDoer = (): Doer => ({ actor: userName(), way: 'hub', address: '' });

function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return `uid ${process.getuid?.() ?? '?'}`; // no name for this user, as in many containers
  }
}
