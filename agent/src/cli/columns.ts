/**
 * Lays words out in columns, top to bottom, in as few rows as fit the width; two blanks between columns.
 * The rows are those of Python's `cmd` module, which supervisorctl's help is made with.
 */
export function columns(words: readonly string[], width: number): string[] {
  for (let rows = 1; rows < words.length; rows += 1) {
    const widths = columnWidths(words, rows);
    const total = widths.reduce((sum, one) => sum + one + 2, -2);
    if (total <= width) return layOut(words, rows, widths);
  }
  return [...words];
}

function columnWidths(words: readonly string[], rows: number): number[] {
  const count = Math.ceil(words.length / rows);
  return Array.from({ length: count }, (_, column) =>
    Math.max(...words.slice(column * rows, (column + 1) * rows).map((word) => word.length)),
  );
}

function layOut(words: readonly string[], rows: number, widths: readonly number[]): string[] {
  return Array.from({ length: rows }, (_, row) =>
    widths
      .map((width, column) => ({ word: words[column * rows + row], width }))
      .filter(({ word }, column) => word !== undefined || column < widths.length - 1)
      .map(({ word = '', width }) => word.padEnd(width))
      .join('  '),
  );
}
