import type { Cancel, Clock } from '../os/clock.ts';
import type { EventBus } from './event.ts';

export const TICK_PERIODS = [5, 60, 3600] as const;
export type TickPeriod = (typeof TICK_PERIODS)[number];

/** Emits TICK events of the periods somebody wants; no timer runs while nobody does. Contract: EVT-021, EVT-029. */
export interface Ticks {
  /** Answers the way to want them no longer. */
  want(periods: readonly TickPeriod[]): Cancel;
}

interface Wanted {
  wishes: number;
  /** Start of the period last seen, in epoch seconds. */
  last: number;
}

/**
 * Ticks when a period of the wall clock is found to be a new one: at its beginning, or once after the clock
 * was stepped or the machine slept.
 */
export function createTicks(clock: Clock, bus: Pick<EventBus, 'emit'>): Ticks {
  const wanted = new Map<TickPeriod, Wanted>();
  let cancelTimer: Cancel | null = null;

  const startOf = (period: TickPeriod): number => {
    const seconds = Math.floor(clock.wallMs() / 1_000);
    return seconds - (seconds % period);
  };
  const tellNew = (period: TickPeriod, of: Wanted): void => {
    const when = startOf(period);
    if (when === of.last) return;
    of.last = when;
    bus.emit({ kind: 'tick', period, when });
  };
  const arm = (): void => {
    cancelTimer?.();
    cancelTimer = null;
    if (wanted.size === 0) return;
    // 3600 and 60 are multiples of the shorter ones: the shortest period wanted ends no later than any other.
    const periodMs = Math.min(...wanted.keys()) * 1_000;
    cancelTimer = clock.after(periodMs - (clock.wallMs() % periodMs), () => {
      for (const [period, of] of wanted) tellNew(period, of);
      arm();
    });
  };
  const unwant = (period: TickPeriod): void => {
    const of = wanted.get(period);
    if (of === undefined) return;
    of.wishes -= 1;
    if (of.wishes === 0) wanted.delete(period);
  };
  return {
    want(periods) {
      for (const period of periods) {
        const of = wanted.get(period);
        if (of === undefined) wanted.set(period, { wishes: 1, last: startOf(period) });
        else of.wishes += 1;
      }
      arm();
      let isWanted = true;
      return () => {
        if (!isWanted) return;
        isWanted = false;
        for (const period of periods) unwant(period);
        arm();
      };
    },
  };
}
