import type { AuditEntry, AuditPage } from '../../api/contract.ts';
import { stampText } from '../durations.ts';
import { table } from '../table.ts';
import { oneLine } from '../terminal-text.ts';
import { type FleetVerb, textOption } from '../verb.ts';

/** Who did or tried what. */
export const audit: FleetVerb = {
  name: 'audit',
  words: '[TEXT]',
  summary: 'show who did or tried what, newest first',
  examples: ['fleetvisor audit', 'fleetvisor audit "POST /actions" --actor mei --limit 20'],
  options: [
    ['--actor <name>', 'only of this user'],
    ['--limit <count>', 'rows to show, at most 1000 (default: 100)'],
    ['--before <seq>', 'only rows before this one'],
  ],
  completes: 'none',
  async run([text], given, { io, output, hub }) {
    const actor = textOption(given, 'actor');
    const before = textOption(given, 'before');
    const page = await hub().get<AuditPage>('/audit', {
      limit: textOption(given, 'limit') ?? '100',
      ...(text === undefined ? {} : { text }),
      ...(actor === undefined ? {} : { actor }),
      ...(before === undefined ? {} : { before }),
    });
    if (output === 'json') io.json(page);
    else for (const line of table(page.rows.map(rowOf))) io.line(line);
    return 'done';
  },
};

function rowOf({ seq, atMs, kind, actor, way, address, what, target, outcome }: AuditEntry) {
  return [
    { text: String(seq) },
    { text: stampText(atMs) },
    { text: kind },
    { text: oneLine(actor === '' ? '-' : actor) },
    { text: oneLine([way, address].filter((part) => part !== '').join(' from ')) },
    { text: oneLine([what, target].filter((part) => part !== '').join(' ')) },
    { text: oneLine(outcome) },
  ];
}
