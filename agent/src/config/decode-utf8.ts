import { good, type Reading, wrong } from './reading.ts';

/** Text of UTF-8 bytes, or the first byte that is none, in Python's words. A byte order mark stays. Contract: CFG-050. */
export function decodeUtf8(bytes: Buffer): Reading<string> {
  const text = bytes.toString('utf8');
  if (!text.includes('\ufffd')) return good(text);
  const fault = firstFault(bytes);
  if (fault === null) return good(text);
  return wrong(
    `'utf-8' codec can't decode ${place(bytes, fault)}: ${fault.reason}`,
    `line ${lineAt(bytes, fault.at)} is not UTF-8; convert the file, for example with iconv`,
  );
}

function place(bytes: Buffer, { at, length }: Fault): string {
  if (length > 1) return `bytes in position ${at}-${at + length - 1}`;
  return `byte 0x${(bytes[at] ?? 0).toString(16).padStart(2, '0')} in position ${at}`;
}

/** The line, from 1, that holds a byte. */
function lineAt(bytes: Buffer, at: number): number {
  return bytes.subarray(0, at).filter((byte) => byte === 0x0a).length + 1;
}

interface Fault {
  readonly at: number;
  /** Bytes of the character that came so far. */
  readonly length: number;
  readonly reason: string;
}

function firstFault(bytes: Buffer): Fault | null {
  for (let at = 0; at < bytes.length; ) {
    const length = sequenceLength(bytes, at);
    if (length === 0) return { at, length: 1, reason: 'invalid start byte' };
    for (let more = 1; more < length; more += 1) {
      const byte = bytes[at + more];
      if (byte === undefined) return { at, length: more, reason: 'unexpected end of data' };
      if (!continues(bytes[at] ?? 0, more, byte))
        return { at, length: more, reason: 'invalid continuation byte' };
    }
    at += length;
  }
  return null;
}

function sequenceLength(bytes: Buffer, at: number): number {
  const first = bytes[at] ?? 0;
  if (first < 0x80) return 1;
  if (first >= 0xc2 && first <= 0xdf) return 2;
  if (first >= 0xe0 && first <= 0xef) return 3;
  return first >= 0xf0 && first <= 0xf4 ? 4 : 0;
}

/** Whether `byte` may stand `more` places after `first`: no surrogates, no overlong forms, nothing past U+10FFFF. */
function continues(first: number, more: number, byte: number): boolean {
  if (byte < 0x80 || byte > 0xbf) return false;
  if (more > 1) return true;
  const lowest = { 224: 0xa0, 240: 0x90 }[first] ?? 0x80;
  const highest = { 237: 0x9f, 244: 0x8f }[first] ?? 0xbf;
  return byte >= lowest && byte <= highest;
}
