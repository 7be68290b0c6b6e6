import type { Cancel, Clock } from '../clock.ts';
import type { Store } from '../store/store.ts';
import { BEAT_COUNT, HOUR_MS, hourOf } from './beats.ts';
import type { Roster } from './roster.ts';
import { KEEP_HOURS_MS, KEEP_MINUTES_MS } from './usage-history.ts';

export interface Retention {
  readonly keepEventsMs: number;
  readonly keepActionsMs: number;
}

/** How many rows of each kind went. */
export interface Swept {
  readonly events: number;
  readonly alerts: number;
  readonly actions: number;
  readonly scheduleRuns: number;
  readonly joinTokens: number;
  readonly hosts: number;
}

const TIDY_EVERY_MS = 30_000;
const KEEP_TOKENS_MS = 30 * 24 * HOUR_MS;

/** Removes what is older than it has to be kept. */
export function sweep(
  store: Pick<
    Store,
    | 'events'
    | 'actions'
    | 'beats'
    | 'metrics'
    | 'joinTokens'
    | 'hosts'
    | 'alerts'
    | 'alertDeliveries'
    | 'schedules'
  >,
  { keepEventsMs, keepActionsMs }: Retention,
  undoRemoveMs: number,
  nowMs: number,
): Swept {
  store.beats.removeBefore(hourOf(nowMs) - BEAT_COUNT);
  store.metrics.removeBefore(nowMs - KEEP_MINUTES_MS, nowMs - KEEP_HOURS_MS);
  store.alertDeliveries.removeOverBefore(nowMs - keepEventsMs);
  return {
    events: store.events.removeBefore(nowMs - keepEventsMs),
    alerts: store.alerts.removeClosedBefore(nowMs - keepEventsMs),
    actions: store.actions.removeFinishedBefore(nowMs - keepActionsMs),
    scheduleRuns: store.schedules.removeBefore(nowMs - keepActionsMs, nowMs - undoRemoveMs),
    joinTokens: store.joinTokens.removeExpiredBefore(nowMs - KEEP_TOKENS_MS),
    hosts: store.hosts.purgeRemoved(nowMs - undoRemoveMs),
  };
}

/** Keeps house while the hub runs: that it does, undo windows and maintenance every half minute, history every hour. */
export function keepHouse(
  {
    roster,
    seen,
    clean,
  }: { readonly roster: Pick<Roster, 'tidy'>; readonly seen: () => void; readonly clean: () => void },
  clock: Clock,
  bug: (error: unknown) => void,
): Cancel {
  let cancel: Cancel;
  let nextCleanMs = clock.uptimeMs() + TIDY_EVERY_MS;
  const round = async (): Promise<void> => {
    try {
      seen();
      await roster.tidy();
      if (clock.uptimeMs() < nextCleanMs) return;
      nextCleanMs = clock.uptimeMs() + HOUR_MS;
      clean();
    } catch (error) {
      bug(error); // the disk may be full now and not in half a minute
    }
  };
  const arm = (): void => {
    cancel = clock.after(TIDY_EVERY_MS, () => {
      arm();
      void round();
    });
  };
  arm();
  return () => cancel();
}
