import type { TailLine } from '../../../api/contract.ts';

const CODES = /\u001b(\[[0-9;?]*[A-Za-z]|\][^\u0007\u001b]*(\u0007|\u001b\\))/g;

/** The line without its colours, for the filter and the download. */
export function plainText(line: TailLine): string {
  if (line.kind === 'note') return line.says;
  return line.text.includes('\u001b') ? line.text.replace(CODES, '') : line.text;
}
