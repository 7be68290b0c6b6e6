import { quoted } from './python-text.ts';
import { bad, good, type Reading } from './reading.ts';

export type FormatValue = string | number;

/** What a name in a format string stands for; undefined when it is unknown. */
export type FormatNames = (name: string) => FormatValue | undefined;

/** Why a text could not be formatted: a name nobody knows, or a text that is no format string. */
export type FormatFault =
  | { readonly kind: 'unknown'; readonly name: string }
  | { readonly kind: 'malformed'; readonly says: string };

type Directive = {
  readonly flags: string;
  readonly width: number;
  readonly precision: number | null;
  readonly letter: string;
  /** Index of the letter in code points, as error texts count. */
  readonly at: number;
};

class Malformed extends Error {}
class Unknown extends Error {}

/**
 * Python's `text % mapping`: `%(n)s`, `%(n)03d`, flags, width and precision, `%%`.
 * A directive without a name is malformed; only `%%` stands for itself.
 * Contract: CFG-071, CFG-072.
 */
export function formatText(text: string, names: FormatNames): Reading<string, FormatFault> {
  try {
    return good(new Formatter([...text], names).run());
  } catch (error) {
    if (error instanceof Unknown) return bad({ kind: 'unknown', name: error.message });
    if (error instanceof Malformed) return bad({ kind: 'malformed', says: error.message });
    throw error;
  }
}

class Formatter {
  private readonly text: readonly string[];
  private readonly names: FormatNames;
  private at = 0;
  /** A directive without a name finds nothing once one with a name was met. */
  private named = false;

  constructor(text: readonly string[], names: FormatNames) {
    this.text = text;
    this.names = names;
  }

  run(): string {
    let out = '';
    while (this.at < this.text.length) {
      const character = this.text[this.at] ?? '';
      this.at += 1;
      out += character === '%' ? this.directive() : character;
    }
    return out;
  }

  private directive(): string {
    const key = this.key();
    if (key === null && this.peek() === '%') {
      this.at += 1;
      return '%';
    }
    const value = key === null ? undefined : this.names(key);
    if (key !== null && value === undefined) throw new Unknown(key);
    this.named ||= key !== null;
    const flags = this.charactersOf(/[-+ #0]/);
    const width = this.number() ?? 0;
    const precision = this.peek() === '.' ? this.precision() : null;
    if (/[hlL]/.test(this.peek())) this.at += 1;
    const letter = this.next();
    if (value === undefined && this.named) throw new Malformed('not enough arguments for format string');
    const directive = { flags, width, precision, letter, at: this.at - 1 };
    return padded(directive, rendered(directive, value));
  }

  private key(): string | null {
    if (this.peek() !== '(') return null;
    this.at += 1;
    const start = this.at;
    for (let depth = 1; this.at < this.text.length; this.at += 1) {
      if (this.text[this.at] === '(') depth += 1;
      if (this.text[this.at] === ')') depth -= 1;
      if (depth === 0) break;
    }
    if (this.at >= this.text.length) throw new Malformed('incomplete format key');
    const key = this.text.slice(start, this.at).join('');
    this.at += 1;
    return key;
  }

  private precision(): number {
    this.at += 1;
    return this.number() ?? 0;
  }

  private number(): number | null {
    if (this.peek() === '*') throw new Malformed('* wants int');
    const digits = this.charactersOf(/[0-9]/);
    if (digits === '') return null;
    if (digits.length > 4) throw new Malformed('width too big');
    return Number(digits);
  }

  private charactersOf(wanted: RegExp): string {
    const start = this.at;
    while (wanted.test(this.peek())) this.at += 1;
    return this.text.slice(start, this.at).join('');
  }

  private peek(): string {
    return this.text[this.at] ?? '';
  }

  private next(): string {
    const character = this.text[this.at];
    if (character === undefined) throw new Malformed('incomplete format');
    this.at += 1;
    return character;
  }
}

function rendered(directive: Directive, value: FormatValue | undefined): string {
  const { letter } = directive;
  if ('sra'.includes(letter)) return renderedText(directive, value);
  if (letter === 'c') return renderedCharacter(value);
  if ('diu'.includes(letter)) return renderedInteger(directive, value, 10, 'a real number');
  if (letter === 'o') return renderedInteger(directive, value, 8, 'an integer');
  if ('xX'.includes(letter)) return renderedInteger(directive, value, 16, 'an integer');
  if ('eEfFgG'.includes(letter)) return renderedFloat(directive, value);
  const code = letter.codePointAt(0) ?? 0;
  const shown = code > 31 && code < 127 ? letter : '?';
  throw new Malformed(
    `unsupported format character '${shown}' (0x${code.toString(16)}) at index ${directive.at}`,
  );
}

function renderedText({ letter, precision }: Directive, value: FormatValue | undefined): string {
  if (value === undefined) throw new Malformed('not enough arguments for format string');
  const text = letter === 's' || typeof value === 'number' ? `${value}` : quoted(value);
  return precision === null ? text : [...text].slice(0, precision).join('');
}

function renderedCharacter(value: FormatValue | undefined): string {
  if (typeof value === 'number') return String.fromCodePoint(Math.max(0, Math.min(value, 0x10ffff)));
  if (value === undefined || [...value].length !== 1) throw new Malformed('%c requires int or char');
  return value;
}

function renderedInteger(
  directive: Directive,
  value: FormatValue | undefined,
  base: number,
  wants: string,
): string {
  if (typeof value !== 'number') {
    throw new Malformed(`%${directive.letter} format: ${wants} is required, not ${typeName(value)}`);
  }
  const digits = Math.abs(value)
    .toString(base)
    .padStart(directive.precision ?? 1, '0');
  const marker = directive.flags.includes('#') ? ({ 8: '0o', 16: '0x' }[base] ?? '') : '';
  const text = sign(directive, value) + marker + digits;
  return directive.letter === 'X' ? text.toUpperCase() : text;
}

function renderedFloat(directive: Directive, value: FormatValue | undefined): string {
  if (typeof value !== 'number') throw new Malformed(`must be real number, not ${typeName(value)}`);
  const digits = directive.precision ?? 6;
  const size = Math.abs(value);
  const letter = directive.letter.toLowerCase();
  if (letter === 'f') return sign(directive, value) + size.toFixed(Math.min(digits, 100));
  if (letter === 'g') return `${sign(directive, value)}${size}`;
  const text = size.toExponential(Math.min(digits, 100)).replace(/e([+-])(\d)$/, 'e$10$2');
  return sign(directive, value) + (directive.letter === 'E' ? text.toUpperCase() : text);
}

function sign({ flags }: Directive, value: number): string {
  if (value < 0) return '-';
  if (flags.includes('+')) return '+';
  return flags.includes(' ') ? ' ' : '';
}

function padded({ flags, width, letter }: Directive, text: string): string {
  const missing = width - [...text].length;
  if (missing <= 0) return text;
  if (flags.includes('-')) return text + ' '.repeat(missing);
  if (!flags.includes('0') || 'srac'.includes(letter)) return ' '.repeat(missing) + text;
  const prefix = /^[-+ ]?(?:0[xXoO])?/.exec(text)?.[0] ?? '';
  return prefix + '0'.repeat(missing) + text.slice(prefix.length);
}

function typeName(value: FormatValue | undefined): string {
  if (value === undefined) return 'dict';
  return typeof value === 'number' ? 'int' : 'str';
}
