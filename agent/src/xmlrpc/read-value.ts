import { escapeText } from './characters.ts';
import type { XmlRpcLimits } from './limits.ts';
import { MalformedXmlRpc } from './malformed.ts';
import type { XmlRpcValue } from './value.ts';
import type { Strictness, XmlReader } from './xml-reader.ts';

type Scalars = ReadonlyMap<string, (text: string) => XmlRpcValue>;

const CALL_SCALARS: Scalars = new Map<string, (text: string) => XmlRpcValue>([
  ['int', readInteger],
  ['i4', readInteger],
  ['boolean', (text) => text === '1'],
  ['string', (text) => text],
  ['double', readDouble],
  ['dateTime.iso8601', readDateTime],
  ['base64', (text) => Buffer.from(text, 'base64').toString('utf8')],
  ['nil', () => null],
  // supervisord does not know i8: it stays the text it is
  ['i8', (text) => text],
]);

const REPLY_SCALARS: Scalars = new Map([
  ...CALL_SCALARS,
  ['i8', readInteger],
  ['boolean', readBoolean],
  ['dateTime.iso8601', (text: string) => text],
  ['ex:nil', () => null],
  ['ex:i8', readInteger],
]);

/**
 * Inherits nothing at all, not even `__proto__`, so every member is plainly its own. Made by a constructor and
 * not by `Object.create(null)` because then the structs of a list share a shape: that halves the time to read them.
 */
const Struct = function Struct() {} as unknown as new () => Record<string, XmlRpcValue>;
Struct.prototype = Object.freeze(Object.create(null));

/** Reads values under one budget; one per message. Contract: RPC-008. */
export class ValueReader {
  readonly #xml: XmlReader;
  readonly #scalars: Scalars;
  readonly #maxDepth: number;
  #left: number;
  readonly #names: { readonly name: string; readonly bytes: Uint8Array }[] = [];

  constructor(xml: XmlReader, strictness: Strictness, limits: XmlRpcLimits) {
    this.#xml = xml;
    this.#scalars = strictness === 'strict' ? CALL_SCALARS : REPLY_SCALARS;
    this.#maxDepth = limits.maxDepth;
    this.#left = limits.maxValues;
  }

  /** The value whose `<value>` tag the reader stands on; afterwards it stands on the end of it. */
  read(depth = 0): XmlRpcValue {
    const xml = this.#xml;
    if (--this.#left < 0) throw new MalformedXmlRpc('too many values');
    if (xml.isEmpty()) return '';
    const text = xml.readText();
    if (xml.closes('value')) return text;
    if (text.trim() !== '') throw new MalformedXmlRpc('text beside a typed value');
    const value = this.#readTyped(depth);
    xml.expectClose('value');
    return value;
  }

  #readTyped(depth: number): XmlRpcValue {
    const xml = this.#xml;
    const digits = xml.name === 'int' ? xml.readDigits() : null;
    if (digits !== null) return digits;
    const scalar = this.#scalars.get(xml.name);
    if (scalar !== undefined && xml.opens(xml.name)) return scalar(xml.readContent());
    if (depth >= this.#maxDepth) throw new MalformedXmlRpc('nested too deep');
    if (xml.opens('struct')) return this.#readStruct(depth + 1);
    if (xml.opens('array')) return this.#readArray(depth + 1);
    throw new MalformedXmlRpc('unknown type');
  }

  #readStruct(depth: number): XmlRpcValue {
    const xml = this.#xml;
    const struct = new Struct();
    if (xml.isEmpty()) return struct;
    for (let place = 0; !xml.endsHere('struct'); place++) {
      if (!xml.opens('member')) throw new MalformedXmlRpc('no <member>');
      xml.expectOpen('name');
      const name = this.#readName(place);
      xml.expectOpen('value');
      struct[name] = this.read(depth);
      xml.expectClose('member');
    }
    return struct;
  }

  /** Most structs have the member names of the one before, in the same places. */
  #readName(place: number): string {
    const guess = this.#names[place];
    if (guess !== undefined && this.#xml.hasName(guess.bytes)) return guess.name;
    const name = this.#xml.readContent();
    this.#names[place] = { name, bytes: Buffer.from(escapeText(name)) };
    return name;
  }

  #readArray(depth: number): XmlRpcValue {
    const xml = this.#xml;
    const values: XmlRpcValue[] = [];
    if (xml.isEmpty()) return values;
    xml.expectOpen('data');
    if (!xml.isEmpty()) {
      while (!xml.endsHere('data')) {
        if (!xml.opens('value')) throw new MalformedXmlRpc('no <value>');
        values.push(this.read(depth));
      }
    }
    xml.expectClose('array');
    return values;
  }
}

function readInteger(text: string): number {
  const number = /^\s*[+-]?\d{1,16}\s*$/.test(text) ? Number(text) : Number.NaN;
  if (!Number.isSafeInteger(number)) throw new MalformedXmlRpc('not an integer');
  return number;
}

function readDouble(text: string): number {
  const number = text.trim() === '' ? Number.NaN : Number(text);
  if (!Number.isFinite(number)) throw new MalformedXmlRpc('not a number');
  return number;
}

function readBoolean(text: string): boolean {
  return text === '1' || text === 'true';
}

function readDateTime(text: string): string {
  if (!/^\d{8}T\d\d:\d\d:\d\d$/.test(text)) throw new MalformedXmlRpc('not a date');
  return text;
}
