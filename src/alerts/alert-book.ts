import { Subscribers } from '../control/subscribers.ts';
import type { Acknowledgement, Alert, AlertCause, Ending } from '../fleet/alert.ts';
import type { Alerts, NewAlert } from '../store/alerts.ts';

export interface AlertCountsNow {
  readonly open: number;
  readonly unacknowledged: number;
  readonly critical: number;
}

/** The open alerts, in memory as in the store. */
export class AlertBook {
  /** Every alert that opened, counted up, was acknowledged or closed, as it is now. */
  readonly changes: Subscribers<Alert>;
  readonly #alerts: Alerts;
  readonly #open = new Map<number, Alert>();

  constructor(alerts: Alerts, bug: (error: unknown) => void) {
    this.changes = new Subscribers(bug);
    this.#alerts = alerts;
    for (const alert of alerts.open()) this.#open.set(alert.id, alert);
  }

  /** Oldest first. */
  open(): Iterable<Alert> {
    return this.#open.values();
  }

  /** As it is now; null: it is not open. */
  openById(id: number): Alert | null {
    return this.#open.get(id) ?? null;
  }

  counts(sees: (alert: Alert) => boolean): AlertCountsNow {
    const seen = [...this.#open.values()].filter(sees);
    return {
      open: seen.length,
      unacknowledged: seen.filter(({ acknowledged }) => acknowledged === null).length,
      critical: seen.filter(({ severity }) => severity === 'critical').length,
    };
  }

  begin(alert: NewAlert): Alert {
    return this.#tell(this.#alerts.add(alert));
  }

  /** Found wrong anew, with what is wrong now. */
  again(id: number, atMs: number, times: number, cause: AlertCause): void {
    const before = this.#open.get(id);
    if (before === undefined) return;
    const { said: _before, ...rest } = before;
    const after = { ...rest, ...cause, count: before.count + times, lastAtMs: atMs };
    this.#alerts.again(after, cause);
    this.#tell(after);
  }

  /** Null: it is not open. */
  close(id: number, ending: Ending, atMs: number): Alert | null {
    const before = this.#open.get(id);
    if (before === undefined) return null;
    this.#alerts.close(id, ending, atMs);
    this.#open.delete(id);
    const after = { ...before, ending, closedAtMs: atMs };
    this.changes.tell(after);
    return after;
  }

  /** Null takes the acknowledgement back. The alert must be open. */
  acknowledge(id: number, acknowledged: Acknowledgement | null): Alert {
    const before = this.#open.get(id);
    if (before === undefined) throw new Error(`alert ${id} is not open`);
    this.#alerts.acknowledge(id, acknowledged);
    return this.#tell({ ...before, acknowledged });
  }

  #tell(alert: Alert): Alert {
    this.#open.set(alert.id, alert);
    this.changes.tell(alert);
    return alert;
  }
}
