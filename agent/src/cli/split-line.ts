import { splitOnSpace, strip } from '../config/python-text.ts';

export type SplitLine =
  | { readonly kind: 'empty' }
  | { readonly kind: 'verb' | 'other'; readonly name: string; readonly args: readonly string[] };

/** Stands in for an escaped blank while words are split; no line of text holds it. */
const HELD_BLANK = '\0';

/**
 * Takes a command line apart: the verb is what its letters, digits and `_` spell, the rest is words between
 * blanks. There is no quoting; beyond supervisorctl, `\ ` is a blank inside a word, so that a process whose
 * name has one can be named. Contract: CTL-016 to CTL-018.
 */
export function splitLine(line: string): SplitLine {
  const text = strip(line).replace(/^\?/, 'help ');
  if (text === '') return { kind: 'empty' };
  const name = /^[A-Za-z0-9_]*/.exec(text)?.[0] ?? '';
  const args = splitWords(text.slice(name.length));
  return { kind: name === '' ? 'other' : 'verb', name: name || text, args };
}

/** Words between blanks; `\ ` does not part them. */
export function splitWords(text: string): string[] {
  return splitOnSpace(text.replaceAll('\\ ', HELD_BLANK)).map((word) => word.replaceAll(HELD_BLANK, ' '));
}

/** A name as it is typed in a line. */
export function typedName(name: string): string {
  return name.replaceAll(' ', '\\ ');
}
