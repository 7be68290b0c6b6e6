import type { TailLine } from '../../../api/contract.ts';

/** So many lines in a row are taken for the same place in a log. */
const SAME_LINES = 3;

/**
 * Fits the past a new tail begins with to what was shown before: what is known already is left out.
 * `isWhole`: of every log that had lines, the place was found again, so nothing is missing.
 */
export function rejoined(
  shown: readonly TailLine[],
  past: readonly TailLine[],
): { readonly lines: readonly TailLine[]; readonly isWhole: boolean } {
  const before = byLog(shown);
  const known = new Map<string, number>();
  let isWhole = true;
  for (const [log, texts] of byLog(past)) {
    const last = before.get(log)?.slice(-SAME_LINES) ?? [];
    const at = last.length === 0 ? 0 : placeAfter(texts, last);
    if (at === null) isWhole = false;
    else known.set(log, at);
  }
  const lines = past.filter((line) => {
    if (line.kind === 'note') return true;
    const left = known.get(logOf(line)) ?? 0;
    if (left > 0) known.set(logOf(line), left - 1);
    return left === 0;
  });
  return { lines, isWhole };
}

function byLog(lines: readonly TailLine[]): Map<string, string[]> {
  const logs = new Map<string, string[]>();
  for (const line of lines) {
    if (line.kind === 'note') continue;
    const texts = logs.get(logOf(line));
    if (texts === undefined) logs.set(logOf(line), [line.text]);
    else texts.push(line.text);
  }
  return logs;
}

const logOf = ({ source, channel }: TailLine): string => `${source} ${channel}`;

/** Where, in `texts`, what follows `last` begins: after its latest place. */
function placeAfter(texts: readonly string[], last: readonly string[]): number | null {
  for (let at = texts.length - last.length; at >= 0; at--)
    if (last.every((text, offset) => texts[at + offset] === text)) return at + last.length;
  return null;
}
