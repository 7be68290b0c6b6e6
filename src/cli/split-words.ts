/**
 * A typed line as words, as a shell parts them: quotes hold blanks together, a backslash takes the meaning of what
 * follows. `open` tells the quote that was not closed.
 */
export function splitWords(line: string): {
  readonly words: readonly string[];
  readonly open: string | null;
} {
  const words: string[] = [];
  let word: string | null = null;
  let quote: string | null = null;
  for (let at = 0; at < line.length; at++) {
    const letter = line.charAt(at);
    if (letter === '\\' && quote !== "'" && at + 1 < line.length) word = (word ?? '') + line.charAt(++at);
    else if (quote !== null) {
      if (letter === quote) quote = null;
      else word += letter;
    } else if (letter === '"' || letter === "'") {
      quote = letter;
      word ??= '';
    } else if (/\s/.test(letter)) {
      if (word !== null) words.push(word);
      word = null;
    } else word = (word ?? '') + letter;
  }
  if (word !== null) words.push(word);
  return { words, open: quote };
}
