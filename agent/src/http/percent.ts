const KEPT = /[A-Za-z0-9_.~/-]/;

/** Percent-encodes as supervisord's pages do: everything but letters, digits and `_.-~/`. */
export function percentEncode(text: string): string {
  return [...Buffer.from(text)]
    .map((byte) => {
      const character = String.fromCharCode(byte);
      return KEPT.test(character) ? character : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
    })
    .join('');
}

/** Undoes percent-encoding; a `%` that begins no escape stays, bytes that are not UTF-8 become U+FFFD. Never throws. */
export function percentDecode(text: string): string {
  return text.replace(/(?:%[0-9A-Fa-f]{2})+/g, (escapes) =>
    Buffer.from(escapes.replaceAll('%', ''), 'hex').toString('utf8'),
  );
}
