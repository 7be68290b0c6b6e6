/** CSI, OSC/DCS/PM/APC/SOS with their terminators, and two-byte escapes. */
const SEQUENCE =
  /(?:\x1b\[|\x9b)[\x30-\x3f]*[\x20-\x2f]*[\x40-\x7e]|(?:\x1b[\]PX^_]|[\x9d\x90\x98\x9e\x9f])[^\x07\x1b\x9c]*(?:\x07|\x1b\\|\x9c)|\x1b[\x20-\x2f]*[\x30-\x5a\x5c\x60-\x7e]/g;
const CONTROL = /[\x00-\x08\x0b-\x1f\x7f-\x9f]/g;
const LINE_BREAKS = /[\n\u2028\u2029]/g;

/** A line of a log as a terminal can be given it: escape sequences are left out, other controls shown as `^X`. */
export function neutralised(text: string): string {
  return text.replace(/\r$/, '').replace(SEQUENCE, '').replace(CONTROL, caret);
}

/** A name or sentence from elsewhere, on one line of its own whatever it holds. */
export function oneLine(text: string): string {
  return neutralised(text).replace(LINE_BREAKS, '␤');
}

function caret(character: string): string {
  const code = character.charCodeAt(0);
  if (code === 0x7f) return '^?';
  return code < 0x20 ? `^${String.fromCharCode(code + 0x40)}` : `\\x${code.toString(16)}`;
}
