import { hasForbidden, resolveReference } from './characters.ts';
import { MalformedXmlRpc } from './malformed.ts';

/** `strict` refuses what an XML parser refuses; `tolerant` reads what stock servers send: raw control characters. */
export type Strictness = 'strict' | 'tolerant';

const BANG = 0x21;
const SLASH = 0x2f;
const QUESTION = 0x3f;
const PLAIN_NAME = /^[A-Za-z_][\w.:-]*$/;
const TAG = /(\/?)([A-Za-z_][\w.:-]*)(?:\s+[^\s=<>"'/]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*\s*(\/?)>/y;

/**
 * Walks a document tag by tag. Comments and processing instructions are skipped, CDATA is text,
 * attributes are ignored, and a DOCTYPE is malformed, so no entity exists beyond XML's own five.
 */
export class XmlReader {
  /** Name of the tag the reader stands on. */
  name = '';
  #kind: 'open' | 'close' | 'empty' = 'open';
  #at = 0;
  readonly #text: string;
  readonly #strict: boolean;

  constructor(text: string, strictness: Strictness) {
    this.#strict = strictness === 'strict';
    if (this.#strict && hasForbidden(text)) throw new MalformedXmlRpc('character not allowed in XML');
    this.#text = this.#strict && text.includes('\r') ? text.replace(/\r\n?/g, '\n') : text;
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
      const lt = this.#text.indexOf('<', this.#at);
      if (lt < 0) throw new MalformedXmlRpc('cut short');
      if (lt > this.#at) out += this.#resolve(this.#text.slice(this.#at, lt));
      this.#at = lt + 1;
      const next = this.#text.charCodeAt(this.#at);
      if (next === BANG) out += this.#readDeclaration();
      else if (next === QUESTION) this.#skipPast('?>');
      else {
        this.#readTag();
        return out;
      }
    }
  }

  /** Moves to the next tag where nothing but white space may stand before it. */
  readTag(): void {
    if (this.readText().trim() !== '') throw new MalformedXmlRpc('text between elements');
  }

  /** Moves to the next tag, which must begin this element. */
  expectOpen(name: string): void {
    this.readTag();
    if (!this.opens(name)) throw new MalformedXmlRpc(`no <${name}>`);
  }

  /** Moves to the next tag, which must end this element. */
  expectClose(name: string): void {
    this.readTag();
    if (!this.closes(name)) throw new MalformedXmlRpc(`no </${name}>`);
  }

  /** The text of the element just opened, up to its end tag. */
  readContent(): string {
    if (this.#kind === 'empty') return '';
    const element = this.name;
    const text = this.readText();
    if (!this.closes(element)) throw new MalformedXmlRpc(`no </${element}>`);
    return text;
  }

  /** Makes sure nothing follows but white space, comments and processing instructions. */
  expectEnd(): void {
    const rest = this.#text.slice(this.#at).replace(/<!--.*?-->|<\?.*?\?>/gs, '');
    if (rest.trim() !== '') throw new MalformedXmlRpc('something after the end');
  }

  #readTag(): void {
    const close = this.#text.charCodeAt(this.#at) === SLASH;
    const start = close ? this.#at + 1 : this.#at;
    const gt = this.#text.indexOf('>', start);
    const name = gt < 0 ? '' : this.#text.slice(start, gt);
    if (!PLAIN_NAME.test(name)) {
      this.#readTagWithMore();
      return;
    }
    this.name = name;
    this.#kind = close ? 'close' : 'open';
    this.#at = gt + 1;
  }

  #readTagWithMore(): void {
    TAG.lastIndex = this.#at;
    const match = TAG.exec(this.#text);
    if (match === null) throw new MalformedXmlRpc('not a tag');
    const [all, close = '', name = '', empty = ''] = match;
    if (close !== '' && empty !== '') throw new MalformedXmlRpc('not a tag');
    this.name = name;
    this.#kind = close !== '' ? 'close' : empty !== '' ? 'empty' : 'open';
    this.#at += all.length;
  }

  /** A comment is nothing, CDATA is its text. */
  #readDeclaration(): string {
    if (this.#text.startsWith('!--', this.#at)) {
      this.#at += 3;
      this.#skipPast('-->');
      return '';
    }
    if (!this.#text.startsWith('![CDATA[', this.#at)) throw new MalformedXmlRpc('declarations are not read');
    const start = this.#at + '![CDATA['.length;
    this.#skipPast(']]>');
    return this.#text.slice(start, this.#at - ']]>'.length);
  }

  #skipPast(end: string): void {
    const found = this.#text.indexOf(end, this.#at);
    if (found < 0) throw new MalformedXmlRpc('cut short');
    this.#at = found + end.length;
  }

  #resolve(raw: string): string {
    if (!raw.includes('&')) return raw;
    return raw.replace(/&([^&;]{0,10})(;?)/g, (all, name: string, end: string) => {
      const character = end === '' ? undefined : resolveReference(name);
      if (!this.#strict) return character ?? all;
      if (character === undefined || hasForbidden(character)) throw new MalformedXmlRpc('unknown reference');
      return character;
    });
  }
}
