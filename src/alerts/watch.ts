import type { AlertCause, AlertRule } from '../fleet/alert.ts';
import type { Verdict } from './verdict.ts';

/** What one rule keeps of one host or process that is not simply well. All times are of the clock that never steps back. */
export interface Watch {
  /** Of the open alert; null: it is not open yet. */
  alertId: number | null;
  isBad: boolean;
  badSinceMs: number;
  wellSinceMs: number;
  cause: AlertCause;
  /** Found wrong anew, not written yet. */
  times: number;
  writtenAtMs: number;
  /** The cause reads otherwise than it is written. */
  isStale: boolean;
  /** After an open question, the same again counts as anew. */
  wasOpenQuestion: boolean;
}

/** What is to be done about an alert. */
export type Step =
  | { readonly kind: 'open'; readonly cause: AlertCause; readonly times: number }
  | { readonly kind: 'again'; readonly cause: AlertCause; readonly times: number }
  | { readonly kind: 'close' }
  | { readonly kind: 'forget' };

export type Pace = Pick<AlertRule, 'forSeconds' | 'clearSeconds'>;

/** Being well for less does not begin the wait anew: a host that comes and goes every second is not well. */
const SETTLE_MS = 10_000;
/** What flaps is written so often at most. */
const WRITE_EVERY_MS = 2_000;

export function newWatch(cause: AlertCause, nowMs: number): Watch {
  return {
    alertId: null,
    isBad: true,
    badSinceMs: nowMs,
    wellSinceMs: nowMs,
    cause,
    times: 1,
    writtenAtMs: nowMs,
    isStale: false,
    wasOpenQuestion: false,
  };
}

/** Of an alert that was open when the hub ended: as it was, until something is seen. */
export function takenUp(alertId: number, cause: AlertCause, nowMs: number): Watch {
  return { ...newWatch(cause, nowMs), alertId, times: 0 };
}

/** Takes over what was found now. */
export function note(watch: Watch, verdict: Verdict, nowMs: number): void {
  if (verdict.kind === 'open question') watch.wasOpenQuestion = true;
  else if (verdict.kind === 'well') {
    if (watch.isBad) watch.wellSinceMs = nowMs;
    watch.isBad = false;
  } else {
    if (!watch.isBad || watch.wasOpenQuestion) watch.times++;
    const { says, lastLine } = verdict.cause;
    watch.isStale ||= says !== watch.cause.says || lastLine !== watch.cause.lastLine;
    watch.cause = verdict.cause;
    watch.isBad = true;
    watch.wasOpenQuestion = false;
  }
}

/** What is due now; null: nothing yet. */
export function dueStep(watch: Watch, pace: Pace, nowMs: number): Step | null {
  if (nowMs < nextLookMs(watch, pace)) return null;
  const { cause, times } = watch;
  if (watch.alertId === null) return watch.isBad ? { kind: 'open', cause, times } : { kind: 'forget' };
  if (!watch.isBad && nowMs >= watch.wellSinceMs + pace.clearSeconds * 1_000) return { kind: 'close' };
  return times > 0 || watch.isStale ? { kind: 'again', cause, times } : null;
}

/** When there may be something to do without anything happening; infinity: never. */
export function nextLookMs(watch: Watch, { forSeconds, clearSeconds }: Pace): number {
  const [forMs, clearMs] = [forSeconds * 1_000, clearSeconds * 1_000];
  if (watch.alertId === null && watch.isBad)
    return watch.wasOpenQuestion ? Number.POSITIVE_INFINITY : watch.badSinceMs + forMs;
  if (watch.alertId === null) return watch.wellSinceMs + Math.min(SETTLE_MS, forMs, clearMs);
  const closesMs = watch.isBad ? Number.POSITIVE_INFINITY : watch.wellSinceMs + clearMs;
  const writesMs =
    watch.times > 0 || watch.isStale ? watch.writtenAtMs + WRITE_EVERY_MS : Number.POSITIVE_INFINITY;
  return Math.min(closesMs, writesMs);
}

/** Nothing can be seen of it: it is what it was last found to be wrong with, until something is seen again. */
export function hold(watch: Watch): void {
  watch.isBad = true;
}

/** It is written as it is. */
export function written(watch: Watch, nowMs: number): void {
  watch.times = 0;
  watch.isStale = false;
  watch.writtenAtMs = nowMs;
}
