/** Where a line may carry its time: further on it is somebody else's. */
const LOOKED_AT = 160;
const ISO =
  /(\d{4})([-/])(\d\d)\2(\d\d)[T ](\d\d:\d\d:\d\d)(?:[.,](\d+))?(?: ?(Z\b|UTC\b|GMT\b|[+-]\d\d:?\d\d(?!\d)))?/;
/** Of web servers: `[26/Nov/2026:10:13:59 +0000]`. */
const COMMON = /\[(\d\d)\/([A-Z][a-z]{2})\/(\d{4}):(\d\d:\d\d:\d\d) ([+-]\d{4})\]/;
/** Of loggers that write JSON: milliseconds or seconds since 1970. */
const EPOCH = /"(?:time|ts|timestamp)":\s?(\d{10}(?:\.\d+)?|\d{13})\b/;

/** A time in a line; `local`: as if it were UTC, it names no zone and its host's clock may stand in any. */
export interface Stamp {
  readonly kind: 'instant' | 'local';
  readonly ms: number;
}

/** When a line says it was written; null where it does not say. */
export function writtenAt(text: string): Stamp | null {
  const head = text.slice(0, LOOKED_AT);
  const iso = ISO.exec(head);
  if (iso !== null) return ofIso(iso);
  const common = COMMON.exec(head);
  if (common !== null)
    return stamp('instant', Date.parse(`${common[1]} ${common[2]} ${common[3]} ${common[4]} ${common[5]}`));
  const epoch = EPOCH.exec(head)?.[1];
  if (epoch === undefined) return null;
  return stamp('instant', epoch.length === 13 ? Number(epoch) : Number(epoch) * 1_000);
}

function ofIso([, year, , month, day, time, fraction = '0', zone]: RegExpExecArray): Stamp | null {
  const offset = zone === undefined || /^[A-Z]/.test(zone) ? 'Z' : zone;
  const ms = Date.parse(`${year}-${month}-${day}T${time}.${fraction.slice(0, 3)}${offset}`);
  return stamp(zone === undefined ? 'local' : 'instant', ms);
}

function stamp(kind: Stamp['kind'], ms: number): Stamp | null {
  return Number.isNaN(ms) ? null : { kind, ms };
}
