/** `PROC-007`, `A7`, `H7`. */
export const idOf = (kind: string, n: number): string =>
  kind === 'A' || kind === 'H' ? `${kind}${n}` : `${kind}-${String(n).padStart(3, '0')}`;

/** Row ids at the beginning of a text, `CFG-001 CFG-003 to CFG-005` being four of them. */
export function claimedBy(text: string): string[] {
  const head =
    /^['"`]((?:(?:[A-Z]{3,4}-\d{3}|[AH]\d{1,2}|VER-\d{3}|to|–),?\s+)*(?:[A-Z]{3,4}-\d{3}|[AH]\d{1,2})\b)/.exec(
      text,
    )?.[1] ?? '';
  const words = head.split(/[\s,]+/);
  return words.flatMap((word, at) => {
    const from = /^(?:to|–)$/.test(word) ? words[at - 1] : undefined;
    const upTo = words[at + 1];
    if (from === undefined || upTo === undefined) return [word];
    const [kind = '', first] = from.split('-');
    const last = Number(upTo.split('-')[1]);
    return Array.from({ length: last - Number(first) }, (_, n) => idOf(kind, Number(first) + n + 1));
  });
}
