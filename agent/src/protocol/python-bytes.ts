import { isUtf8 } from 'node:buffer';

const NAMED: Record<number, string> = { 9: '\\t', 10: '\\n', 13: '\\r', 92: '\\\\' };

/** The text of `bytes`; when they are not UTF-8, `Undecodable: ` and a Python bytes literal. Contract: EVT-019, PROC-089. */
export function textOrUndecodable(bytes: Buffer): string {
  return isUtf8(bytes) ? bytes.toString('utf8') : `Undecodable: ${bytesLiteral(bytes)}`;
}

/** `b'caf\xe9'`, as Python shows bytes. */
export function bytesLiteral(bytes: Uint8Array): string {
  const quote = bytes.includes(39) && !bytes.includes(34) ? '"' : "'";
  let out = '';
  for (const byte of bytes) out += byteLiteral(byte, quote);
  return `b${quote}${out}${quote}`;
}

function byteLiteral(byte: number, quote: string): string {
  const named = NAMED[byte];
  if (named !== undefined) return named;
  if (byte < 32 || byte > 126) return `\\x${byte.toString(16).padStart(2, '0')}`;
  const character = String.fromCharCode(byte);
  return character === quote ? `\\${character}` : character;
}
