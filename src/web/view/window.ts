import type { Row } from './table.ts';

/** Heights in px, by width of the screen; the CSS draws exactly these. */
export const ROW_HEIGHTS = {
  wide: { group: 30, fold: 28, process: 28 },
  phone: { group: 44, fold: 44, process: 58 },
} as const satisfies Record<string, Record<Row['kind'], number>>;
export type Heights = Readonly<Record<Row['kind'], number>>;

/** Where each row begins; the last entry is the height of them all. */
export function offsetsOf<T>(rows: readonly T[], heightOf: (row: T) => number): Float64Array {
  const offsets = new Float64Array(rows.length + 1);
  let y = 0;
  rows.forEach((row, at) => {
    offsets[at] = y;
    y += heightOf(row);
  });
  offsets[rows.length] = y;
  return offsets;
}

export interface RowWindow {
  readonly from: number;
  readonly to: number;
  readonly beforePx: number;
  readonly afterPx: number;
}

/** The rows to draw for a scroll position, a few more on each side. */
export function windowAt(offsets: Float64Array, scrollPx: number, viewPx: number, spare = 8): RowWindow {
  const n = offsets.length - 1;
  const from = Math.max(0, rowAt(offsets, scrollPx) - spare);
  const to = Math.min(n, rowAt(offsets, scrollPx + viewPx) + 1 + spare);
  const total = offsets[n] ?? 0;
  return { from, to, beforePx: offsets[from] ?? 0, afterPx: total - (offsets[to] ?? total) };
}

/** The row that covers a distance from the top: binary search. */
export function rowAt(offsets: Float64Array, px: number): number {
  let low = 0;
  let high = Math.max(0, offsets.length - 2);
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((offsets[middle] ?? 0) <= px) low = middle;
    else high = middle - 1;
  }
  return low;
}
