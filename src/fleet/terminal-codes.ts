/** CSI, OSC/DCS/PM/APC/SOS with their terminators, and two-byte escapes. No start is looked at twice. */
const SEQUENCE =
  /(?:\x1b\[|\x9b)[\x30-\x3f]*[\x20-\x2f]*[\x40-\x7e]|(?:\x1b[\]PX^_]|[\x9d\x90\x98\x9e\x9f])[^\x07\x1b\x90\x98\x9c-\x9f]*(?:\x07|\x1b\\|\x9c)|\x1b[\x20-\x2f]*[\x30-\x5a\x5c\x60-\x7e]/g;
const INTRODUCER = /[\x1b\x90-\x9f]/;
const COLOUR = /^\x1b\[[\d;]*m$/;
const CONTROL = /[\x00-\x08\x0b-\x1f\x7f-\x9f]/g;
/** Beside carriage returns, and the escapes of colours. */
const STRAY = /\x1b(?!\[[\d;]*m)|[\x00-\x08\x0b\x0c\x0e-\x1a\x1c-\x1f\x7f-\x9f]/g;

/** Text as it reads: what a terminal would obey instead of showing is left out, the text of a link stays. */
export function withoutSequences(text: string): string {
  return INTRODUCER.test(text) ? text.replace(SEQUENCE, '') : text;
}

/** The same with its colours, and with what else is no letter shown as `^X`. */
export function withColours(text: string): string {
  const kept = text.replace(SEQUENCE, (sequence) => (COLOUR.test(sequence) ? sequence : ''));
  return kept.replace(STRAY, caret);
}

/** Nothing in it is obeyed by a terminal. */
export function withoutControls(text: string): string {
  return withoutSequences(text).replace(CONTROL, caret);
}

function caret(character: string): string {
  const code = character.charCodeAt(0);
  if (code === 0x7f) return '^?';
  return code < 0x20 ? `^${String.fromCharCode(code + 0x40)}` : `\\x${code.toString(16)}`;
}
