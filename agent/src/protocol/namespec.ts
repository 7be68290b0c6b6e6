/** `group:process`, or a whole group where `process` is null (`group:*`, `group:`). */
export interface Namespec {
  readonly group: string;
  readonly process: string | null;
}

/**
 * Splits at the FIRST colon; a name without one means process N of group N.
 * Contract: RPC-034, RPC-035.
 */
export function parseNamespec(text: string): Namespec {
  const colon = text.indexOf(':');
  if (colon < 0) return { group: text, process: text };
  const process = text.slice(colon + 1);
  return { group: text.slice(0, colon), process: process === '' || process === '*' ? null : process };
}

/** The display name: the short form when process and group are called the same. */
export function formatNamespec(group: string, process: string): string {
  return group === process ? process : `${group}:${process}`;
}
