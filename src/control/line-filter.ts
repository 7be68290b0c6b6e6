import { RE2JS } from 're2js';
import type { Parsed } from '../fleet/problem.ts';
import { withoutSequences } from '../fleet/terminal-codes.ts';

/** Whether a line is wanted. */
export type LineFilter = (line: string) => boolean;

export interface FilterWish {
  /** Lines that hold this text, as it is written. */
  readonly text?: string | undefined;
  /** Lines that fit this RE2 expression; `(?i)` at its start ignores case. */
  readonly regex?: string | undefined;
}

const LONGEST_PATTERN = 1_000;
/** Of the compiled expression: keeps a match over the longest line within milliseconds. */
const MOST_STEPS = 1_000;

/**
 * A filter that takes time in proportion to the line, whatever the expression: RE2 has no backtracking, so no
 * expression can hold up the hub. What it leaves out for that (look-around, back-references) is refused with the reason.
 */
export function lineFilter({ text, regex }: FilterWish): Parsed<LineFilter | null> {
  if (text !== undefined && regex !== undefined)
    return wrong('regex', 'cannot be used together with "text"', 'Send one of the two.');
  if (regex !== undefined) return regexFilter(regex);
  const isWanted = text === undefined || text === '' ? null : (line: string) => line.includes(text);
  return { ok: true, value: isWanted && asItReads(isWanted) };
}

function regexFilter(regex: string): Parsed<LineFilter> {
  if (regex.length > LONGEST_PATTERN) return wrong('regex', `is longer than ${LONGEST_PATTERN} characters`);
  try {
    const compiled = RE2JS.compile(regex);
    if (compiled.programSize() > MOST_STEPS)
      return wrong('regex', 'is too large once its repetitions are written out', 'Use smaller counts.');
    return { ok: true, value: asItReads((line) => compiled.test(line)) };
  } catch (error) {
    const says = error instanceof Error ? error.message : String(error);
    return wrong('regex', `cannot be read: ${says}`, 'RE2 has no look-around and no back-references.');
  }
}

/** A colour in the middle of what is looked for does not hide it. */
function asItReads(isWanted: LineFilter): LineFilter {
  return (line) => isWanted(withoutSequences(line));
}

function wrong(where: string, says: string, hint?: string): Parsed<never> {
  return { ok: false, problems: [{ where, says, ...(hint === undefined ? {} : { hint }) }] };
}
