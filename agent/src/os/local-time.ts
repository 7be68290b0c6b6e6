const two = (n: number): string => String(n).padStart(2, '0');

/** `2026-01-31 09:15:00,123` in the machine's time zone. */
export function localStamp(wallMs: number): string {
  const at = new Date(wallMs);
  const day = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
  const time = `${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`;
  return `${day} ${time},${String(at.getMilliseconds()).padStart(3, '0')}`;
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const;

/** `Jan  3 09:15:00` in the machine's time zone, as syslog wants it. */
export function syslogStamp(wallMs: number): string {
  const at = new Date(wallMs);
  const day = String(at.getDate()).padStart(2, ' ');
  return `${MONTHS[at.getMonth()]} ${day} ${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`;
}
