/** The known name a mistyped one most likely means, or null when none is near. */
export function nearestName(typed: string, known: Iterable<string>): string | null {
  let best: string | null = null;
  let least = Math.min(3, Math.ceil(typed.length / 3)) + 1;
  for (const name of known) {
    const edits = editDistance(typed, name);
    if (edits < least) {
      best = name;
      least = edits;
    }
  }
  return best;
}

/** A hint that names the nearest known name, where there is one. */
export function nearestHint(typed: string, known: Iterable<string>): { readonly hint?: string } {
  const nearest = nearestName(typed, known);
  return nearest === null ? {} : { hint: `did you mean ${nearest}?` };
}

/** Insertions, deletions, substitutions and swaps of neighbours between two texts (Damerau-Levenshtein). */
export function editDistance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= b.length; column += 1) {
      const same = a[row - 1] === b[column - 1];
      let edits = Math.min(
        at(last, column) + 1,
        at(current, column - 1) + 1,
        at(last, column - 1) + (same ? 0 : 1),
      );
      const swapped = row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      if (swapped) edits = Math.min(edits, at(beforeLast, column - 2) + 1);
      current.push(edits);
    }
    beforeLast = last;
    last = current;
  }
  return at(last, b.length);
}

function at(row: readonly number[], column: number): number {
  return row[column] ?? Number.POSITIVE_INFINITY;
}
