import type { ImportFormat } from '../fleet/import-format.ts';
import { readCesi } from './cesi.ts';
import { readMultivisor } from './multivisor.ts';
import { readNodervisorFile, readNodervisorSql } from './nodervisor.ts';
import { problemAt, type ReadList } from './row.ts';
import { readSupervisordMonitor } from './supervisord-monitor.ts';
import { readUrlList } from './url-list.ts';

const READERS: Record<ImportFormat, (bytes: Buffer) => ReadList> = {
  cesi: (bytes) => readCesi(bytes.toString('utf8')),
  nodervisor: readNodervisorFile,
  'nodervisor-sql': (bytes) => readNodervisorSql(bytes.toString('utf8')),
  'supervisord-monitor': (bytes) => readSupervisordMonitor(bytes.toString('utf8')),
  multivisor: (bytes) => readMultivisor(bytes.toString('utf8')),
  urls: (bytes) => readUrlList(bytes.toString('utf8')),
};

/** Reads a list of hosts that another program keeps. Never throws for what is in it. */
export function readHostList(bytes: Buffer, format: ImportFormat): ReadList {
  if (bytes.toString('utf8').trim() === '')
    return { rows: [], problems: [problemAt(null, 'is empty', 'Name the file with the list of hosts.')] };
  if (format !== 'nodervisor' && bytes.includes(0))
    return { rows: [], problems: [problemAt(null, 'is no text', `Is it a list of ${format}?`)] };
  return READERS[format](bytes);
}

const MARKS: readonly (readonly [format: ImportFormat, mark: RegExp])[] = [
  ['nodervisor', /^SQLite format 3\0/],
  ['supervisord-monitor', /<\?php|\$config\s*\[/],
  ['nodervisor-sql', /^\s*insert\s+(or\s+\w+\s+)?into\s/im],
  ['cesi', /^\s*\[\[\s*nodes\s*\]\]|^\s*\[cesi\]/m],
  ['multivisor', /^\s*\[(supervisor:|global\])/m],
];

/** Which of the formats a file looks like; a plain list of addresses when none. */
export function guessFormat(bytes: Buffer): ImportFormat {
  const text = bytes.toString('latin1');
  return MARKS.find(([, mark]) => mark.test(text))?.[0] ?? 'urls';
}
