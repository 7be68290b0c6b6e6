/** `text`: a quoted string, unquoted. `sign`: punctuation, with `array(` as one. */
export interface PhpToken {
  readonly kind: 'text' | 'number' | 'sign' | 'word';
  readonly text: string;
  readonly line: number;
}

const TOKEN =
  /(?<space>\s+)|(?<comment>\/\/[^\n]*|#(?!\[)[^\n]*|\/\*[\s\S]*?(?:\*\/|$))|(?<array>array\s*\()|'(?<single>(?:[^'\\]|\\[\s\S])*)'|"(?<double>(?:[^"\\]|\\[\s\S])*)"|(?<number>\d+)|(?<word>[$A-Za-z_][\w$]*)|(?<sign>=>|[\s\S])/giy;

/** The literals and signs of a PHP file, comments left out; nothing is evaluated. */
export function phpTokens(source: string): PhpToken[] {
  const tokens: PhpToken[] = [];
  let line = 1;
  for (const { 0: all, groups = {} } of source.matchAll(TOKEN)) {
    const token = tokenOf(groups);
    if (token !== null) tokens.push({ ...token, line });
    line += all.split('\n').length - 1;
  }
  return tokens;
}

function tokenOf(groups: Readonly<Record<string, string | undefined>>): Omit<PhpToken, 'line'> | null {
  const { array, single, double, number, word, sign } = groups;
  if (array !== undefined) return { kind: 'sign', text: 'array(' };
  if (single !== undefined) return { kind: 'text', text: single.replace(/\\(['\\])/g, '$1') };
  if (double !== undefined) return { kind: 'text', text: double.replace(/\\(["\\$])/g, '$1') };
  if (number !== undefined) return { kind: 'number', text: number };
  if (word !== undefined) return { kind: 'word', text: word };
  return sign === undefined ? null : { kind: 'sign', text: sign };
}
