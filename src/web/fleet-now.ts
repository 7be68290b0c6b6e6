import type { Action, Fleet } from '../api/contract.ts';
import type { LatelyEvent } from '../live/contract.ts';

/** The same that `/live` sends as its first message. */
export type FleetNow = Fleet & {
  readonly seq: number;
  /** Newest first. */
  readonly lately: readonly LatelyEvent[];
  /** Running ones and the latest finished, newest first. */
  readonly actions: readonly Action[];
};
