import type { HostView } from '../../fleet/host.ts';
import { fullTime, hourMinute } from './format.ts';
import type { Reader } from './reader.ts';

/** How far back a page looks. */
const RANGES = { '1h': 1, '24h': 24, '7d': 168, '90d': 2160 } as const;
export type RangeName = keyof typeof RANGES;

export function rangeOf(params: URLSearchParams, otherwise: RangeName): { name: RangeName; hours: number } {
  const asked = params.get('range') ?? '';
  const name = Object.hasOwn(RANGES, asked) ? (asked as RangeName) : otherwise;
  return { name, hours: RANGES[name] };
}

const NEW_MS = 6 * 3_600_000;

/** A day of a host; of a new one an hour, for its day would be an empty picture. */
export function hostRange(
  params: URLSearchParams,
  host: Pick<HostView, 'createdAtMs'>,
  { nowMs }: Pick<Reader, 'nowMs'>,
): ReturnType<typeof rangeOf> {
  return rangeOf(params, nowMs - host.createdAtMs < NEW_MS ? '1h' : '24h');
}

/** One link per range, the one in use marked. */
export function rangeLinks(page: string, current: RangeName, reader: Reader): unknown[] {
  return (Object.keys(RANGES) as RangeName[]).map((name) => ({
    link: `${page}?range=${name}`,
    label: reader.say(`range.${name}`),
    current: name === current,
  }));
}

/** Times below a band: clock times of a day, dates beyond. */
export function axisOf(fromMs: number, toMs: number, reader: Reader, parts = 6): unknown[] {
  const isLong = toMs - fromMs > 36 * 3_600_000;
  return Array.from({ length: parts }, (_, nth) => {
    const ms = fromMs + ((toMs - fromMs) * nth) / parts;
    const text = isLong ? dayOf(ms, reader) : hourMinute(ms, reader);
    return { text, title: fullTime(ms, reader) };
  });
}

function dayOf(ms: number, { language, zone }: Reader): string {
  return new Intl.DateTimeFormat(language === 'zh' ? 'zh-CN' : 'en-GB', {
    day: 'numeric',
    month: 'short',
    ...(zone === undefined ? {} : { timeZone: zone }),
  }).format(ms);
}
