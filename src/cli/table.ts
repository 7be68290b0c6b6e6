/** Cells with a width that does not count what colours them. */
export interface Cell {
  readonly text: string;
  readonly shown?: string;
}

/** Rows laid out in columns two blanks apart; nothing trails. */
export function table(rows: readonly (readonly Cell[])[]): string[] {
  const widths: number[] = [];
  for (const row of rows) {
    row.forEach((cell, column) => {
      widths[column] = Math.max(widths[column] ?? 0, [...cell.text].length);
    });
  }
  return rows.map((row) =>
    row
      .map(({ text, shown }, column) => {
        const gap = column === row.length - 1 ? 0 : (widths[column] ?? 0) - [...text].length + 2;
        return (shown ?? text) + ' '.repeat(gap);
      })
      .join('')
      .trimEnd(),
  );
}
