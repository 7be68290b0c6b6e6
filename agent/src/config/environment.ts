import { good, type Reader, wrong } from './reading.ts';
import { shellTokens, UnfinishedText } from './shell-lexer.ts';

const WORD_CHARACTERS = '/.+-():';

/**
 * `KEY=value,KEY2="v 2"`: shell-like lexing in triples; the separator after a triple is never looked at.
 * Quoting is POSIX (escapes in double quotes, joined pieces), as supervisord does from 4.4 on.
 * Contract: CFG-121 to CFG-131, VER-007, VER-011.
 */
export const environmentPairs: Reader<Readonly<Record<string, string>>> = (text) => {
  const tokens = tokensOf(text);
  if (!tokens.ok) return tokens;
  const pairs: [string, string][] = [];
  for (let at = 0; at < tokens.value.length; at += 4) {
    const [key, equals, value] = tokens.value.slice(at, at + 3);
    if (key === undefined || equals !== '=' || value === undefined) {
      return wrong(
        `Unexpected end of key/value pairs in value '${text}'`,
        'write KEY="value",KEY2="value2"; values with other than letters, digits and _/.+-(): need quotes',
      );
    }
    pairs.push([key, value]);
  }
  return good(Object.fromEntries(pairs));
};

function tokensOf(text: string): ReturnType<typeof good<string[]>> | ReturnType<typeof wrong> {
  try {
    return good(shellTokens(text, { wordCharacters: WORD_CHARACTERS, comments: true }));
  } catch (error) {
    if (error instanceof UnfinishedText) return wrong(error.message, 'close the quotation in environment=');
    throw error;
  }
}
