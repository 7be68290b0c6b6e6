import { withoutControls } from '../fleet/terminal-codes.ts';

const LINE_BREAKS = /[\n\u2028\u2029]/g;

/** A line of a log as a terminal can be given it: escape sequences are left out, other controls shown as `^X`. */
export function neutralised(text: string): string {
  return withoutControls(text.replace(/\r$/, ''));
}

/** A name or sentence from elsewhere, on one line of its own whatever it holds. */
export function oneLine(text: string): string {
  return neutralised(text).replace(LINE_BREAKS, '␤');
}
