const FORBIDDEN = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/;
const ALL_FORBIDDEN = new RegExp(FORBIDDEN, 'g');
const SPECIAL = /[&<>\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/;
const REPLACEMENT = '\ufffd';
const NAMED: ReadonlyMap<string, string> = new Map([
  ['amp', '&'],
  ['lt', '<'],
  ['gt', '>'],
  ['quot', '"'],
  ['apos', "'"],
]);

/** True when the text holds a character no XML 1.0 document may contain, not even as a reference. */
export function hasForbidden(text: string): boolean {
  return FORBIDDEN.test(text);
}

/** The same for the UTF-8 bytes of a text, without making it one. */
export function hasForbiddenBytes(bytes: Uint8Array): boolean {
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i] ?? 0;
    if (byte < 0x20 && byte !== 0x09 && byte !== 0x0a && byte !== 0x0d) return true;
    // U+FFFE and U+FFFF are EF BF BE and EF BF BF
    if (byte === 0xef && bytes[i + 1] === 0xbf && (bytes[i + 2] ?? 0) >= 0xbe) return true;
  }
  return false;
}

/**
 * Text as element content: `& < >` escaped, characters XML forbids replaced by U+FFFD
 * (lone surrogates become it when the text becomes bytes). Contract: RPC-011, RPC-167.
 */
export function escapeText(text: string): string {
  if (!SPECIAL.test(text)) return text;
  return text
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(ALL_FORBIDDEN, REPLACEMENT);
}

/** The character an entity or reference (`amp`, `#10`, `#x1F600`) stands for, or undefined: there are only the five. */
export function resolveReference(name: string): string | undefined {
  const numeric = /^#(?:x([0-9a-fA-F]{1,6})|([0-9]{1,7}))$/.exec(name);
  if (numeric === null) return NAMED.get(name);
  const code = numeric[1] === undefined ? Number(numeric[2]) : Number.parseInt(numeric[1], 16);
  if (code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) return undefined;
  return String.fromCodePoint(code);
}
