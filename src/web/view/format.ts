import type { Reader } from './reader.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** To a minute from the first minute on: `38 s`, `4 min`, `3 h`, `2 d`. */
export function roughly(ms: number, { say }: Pick<Reader, 'say'>): string {
  const whole = Math.max(0, ms);
  if (whole < MINUTE) return say('time.seconds', { n: Math.floor(whole / SECOND) });
  if (whole < HOUR) return say('time.minutes', { n: Math.floor(whole / MINUTE) });
  if (whole < 2 * DAY) return say('time.hours', { n: Math.floor(whole / HOUR) });
  return say('time.days', { n: Math.floor(whole / DAY) });
}

/** With the next smaller unit: `2 min 41 s`, `3 h 12 min`. */
export function precisely(ms: number, reader: Pick<Reader, 'say'>): string {
  const whole = Math.max(0, ms);
  const { say } = reader;
  if (whole < MINUTE)
    return whole < 10 * SECOND
      ? say('time.tenths', { n: (whole / SECOND).toFixed(1) })
      : roughly(whole, reader);
  if (whole < HOUR)
    return `${roughly(whole, reader)} ${say('time.seconds', { n: Math.floor((whole % MINUTE) / SECOND) })}`;
  if (whole < DAY)
    return `${say('time.hours', { n: Math.floor(whole / HOUR) })} ${say('time.minutes', { n: Math.floor((whole % HOUR) / MINUTE) })}`;
  return `${say('time.days', { n: Math.floor(whole / DAY) })} ${say('time.hours', { n: Math.floor((whole % DAY) / HOUR) })}`;
}

/** Of one unit where it is whole: `90 s`, `20 min`, `2 h`; else precisely. */
export function exactly(ms: number, reader: Pick<Reader, 'say'>): string {
  if (ms > 0 && ms % HOUR === 0) return reader.say('time.hours', { n: ms / HOUR });
  if (ms > 0 && ms % MINUTE === 0) return reader.say('time.minutes', { n: ms / MINUTE });
  return ms < 2 * MINUTE && ms % SECOND === 0
    ? reader.say('time.seconds', { n: ms / SECOND })
    : precisely(ms, reader);
}

/** As supervisorctl writes it, so that it sorts by eye: `00:06:41`, `16:40:12`, `2 d 04:11`, `18 d`. */
export function uptime(ms: number, { say }: Pick<Reader, 'say'>): string {
  const s = Math.floor(Math.max(0, ms) / SECOND);
  const [h, m] = [Math.floor(s / 3600) % 24, Math.floor(s / 60) % 60];
  const days = Math.floor(ms / DAY);
  if (days >= 10) return say('time.days', { n: days });
  if (days >= 1) return `${say('time.days', { n: days })} ${two(h)}:${two(m)}`;
  return `${two(h)}:${two(m)}:${two(s % 60)}`;
}

const two = (n: number): string => String(n).padStart(2, '0');

/** `208`, `1.6 G`: mebibytes, the unit stands in the column's head. */
export function mebibytes(bytes: number): string {
  const mib = bytes / 2 ** 20;
  if (mib >= 1000) return `${(mib / 1024).toFixed(1)} G`;
  return mib >= 10 ? mib.toFixed(0) : mib.toFixed(1);
}

/** `208 MiB`, `1.6 GiB` */
export function bytesWithUnit(bytes: number): string {
  const text = mebibytes(bytes);
  return text.endsWith('G') ? `${text}iB` : `${text} MiB`;
}

export function percent(value: number): string {
  return value.toFixed(1);
}

const formats = new Map<string, Intl.DateTimeFormat>();

function format(
  options: Intl.DateTimeFormatOptions,
  { language, zone }: Pick<Reader, 'language' | 'zone'>,
): Intl.DateTimeFormat {
  const key = JSON.stringify([options, language, zone]);
  const known = formats.get(key);
  if (known !== undefined) return known;
  const made = new Intl.DateTimeFormat(language === 'zh' ? 'zh-CN' : 'en-GB', {
    ...options,
    ...(zone ? { timeZone: zone } : {}),
  });
  formats.set(key, made);
  return made;
}

/** `07:24:08` in the reader's zone. */
export function clockTime(ms: number, reader: Reader): string {
  return format({ hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' }, reader).format(
    ms,
  );
}

/** `07:24` */
export function hourMinute(ms: number, reader: Reader): string {
  return format({ hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }, reader).format(ms);
}

/** `07:24:08` today, `21 Nov` before. */
export function clockOrDay(ms: number, reader: Reader): string {
  return reader.nowMs - ms < DAY
    ? clockTime(ms, reader)
    : format({ day: 'numeric', month: 'short' }, reader).format(ms);
}

/** For titles: the full date and time. */
export function fullTime(ms: number, reader: Reader): string {
  return format({ dateStyle: 'full', timeStyle: 'long' }, reader).format(ms);
}

/** `Fri 27 Nov, 03:00`: for what comes and what came on other days. */
export function dayAndMinute(ms: number, reader: Pick<Reader, 'language' | 'zone'>): string {
  const options = {
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
  } as const;
  return format({ ...options, hourCycle: 'h23' }, reader).format(ms);
}

/** `26 Nov 2026` in the reader's zone. */
export function day(ms: number, reader: Pick<Reader, 'language' | 'zone'>): string {
  return format({ day: 'numeric', month: 'short', year: 'numeric' }, reader).format(ms);
}

/** Parts of a sentence, one after the other; empty ones left out. */
export const listed = (parts: readonly string[], { say }: Pick<Reader, 'say'>): string =>
  parts.filter(Boolean).join(say('list.comma'));

/** A sentence begins so; one that begins with an address keeps it. */
export const capital = (text: string): string =>
  /^\w+:\/\//.test(text) ? text : text.slice(0, 1).toUpperCase() + text.slice(1);
