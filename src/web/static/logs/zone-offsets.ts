const MINUTE_MS = 60_000;
const QUARTER_MS = 15 * MINUTE_MS;

/** Of all zones whose clocks change with the seasons, one for each rule. */
export const CHANGING: readonly string[] = [
  'Africa/Cairo',
  'Africa/Casablanca',
  'America/Adak',
  'America/Anchorage',
  'America/Chicago',
  'America/Denver',
  'America/Halifax',
  'America/Havana',
  'America/Los_Angeles',
  'America/Miquelon',
  'America/New_York',
  'America/Godthab',
  'America/Santiago',
  'America/St_Johns',
  'Antarctica/Troll',
  'Asia/Beirut',
  'Asia/Gaza',
  'Asia/Jerusalem',
  'Atlantic/Azores',
  'Australia/Adelaide',
  'Australia/Lord_Howe',
  'Australia/Sydney',
  'Europe/Athens',
  'Europe/Berlin',
  'Europe/London',
  'Pacific/Auckland',
  'Pacific/Chatham',
  'Pacific/Easter',
  'Pacific/Norfolk',
];

let clocks: readonly Intl.DateTimeFormat[] = [];
/** No zone changes but at the begin of a quarter of an hour. */
const known = new Map<number, readonly number[]>();

/** Whether every zone that has this offset now had it then too: else its clocks were perhaps changed in between. */
export function isSteady(offsetMs: number, nowMs: number, thenMs: number): boolean {
  const then = offsetsAt(thenMs);
  return offsetsAt(nowMs).every((offset, zone) => offset !== offsetMs || then[zone] === offset);
}

function offsetsAt(atMs: number): readonly number[] {
  const quarter = Math.floor(atMs / QUARTER_MS);
  const before = known.get(quarter);
  if (before !== undefined) return before;
  if (clocks.length === 0) clocks = CHANGING.map(clockOf);
  const offsets = clocks.map((clock) => shownBy(clock, atMs));
  known.set(quarter, offsets);
  return offsets;
}

export const clockOf = (timeZone: string): Intl.DateTimeFormat =>
  new Intl.DateTimeFormat('en', { timeZone, timeZoneName: 'longOffset' });

/** How far a clock is ahead of UTC. */
export function shownBy(clock: Intl.DateTimeFormat, atMs: number): number {
  const [, sign, hours = 0, minutes = 0] = /GMT(?:([+-])(\d\d):(\d\d))?/.exec(clock.format(atMs)) ?? [];
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * MINUTE_MS;
}
