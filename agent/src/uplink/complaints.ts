import type { MainLog } from '../logs/main-log.ts';
import type { Clock } from '../os/clock.ts';

const EVERY_MS = 60_000;

/** A hub that is not there, and one that says no: the second is told although the first was told just now. */
export type ComplaintKind = 'away' | 'refused';

/** Says in the main log why there is no hub: at most one line a minute for a hub that is away, and the same no once. */
export class Complaints {
  readonly #log: MainLog;
  readonly #clock: Clock;
  readonly #said = new Map<ComplaintKind, { readonly text: string; readonly atMs: number }>();

  constructor(log: MainLog, clock: Clock) {
    this.#log = log;
    this.#clock = clock;
  }

  say(text: string, kind: ComplaintKind): void {
    const nowMs = this.#clock.uptimeMs();
    const said = this.#said.get(kind);
    const isNew = said === undefined || (kind === 'refused' && said.text !== text);
    if (!isNew && nowMs - said.atMs < EVERY_MS) return;
    this.#said.set(kind, { text, atMs: nowMs });
    this.#log.warn(`uplink: ${oneLine(text)}`);
  }
}

const LONGEST = 1_200;

/** Part of it may be the hub's own words: they forge no lines in our log, and fill none. */
function oneLine(text: string): string {
  return text.slice(0, LONGEST).replace(/[\p{Cc}\u2028\u2029]+/gu, ' ');
}
