import type { TokenView } from '../../api/contract.ts';
import { grantWords } from '../../fleet/grant-text.ts';
import { stampText } from '../durations.ts';
import { table } from '../table.ts';
import { oneLine } from '../terminal-text.ts';
import type { FleetVerb } from '../verb.ts';

/** Tokens of the CLI and of scripts. */
export const tokens: FleetVerb = {
  name: 'tokens',
  words: '',
  summary: 'list your tokens, when each was used last and when it ends',
  examples: ['fleetvisor tokens', 'fleetvisor tokens --all'],
  options: [['--all', 'those of everybody']],
  completes: 'none',
  async run(_words, given, { io, output, hub }) {
    const list = await hub().get<readonly TokenView[]>('/tokens', given.all === true ? { all: 1 } : {});
    if (output === 'json') io.json(list);
    else for (const line of table(list.map(rowOf))) io.line(line);
    return 'done';
  },
};

function rowOf({ id, user, label, limit, usedAtMs, expiresAtMs }: TokenView) {
  return [
    { text: oneLine(id) },
    { text: oneLine(user) },
    { text: oneLine(label) },
    { text: limit === null ? 'all its owner may' : oneLine(grantWords(limit)) },
    { text: usedAtMs === null ? 'never used' : `used ${stampText(usedAtMs)}` },
    { text: expiresAtMs === null ? 'never ends' : `ends ${stampText(expiresAtMs)}` },
  ];
}

export const tokensRevoke: FleetVerb = {
  name: 'tokens revoke',
  words: '<ID>',
  summary: 'end a token, at once',
  examples: ['fleetvisor tokens revoke t_9fQ2k1mW3xYz'],
  options: [],
  completes: 'none',
  async run([id = ''], _given, { io, output, hub }) {
    await hub().delete(`/tokens/${encodeURIComponent(id)}`);
    if (output === 'json') io.json({ revoked: id });
    else io.line(`${oneLine(id)} is no token any more.`);
    return 'done';
  },
};
