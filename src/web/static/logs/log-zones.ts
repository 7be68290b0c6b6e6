import { isSteady } from './zone-offsets.ts';

const QUARTER_MS = 15 * 60_000;
/** A line is on its way for less, its host's clock is wrong by less. */
const NEAR_MS = 5_000;
/** So many lines that agree make an offset known; apart, for a block of lines may be late as a whole. */
const AGREEING = 3;
const APART_MS = 1_000;

interface Heard {
  readonly offsetMs: number;
  readonly times: number;
  readonly atMs: number;
}

/** By how much the times a log writes without a zone are ahead of UTC, learned from lines seen as they came. */
export class LogZones {
  readonly #heard = new Map<string, Heard>();

  /** A line that names `localMs` came at `atMs`; true when that is what made the offset of its log known. */
  hear(log: string, localMs: number, atMs: number): boolean {
    const offsetMs = offsetOf(localMs, atMs);
    if (offsetMs === null) return false;
    const heard = this.#heard.get(log);
    const agrees = heard?.offsetMs === offsetMs;
    if (agrees && atMs - heard.atMs < APART_MS) return false;
    const times = agrees ? heard.times + 1 : 1;
    this.#heard.set(log, { offsetMs, times, atMs });
    return times === AGREEING;
  }

  /** When that was, as it is told at `nowMs`; null where the offset is not known, or was perhaps another one then. */
  instant(log: string, localMs: number, nowMs: number): number | null {
    const heard = this.#heard.get(log);
    if (heard === undefined || heard.times < AGREEING) return null;
    const { offsetMs, atMs: heardMs } = heard;
    const atMs = localMs - offsetMs;
    return [nowMs, atMs].every((ms) => isSteady(offsetMs, heardMs, ms)) ? atMs : null;
  }
}

/** The offset of a clock that showed `localMs` at `atMs`; null: it showed a time that is now in no zone. */
export function offsetOf(localMs: number, atMs: number): number | null {
  const offsetMs = Math.round((localMs - atMs) / QUARTER_MS) * QUARTER_MS;
  const isNear = Math.abs(localMs - atMs - offsetMs) <= NEAR_MS;
  return isNear && isOfZone(offsetMs) ? offsetMs : null;
}

/** Only from Nepal on eastward some clocks stand at a quarter. */
function isOfZone(offsetMs: number): boolean {
  const quarters = offsetMs / QUARTER_MS;
  return quarters >= -12 * 4 && quarters <= 14 * 4 && (quarters % 2 === 0 || quarters >= 5.75 * 4);
}
