import { formatNamespec } from '../protocol/index.ts';
import type { ProcessRow } from './answers.ts';

/** What a list of names shows: rows in the order of the names, repeats included. */
export interface Picked {
  readonly rows: readonly ProcessRow[];
  readonly unknown: readonly { readonly name: string; readonly says: string }[];
}

/** Contract: CTL-020, CTL-022. */
export function statusLines(rows: readonly ProcessRow[]): readonly string[] {
  const names = rows.map(({ group, name }) => formatNamespec(group, name));
  const width = Math.max(30, ...names.map((name) => [...name].length)) + 3;
  return rows.map(
    (row, index) => padded(names[index] ?? '', width) + padded(row.stateName, 10) + row.description,
  );
}

/** With blanks up to `width` characters; Python counts those, not UTF-16 units. */
export function padded(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - [...text].length));
}
