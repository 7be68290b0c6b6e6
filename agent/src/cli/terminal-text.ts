import { StringDecoder } from 'node:string_decoder';

/** CSI, OSC/DCS/PM/APC/SOS with their terminators, and two-byte escapes. */
const SEQUENCE =
  /(?:\x1b\[|\x9b)[\x30-\x3f]*[\x20-\x2f]*[\x40-\x7e]|(?:\x1b[\]PX^_]|[\x9d\x90\x98\x9e\x9f])[^\x07\x1b\x9c]*(?:\x07|\x1b\\|\x9c)|\x1b[\x20-\x2f]*[\x30-\x5a\x5c\x60-\x7e]/g;
const CONTROL = /[\x00-\x08\x0b-\x1f\x7f-\x9f]/g;
const LONGEST_HELD = 256;

/**
 * Text a terminal can be given without obeying it: escape sequences are left out, other control
 * characters shown as `^X`. Newlines and tabs stay.
 */
export function neutralised(text: string): string {
  return text.replaceAll('\r\n', '\n').replace(SEQUENCE, '').replace(CONTROL, caret);
}

/** Neutralises a stream of bytes piece by piece; a sequence or character cut in two is still seen as one. */
export class StreamNeutraliser {
  #decoder = new StringDecoder('utf8');
  #held = '';

  push(bytes: Uint8Array): string {
    const text = this.#held + this.#decoder.write(Buffer.from(bytes));
    const tail = unfinished(text);
    this.#held = tail;
    return neutralised(text.slice(0, text.length - tail.length));
  }

  /** What was held back when the stream ended. */
  end(): string {
    const rest = this.#held + this.#decoder.end();
    this.#held = '';
    return neutralised(rest);
  }
}

/** The end of a text that may be the beginning of a sequence, or of a line end. */
function unfinished(text: string): string {
  if (text.endsWith('\r')) return '\r';
  const tail = text.slice(-LONGEST_HELD);
  const last = tail.lastIndexOf('\x1b');
  const rest = last < 0 ? '' : tail.slice(last);
  return rest.includes('\n') || rest.replace(SEQUENCE, '') !== rest ? '' : rest;
}

function caret(character: string): string {
  const code = character.charCodeAt(0);
  if (code === 0x7f) return '^?';
  return code < 0x20 ? `^${String.fromCharCode(code + 0x40)}` : `\\x${code.toString(16)}`;
}
