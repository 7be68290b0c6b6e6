import type { Clock } from '../clock.ts';
import type { Settings } from '../store/settings.ts';

/** A while; epoch milliseconds. */
export interface While {
  readonly fromMs: number;
  readonly toMs: number;
}

const SEEN = 'hub-last-seen-ms';
const ABSENCES = 'hub-absences';
const MOST = 1_000;

/**
 * When the hub itself did not run: what hosts and processes were then, nobody saw. Kept in the store: the latest 1,000.
 * An end that was not orderly is known to the half minute, by the last `seen`.
 */
export class HubAbsences {
  readonly #settings: Settings;
  readonly #clock: Clock;
  readonly #all: readonly While[];

  /** To be made once per start of the hub: the time since it was last seen is one absence more. */
  constructor(settings: Settings, clock: Clock) {
    this.#settings = settings;
    this.#clock = clock;
    const before = (settings.get(ABSENCES) ?? []) as readonly While[];
    const lastMs = settings.get(SEEN);
    const nowMs = clock.wallMs();
    this.#all =
      typeof lastMs === 'number' && lastMs < nowMs
        ? [...before, { fromMs: lastMs, toMs: nowMs }].slice(-MOST)
        : before;
    if (this.#all !== before) settings.set(ABSENCES, this.#all);
    this.seen();
  }

  /** Oldest first, as far as they reach into this while. */
  within({ fromMs, toMs }: While): readonly While[] {
    return this.#all.filter((absence) => absence.toMs > fromMs && absence.fromMs < toMs);
  }

  /** The hub runs now. */
  seen(): void {
    this.#settings.set(SEEN, this.#clock.wallMs());
  }
}
