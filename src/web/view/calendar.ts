const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

/** First millisecond of a day (`2026-11-26`) in the reader's zone and of the day after it; null: it names no day. */
export function dayBounds(
  date: string,
  zone: string | undefined,
): { readonly from: number; readonly to: number } | null {
  const [, year, month, day] = /^(\d{4})-(\d\d)-(\d\d)$/.exec(date) ?? [];
  if (year === undefined || Number(month) > 12 || Number(day) > 31) return null;
  const midnight = DAY_MS * daysSinceEpoch(Number(year), Number(month), Number(day));
  const next = midnight + DAY_MS;
  return { from: midnight - aheadMs(midnight, zone), to: next - aheadMs(next, zone) };
}

/** How far a zone is ahead of UTC at a time. */
function aheadMs(ms: number, zone: string | undefined): number {
  const parts = new Intl.DateTimeFormat('en-GB', {
    ...(zone === undefined ? {} : { timeZone: zone }),
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).formatToParts(ms);
  const part = (type: Intl.DateTimeFormatPartTypes): number =>
    Number(parts.find((one) => one.type === type)?.value);
  const days = daysSinceEpoch(part('year'), part('month'), part('day'));
  return DAY_MS * days + MINUTE_MS * (60 * part('hour') + part('minute')) - ms;
}

/** Days from 1970-01-01, by the civil calendar; years begin in March here, so that leap days come last. */
function daysSinceEpoch(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const ofEra = y - era * 400;
  const ofYear = Math.floor((153 * ((month + 9) % 12) + 2) / 5) + day - 1;
  return era * 146_097 + ofEra * 365 + Math.floor(ofEra / 4) - Math.floor(ofEra / 100) + ofYear - 719_468;
}
