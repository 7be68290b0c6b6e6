/** White space as Python's `str.isspace` sees it; JavaScript's own `\s` has U+FEFF too much and five too few. */
const SPACE = '\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000';
const RUNS = new RegExp(`[${SPACE}]+`);
const ONE = new RegExp(`^[${SPACE}]$`);
const UNPRINTABLE = /[\p{C}\p{Zl}\p{Zp}]|(?! )\p{Zs}/u;
const NAMED: Record<string, string> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** Whether one character is white space to supervisord. */
export function isSpace(character: string | undefined): boolean {
  if (character === undefined) return false;
  const code = character.charCodeAt(0);
  if (code < 0x80) return code === 0x20 || (code >= 9 && code <= 13) || (code >= 0x1c && code <= 0x1f);
  return ONE.test(character);
}

/** Drops white space at both ends, as supervisord's reader does. */
export function strip(text: string): string {
  let from = 0;
  while (from < text.length && isSpace(text[from])) from += 1;
  return stripEnd(text.slice(from));
}

/** Drops white space at the end. */
export function stripEnd(text: string): string {
  let to = text.length;
  while (to > 0 && isSpace(text[to - 1])) to -= 1;
  return text.slice(0, to);
}

/** The words between white space; none for an empty text. */
export function splitOnSpace(text: string): string[] {
  return text.split(RUNS).filter((word) => word !== '');
}

/** The text in quotes as supervisord's messages show it: `'it\n'`, `"don't"`. */
export function quoted(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  let out = quote;
  for (const character of text) out += character === quote ? `\\${quote}` : escaped(character);
  return out + quote;
}

/** A list as supervisord's messages show it: `['a', 'b']`. */
export function quotedList(texts: readonly string[]): string {
  return `[${texts.map(quoted).join(', ')}]`;
}

/** Orders text by code point, as supervisord sorts names. */
export function byCodePoint(a: string, b: string): number {
  if (a === b) return 0;
  const left = [...a];
  const right = [...b];
  for (let i = 0; i < left.length && i < right.length; i += 1) {
    const step = (left[i]?.codePointAt(0) ?? 0) - (right[i]?.codePointAt(0) ?? 0);
    if (step !== 0) return step;
  }
  return left.length - right.length;
}

function escaped(character: string): string {
  const named = NAMED[character];
  if (named !== undefined) return named;
  if (!UNPRINTABLE.test(character)) return character;
  const code = character.codePointAt(0) ?? 0;
  if (code <= 0xff) return `\\x${code.toString(16).padStart(2, '0')}`;
  if (code <= 0xffff) return `\\u${code.toString(16).padStart(4, '0')}`;
  return `\\U${code.toString(16).padStart(8, '0')}`;
}
