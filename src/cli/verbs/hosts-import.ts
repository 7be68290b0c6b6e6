import { readFileSync } from 'node:fs';
import type { ImportReport } from '../../api/contract.ts';
import { IMPORT_FORMATS } from '../../fleet/import-format.ts';
import { CliFailure } from '../failure.ts';
import { table } from '../table.ts';
import { oneLine } from '../terminal-text.ts';
import { type FleetVerb, textOption } from '../verb.ts';

/** Takes over the hosts another program has a list of. */
export const hostsImport: FleetVerb = {
  name: 'hosts import',
  words: '<FILE>',
  summary: 'add the hosts of a list: cesi, nodervisor, supervisord-monitor, multivisor, or one URL a line',
  examples: [
    'fleetvisor hosts import cesi.conf.toml --dry-run',
    'fleetvisor hosts import nodervisor.db --env prod',
    'fleetvisor hosts import urls.txt --format urls',
  ],
  options: [
    ['--format <name>', `${IMPORT_FORMATS.join(', ')} (default: by what is in the file)`],
    ['--dry-run', 'say what would be added, add nothing'],
    ['--env <name>', 'environment of hosts for which the list names none'],
  ],
  completes: 'none',
  async run([file = ''], given, { io, output, hub }) {
    const format = textOption(given, 'format');
    const environment = textOption(given, 'env');
    const report = await hub().patient<ImportReport>('/hosts/import', {
      content: read(file).toString('base64'),
      dryRun: given.dryRun === true,
      ...(format === undefined ? {} : { format }),
      ...(environment === undefined ? {} : { environment }),
    });
    if (output === 'json') io.json(report);
    else for (const line of reportLines(report)) io.line(line);
    const bad = report.problems.length > 0 || report.rows.some(({ result }) => result === 'refused');
    return bad ? 'failed' : 'done';
  },
};

function read(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    throw new CliFailure('usage', `${file} cannot be read: ${code}`, 'Look at its name and owner.');
  }
}

function reportLines({ format, dryRun, rows, problems }: ImportReport): string[] {
  const WORDS = { added: dryRun ? 'would be added' : 'added', known: 'known already', refused: 'refused' };
  const count = (result: keyof typeof WORDS): number => rows.filter((row) => row.result === result).length;
  const shown = rows.map(({ name, url, environment, hasCredentials, result, says }) => [
    { text: oneLine(name) },
    { text: oneLine(url) },
    { text: environment ?? '-' },
    { text: hasCredentials ? 'with password' : 'no password' },
    { text: says === '' ? WORDS[result] : `${WORDS[result]}: ${oneLine(says)}` },
  ]);
  return [
    ...table(shown),
    ...problems.map(({ where, says, hint }) => oneLine(`${where}: ${says}${hint ? `. ${hint}` : ''}`)),
    `Read as ${format}: ${count('added')} ${WORDS.added}, ${count('known')} known already, ${count('refused')} refused.`,
  ];
}
