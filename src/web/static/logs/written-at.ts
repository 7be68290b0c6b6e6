/** Where a line may carry its time: further on it is somebody else's. */
const LOOKED_AT = 160;
const ISO = /\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d+)? ?(?:Z|[+-]\d\d:?\d\d)/;
/** Of web servers: `[26/Nov/2026:10:13:59 +0000]`. */
const COMMON = /\[(\d\d)\/([A-Z][a-z]{2})\/(\d{4}):(\d\d:\d\d:\d\d) ([+-]\d{4})\]/;
/** Of loggers that write JSON: milliseconds or seconds since 1970. */
const EPOCH = /"(?:time|ts|timestamp)":\s?(\d{10}(?:\.\d+)?|\d{13})\b/;

/**
 * When a line says it was written; null where it does not say, or names no zone: its host's clock may stand in any.
 */
export function writtenAtMs(text: string): number | null {
  const head = text.slice(0, LOOKED_AT);
  const iso = ISO.exec(head)?.[0];
  if (iso !== undefined)
    return parsed(
      iso
        .replace(',', '.')
        .replace(/ (?=[Z+-])/, '')
        .replace(' ', 'T'),
    );
  const common = COMMON.exec(head);
  if (common !== null) return parsed(`${common[1]} ${common[2]} ${common[3]} ${common[4]} ${common[5]}`);
  const epoch = EPOCH.exec(head)?.[1];
  if (epoch === undefined) return null;
  return epoch.length === 13 ? Number(epoch) : Number(epoch) * 1_000;
}

function parsed(text: string): number | null {
  const ms = Date.parse(text);
  return Number.isNaN(ms) ? null : ms;
}
