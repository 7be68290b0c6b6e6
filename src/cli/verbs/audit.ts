import type { AuditEntry, AuditPage } from '../../api/contract.ts';
import { stampText } from '../durations.ts';
import { table } from '../table.ts';
import { oneLine } from '../terminal-text.ts';
import { type CliContext, type FleetVerb, textOption } from '../verb.ts';

/** Who did or tried what. */
export const audit: FleetVerb = {
  name: 'audit',
  words: '[TEXT]',
  summary: 'show who did or tried what, newest first',
  examples: ['fleetvisor audit', 'fleetvisor audit "POST /actions" --actor mei --limit 20'],
  options: [
    ['--actor <name>', 'only of this user'],
    ['--limit <count>', 'rows to read, at most 1000 (default: 100); what has ended takes two, and shows one'],
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
    else showRows(page, io);
    return 'done';
  },
};

/** What was begun stands with its end, and alone only while it has none; nothing to show is said. */
function showRows({ rows, next }: AuditPage, io: CliContext['io']): void {
  const bySeq = new Map(rows.map((row) => [row.seq, row]));
  const ended = new Set(rows.map(({ ends }) => ends));
  const shown = rows
    .filter(({ kind, seq }) => kind !== 'begun' || !ended.has(seq))
    .map((row) => ({ ...row, target: row.target || (bySeq.get(row.ends ?? -1)?.target ?? '') }));
  for (const line of table(shown.map(rowOf))) io.line(line);
  if (rows.length === 0) io.note('Nothing in the audit fits.');
  else if (next !== null) io.note(`Older rows: fleetvisor audit --before ${next}`);
}

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
