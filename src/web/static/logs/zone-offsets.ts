const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;
const QUARTER_MS = 15 * MINUTE_MS;

/** Clocks of the zones that had an offset at a time, and what was found of other times since. */
interface Sharing {
  readonly quarter: number;
  readonly clocks: readonly Intl.DateTimeFormat[];
  readonly steady: Map<number, boolean>;
}

/** No zone changes but at the begin of one. */
const quarterOf = (ms: number): number => Math.floor(ms / QUARTER_MS);

const sharing = new Map<number, Sharing>();

/** Whether some zone has this offset now, and every one that has it had it then too: else summer time may have begun or ended in between. */
export function isSteady(offsetMs: number, nowMs: number, thenMs: number): boolean {
  const { clocks, steady } = sharingOf(offsetMs, nowMs);
  const quarter = quarterOf(thenMs);
  const known = steady.get(quarter);
  if (known !== undefined) return known;
  const found = clocks.length > 0 && clocks.every((clock) => shownBy(clock, thenMs) === offsetMs);
  steady.set(quarter, found);
  return found;
}

function sharingOf(offsetMs: number, nowMs: number): Sharing {
  const known = sharing.get(offsetMs);
  if (known?.quarter === quarterOf(nowMs)) return known;
  const clocks = Intl.supportedValuesOf('timeZone')
    .map((timeZone) => new Intl.DateTimeFormat('en', { timeZone, timeZoneName: 'longOffset' }))
    .filter((clock) => shownBy(clock, nowMs) === offsetMs);
  const made = { quarter: quarterOf(nowMs), clocks, steady: new Map() };
  sharing.set(offsetMs, made);
  return made;
}

function shownBy(clock: Intl.DateTimeFormat, atMs: number): number {
  const [, sign, hours = 0, minutes = 0] = /GMT(?:([+-])(\d\d):(\d\d))?/.exec(clock.format(atMs)) ?? [];
  return (sign === '-' ? -1 : 1) * (Number(hours) * HOUR_MS + Number(minutes) * MINUTE_MS);
}
