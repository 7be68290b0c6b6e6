import { hasForbidden, hasForbiddenBytes, resolveReference } from './characters.ts';
import { type Element, hasAt, namesBeginningWith, TAGS } from './elements.ts';
import { MalformedXmlRpc } from './malformed.ts';

/** `strict` refuses what an XML parser refuses; `tolerant` reads what stock servers send: raw control characters. */
export type Strictness = 'strict' | 'tolerant';

const LESS = 0x3c;
const GREATER = 0x3e;
const BANG = 0x21;
const SLASH = 0x2f;
const QUESTION = 0x3f;
const AMPERSAND = 0x26;
const RETURN = 0x0d;
const LONGEST_TAG = 4096;
const MOST_DIGITS = 15;
const TAG = /^(\/?)([A-Za-z_][\w.:-]*)(?:\s+[^\s=<>"'/]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*\s*(\/?)>/;

/**
 * Walks a document tag by tag, over its bytes: making text only of what is text is several times faster.
 * Comments and processing instructions are skipped, CDATA is text, attributes are ignored, and a DOCTYPE is
 * malformed, so no entity exists beyond XML's own five.
 */
export class XmlReader {
  /** Name of the tag the reader stands on. */
  name = '';
  #kind: 'open' | 'close' | 'empty' = 'open';
  #at = 0;
  readonly #bytes: Buffer;
  readonly #strict: boolean;

  constructor(bytes: Uint8Array, strictness: Strictness) {
    this.#strict = strictness === 'strict';
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    if (this.#strict && hasForbiddenBytes(bytes)) throw new MalformedXmlRpc('character not allowed in XML');
    if (hasAt(bytes, 0, BYTE_ORDER_MARK)) this.#at = BYTE_ORDER_MARK.length;
  }

  /** True on `<name>` and on `<name/>`. */
  opens(name: string): boolean {
    return this.#kind !== 'close' && this.name === name;
  }

  closes(name: string): boolean {
    return this.#kind === 'close' && this.name === name;
  }

  /** True on `<name/>`: it has no content and no end tag. */
  isEmpty(): boolean {
    return this.#kind === 'empty';
  }

  /** Moves to the next tag and answers the text before it, references resolved. */
  readText(): string {
    let out = '';
    for (;;) {
      out += this.#readPiece();
      const next = this.#bytes[++this.#at];
      if (next === BANG) out += this.#readDeclaration();
      else if (next === QUESTION) this.#skipPast('?>');
      else {
        this.#readName();
        return out;
      }
    }
  }

  /** Moves to the next tag where nothing but white space may stand before it. */
  readTag(): void {
    this.#skipSpace();
    if (this.readText().trim() !== '') throw new MalformedXmlRpc('text between elements');
  }

  /** Moves to the next tag, which must begin this element. */
  expectOpen(name: Element): void {
    if (this.#take(name, 'open')) return;
    this.readTag();
    if (!this.opens(name)) throw new MalformedXmlRpc(`no <${name}>`);
  }

  /** Moves to the next tag, which must end this element. */
  expectClose(name: Element): void {
    if (!this.endsHere(name)) throw new MalformedXmlRpc(`no </${name}>`);
  }

  /** Moves to the next tag, whichever it is, and tells whether it ends this element. */
  endsHere(name: Element): boolean {
    if (this.#take(name, 'close')) return true;
    this.readTag();
    return this.closes(name);
  }

  /** The text of the element just opened, up to its end tag. */
  readContent(): string {
    if (this.#kind === 'empty') return '';
    const element = this.name;
    const text = this.readText();
    if (!this.closes(element)) throw new MalformedXmlRpc(`no </${element}>`);
    return text;
  }

  /** The element just opened if it holds an integer in plain digits and nothing else; otherwise null, and nothing is read. */
  readDigits(): number | null {
    const bytes = this.#bytes;
    const start = this.#at;
    let at = start;
    let number = 0;
    for (let byte = bytes[at] ?? 0; byte >= 0x30 && byte <= 0x39; byte = bytes[++at] ?? 0) {
      number = number * 10 + byte - 0x30;
    }
    if (at === start || at - start > MOST_DIGITS || this.#kind !== 'open' || bytes[at] !== LESS) return null;
    const element = this.name;
    this.#at = at + 1;
    this.#readName();
    if (!this.closes(element)) throw new MalformedXmlRpc(`no </${element}>`);
    return number;
  }

  /** Whether the `<name>` just opened holds exactly these bytes; if so it is read. */
  hasName(bytes: Uint8Array): boolean {
    const end = this.#at + bytes.length;
    if (!hasAt(this.#bytes, this.#at, bytes) || !hasAt(this.#bytes, end, TAGS.name.close)) return false;
    this.#at = end + TAGS.name.close.length;
    this.#kind = 'close';
    return true;
  }

  /** Makes sure nothing follows but white space, comments and processing instructions. */
  expectEnd(): void {
    const rest = this.#bytes.toString('utf8', this.#at).replace(/<!--.*?-->|<\?.*?\?>/gs, '');
    if (rest.trim() !== '') throw new MalformedXmlRpc('something after the end');
  }

  /** The short way to an expected tag: nothing but white space before it, no attributes. */
  #take(name: Element, kind: 'open' | 'close'): boolean {
    this.#skipSpace();
    const tag = TAGS[name][kind];
    if (!hasAt(this.#bytes, this.#at, tag)) return false;
    this.#at += tag.length;
    this.name = name;
    this.#kind = kind;
    return true;
  }

  #skipSpace(): void {
    let byte = this.#bytes[this.#at];
    while (byte === 0x0a || byte === 0x20 || byte === RETURN || byte === 0x09) byte = this.#bytes[++this.#at];
  }

  /** The text up to the next `<`, where the reader then stands. */
  #readPiece(): string {
    const bytes = this.#bytes;
    const start = this.#at;
    let at = start;
    let mask = 0;
    let plain = true;
    for (let byte = bytes[at]; byte !== LESS; byte = bytes[++at]) {
      if (byte === undefined) throw new MalformedXmlRpc('cut short');
      mask |= byte;
      if (byte === AMPERSAND || byte === RETURN) plain = false;
    }
    this.#at = at;
    if (at === start) return '';
    const text = bytes.toString(mask < 0x80 ? 'latin1' : 'utf8', start, at);
    return plain ? text : this.#resolve(this.#normalise(text));
  }

  /** The name and end of the tag whose `<` was just passed; `<name>` and `</name>` of a known name are the usual case. */
  #readName(): void {
    const close = this.#bytes[this.#at] === SLASH;
    const start = close ? this.#at + 1 : this.#at;
    for (const { name, bytes } of namesBeginningWith(this.#bytes[start] ?? 0)) {
      if (this.#bytes[start + bytes.length] !== GREATER || !hasAt(this.#bytes, start, bytes)) continue;
      this.name = name;
      this.#kind = close ? 'close' : 'open';
      this.#at = start + bytes.length + 1;
      return;
    }
    this.#readUnusualTag();
  }

  #readUnusualTag(): void {
    const match = TAG.exec(this.#bytes.toString('latin1', this.#at, this.#at + LONGEST_TAG));
    if (match === null) throw new MalformedXmlRpc('not a tag');
    const [all, close = '', name = '', empty = ''] = match;
    if (close !== '' && empty !== '') throw new MalformedXmlRpc('not a tag');
    this.name = name;
    this.#kind = close !== '' ? 'close' : empty !== '' ? 'empty' : 'open';
    this.#at += all.length;
  }

  /** A comment is nothing, CDATA is its text. */
  #readDeclaration(): string {
    if (hasAt(this.#bytes, this.#at, COMMENT)) {
      this.#at += COMMENT.length;
      this.#skipPast('-->');
      return '';
    }
    if (!hasAt(this.#bytes, this.#at, CDATA)) throw new MalformedXmlRpc('declarations are not read');
    const start = this.#at + CDATA.length;
    this.#skipPast(']]>');
    return this.#normalise(this.#bytes.toString('utf8', start, this.#at - ']]>'.length));
  }

  #skipPast(end: string): void {
    const found = this.#bytes.indexOf(end, this.#at, 'latin1');
    if (found < 0) throw new MalformedXmlRpc('cut short');
    this.#at = found + end.length;
  }

  /** Line ends as an XML parser makes them; a log tail in a reply keeps its own. */
  #normalise(text: string): string {
    return this.#strict ? text.replace(/\r\n?/g, '\n') : text;
  }

  #resolve(raw: string): string {
    return raw.replace(/&([^&;]{0,10})(;?)/g, (all, name: string, end: string) => {
      const character = end === '' ? undefined : resolveReference(name);
      if (!this.#strict) return character ?? all;
      if (character === undefined || hasForbidden(character)) throw new MalformedXmlRpc('unknown reference');
      return character;
    });
  }
}

const BYTE_ORDER_MARK = Buffer.from('\ufeff');
const COMMENT = Buffer.from('!--');
const CDATA = Buffer.from('![CDATA[');
