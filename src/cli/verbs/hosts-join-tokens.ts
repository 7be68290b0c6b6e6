import type { OpenJoinToken } from '../../api/contract.ts';
import { stampText } from '../durations.ts';
import { table } from '../table.ts';
import { oneLine } from '../terminal-text.ts';
import type { FleetVerb } from '../verb.ts';

/** The tokens of `hosts join` that still let agents in. */
export const hostsJoinTokens: FleetVerb = {
  name: 'hosts join-tokens',
  words: '',
  summary: 'list the tokens by which agents can still join, for how many, and until when',
  examples: ['fleetvisor hosts join-tokens'],
  options: [],
  completes: 'none',
  async run(_words, _given, { io, output, hub }) {
    const open = await hub().get<readonly OpenJoinToken[]>('/join-tokens');
    if (output === 'json') io.json(open);
    else if (open.length === 0) io.line('No join token is open.');
    else for (const line of table(open.map(rowOf))) io.line(line);
    return 'done';
  },
};

function rowOf({ id, usesLeft, environment, tags, by, expiresAtMs }: OpenJoinToken) {
  return [
    { text: oneLine(id) },
    { text: usesLeft === 1 ? '1 host' : `${usesLeft} hosts` },
    { text: `until ${stampText(expiresAtMs)}` },
    { text: oneLine([environment ?? '-', ...tags.map((tag) => `#${tag}`)].join(' ')) },
    { text: `by ${oneLine(by)}` },
  ];
}

/** Ends one of them. */
export const hostsJoinRevoke: FleetVerb = {
  name: 'hosts join-revoke',
  words: '<ID>',
  summary: 'end a join token, at once; hosts that joined with it stay',
  examples: ['fleetvisor hosts join-revoke j_9fQ2k1mW3xYz'],
  options: [],
  completes: 'none',
  async run([id = ''], _given, { io, output, hub }) {
    await hub().delete(`/join-tokens/${encodeURIComponent(id)}`);
    if (output === 'json') io.json({ revoked: id });
    else io.line(`${oneLine(id)} lets nobody join any more.`);
    return 'done';
  },
};
