/** The text ends inside quotes or after a backslash. The message is Python's. */
export class UnfinishedText extends Error {}

export interface LexerRules {
  /** Characters besides letters, digits and `_` that belong to a word; null: everything that is not special. */
  readonly wordCharacters: string | null;
  /** Whether an unquoted `#` hides the rest of its line. */
  readonly comments: boolean;
}

const BLANKS = ' \t\r\n';
const LETTER = /^[A-Za-z0-9_ßàáâãäåæçèéêëìíîïðñòóôõöøùúûüýþÿÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÐÑÒÓÔÕÖØÙÚÛÜÝÞ]$/;

/**
 * Splits text by POSIX shell-word rules: both quotes, backslash outside and inside double quotes, nothing else.
 * Throws `UnfinishedText`. Source: Python's shlex in POSIX mode.
 */
export function shellTokens(text: string, rules: LexerRules): string[] {
  return new ShellLexer([...text], rules).tokens();
}

class ShellLexer {
  private readonly text: readonly string[];
  private readonly rules: LexerRules;
  private at = 0;

  constructor(text: readonly string[], rules: LexerRules) {
    this.text = text;
    this.rules = rules;
  }

  tokens(): string[] {
    const tokens: string[] = [];
    for (let token = this.token(); token !== null; token = this.token()) tokens.push(token);
    return tokens;
  }

  private token(): string | null {
    this.skipBlanks();
    const first = this.text[this.at];
    if (first === undefined) return null;
    if (!this.inWord(first) && !this.isQuoting(first)) {
      this.at += 1;
      return first;
    }
    let token = '';
    for (let character = this.text[this.at]; character !== undefined; character = this.text[this.at]) {
      if (this.isQuoting(character)) token += this.quotedPart(character);
      else if (this.inWord(character)) token += character;
      else break;
      this.at += 1;
    }
    return token;
  }

  private skipBlanks(): void {
    for (let character = this.text[this.at]; character !== undefined; character = this.text[this.at]) {
      if (this.rules.comments && character === '#') this.skipLine();
      else if (!BLANKS.includes(character)) return;
      this.at += 1;
    }
  }

  private skipLine(): void {
    while (this.at < this.text.length && this.text[this.at] !== '\n') this.at += 1;
  }

  /** Leaves the position on the last character of the part. */
  private quotedPart(opening: string): string {
    if (opening === '\\') return this.escaped();
    let part = '';
    for (this.at += 1; this.text[this.at] !== opening; this.at += 1) {
      const character = this.text[this.at];
      if (character === undefined) throw new UnfinishedText('No closing quotation');
      part += opening === '"' && character === '\\' ? this.escapedInQuotes() : character;
    }
    return part;
  }

  private escaped(): string {
    this.at += 1;
    const character = this.text[this.at];
    if (character === undefined) throw new UnfinishedText('No escaped character');
    return character;
  }

  private escapedInQuotes(): string {
    const character = this.escaped();
    return character === '"' || character === '\\' ? character : `\\${character}`;
  }

  private isQuoting(character: string): boolean {
    return character === "'" || character === '"' || character === '\\';
  }

  private inWord(character: string): boolean {
    if (BLANKS.includes(character) || (this.rules.comments && character === '#')) return false;
    const extra = this.rules.wordCharacters;
    return extra === null || extra.includes(character) || LETTER.test(character);
  }
}
