/** A value as it may stand in a search filter (RFC 4515): nothing of it is read as part of the filter. */
export function filterValue(text: string): string {
  return text.replace(/[\\*()\0]/g, (char) => `\\${char.charCodeAt(0).toString(16).padStart(2, '0')}`);
}

/** A value as it may stand in a DN (RFC 4514): nothing of it is read as another part of the name. */
export function dnValue(text: string): string {
  return text
    .replace(/[\\,+"<>;=]/g, (char) => `\\${char}`)
    .replaceAll('\0', '\\00')
    .replace(/^[ #]/, (char) => `\\${char}`)
    .replace(/ $/, '\\ ');
}

/** `ops` of `cn=ops,ou=groups,dc=example,dc=net`. */
export function firstName(dn: string): string {
  const [, value = ''] = /^[^=]+=((?:\\.|[^,+\\])*)/s.exec(dn) ?? [];
  return value
    .replace(/\\([0-9a-f]{2})/gi, (_all, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
    .replace(/\\(.)/gs, '$1');
}
