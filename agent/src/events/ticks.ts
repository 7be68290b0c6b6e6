import type { Cancel } from '../os/clock.ts';

export type TickPeriod = 5 | 60 | 3600;

/** Emits TICK events of the periods somebody wants; no timer runs while nobody does. Contract: EVT-021, EVT-029. */
export interface Ticks {
  want(periods: readonly TickPeriod[]): Cancel;
}
