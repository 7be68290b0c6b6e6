const SECRET = /pass|token|secret|code|pem|content|csrf|cookie|hash/i;
const MOST_TEXT = 4_000;
const MOST_LISTED = 50;

/** A value as JSON text for the audit: without secrets, long lists and texts cut with a word of how much is left out. */
export function shownInAudit(value: unknown): string {
  const text = JSON.stringify(bare(value)) ?? '';
  return text.length <= MOST_TEXT
    ? text
    : JSON.stringify(`${text.slice(0, MOST_TEXT)}… ${text.length} characters`);
}

function bare(value: unknown): unknown {
  if (typeof value === 'string') return value.replace(/(:\/\/)[^/@\s]*@/g, '$1…@');
  if (Array.isArray(value)) {
    const shown = value.slice(0, MOST_LISTED).map(bare);
    return value.length <= MOST_LISTED ? shown : [...shown, `… ${value.length} in all`];
  }
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [
      name,
      SECRET.test(name) && (typeof inner === 'string' || Array.isArray(inner)) ? '(not kept)' : bare(inner),
    ]),
  );
}

const COLUMNS = [
  'seq',
  'at',
  'kind',
  'ends',
  'actor',
  'way',
  'address',
  'what',
  'target',
  'detail',
  'before',
  'after',
  'outcome',
] as const;
type Column = (typeof COLUMNS)[number];

/** The first line of the export. */
export const CSV_HEAD = `${COLUMNS.join(',')}\r\n`;

/** One line of CSV. A cell that a spreadsheet would take for a formula begins with an apostrophe. */
export function csvLine(row: Readonly<Record<Column, string | number | null>>): string {
  return `${COLUMNS.map((column) => csvCell(row[column])).join(',')}\r\n`;
}

function csvCell(value: string | number | null): string {
  if (value === null) return '';
  if (typeof value === 'number') return String(value);
  const safe = /^\s*[=+\-@\t\r\n|%]/.test(value) ? `'${value}` : value;
  return /[",\r\n']/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
