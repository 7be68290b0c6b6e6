import type { Cancel, Clock } from '../clock.ts';
import type { Alert, AlertRule } from '../fleet/alert.ts';
import type { AlertChannels } from '../store/alert-channels.ts';
import type { AlertDeliveries } from '../store/alert-deliveries.ts';
import type { Alerts } from '../store/alerts.ts';
import type { AlertBook } from './alert-book.ts';
import { messageOf } from './message.ts';

export interface NoticePorts {
  readonly book: AlertBook;
  readonly alerts: Alerts;
  readonly channels: Pick<AlertChannels, 'all'>;
  readonly deliveries: Pick<AlertDeliveries, 'add'>;
  readonly clock: Clock;
  /** As the rule is now, or was last before it was removed. */
  readonly ruleOf: (ruleId: string) => AlertRule | null;
  /** Whether nothing is to be repeated of an alert now: nothing new can be known of it. */
  readonly isHeld: (alert: Alert) => boolean;
  inTransaction<T>(work: () => T): T;
  readonly link: string | null;
  /** There is something in the queue of this channel. */
  readonly queued: (channelId: string) => void;
  readonly bug: (error: unknown) => void;
}

type Reason = 'opened' | 'closed' | 'repeated';

/** What begins or ends within so long is one message per rule and channel. */
const TOGETHER_MS = 3_000;
const REPEATS_EVERY_MS = 30_000;
const AGAIN_MS = 5_000;
const MINUTE_MS = 60_000;

/**
 * Puts what opened, closed and is to be repeated into the queues of the channels. That a message is in the queues and
 * that an alert was told are written as one: a hub that is killed tells nothing twice and leaves nothing out.
 */
export class Notices {
  readonly #ports: NoticePorts;
  /** Of each rule the ids that wait to be told together. */
  readonly #waiting = new Map<string, { readonly ids: Set<number>; cancel: Cancel }>();
  #cancelRepeats: Cancel;

  constructor(ports: NoticePorts) {
    this.#ports = ports;
    this.#cancelRepeats = ports.clock.after(REPEATS_EVERY_MS, () => this.#everyNow());
  }

  /** What the hub had not told when it ended. */
  open(): void {
    for (const { id, ruleId, reason } of this.#ports.alerts.untold()) this.#gather(reason, ruleId, id);
  }

  close(): void {
    this.#cancelRepeats();
    for (const { cancel } of this.#waiting.values()) cancel();
  }

  opened({ id, ruleId }: Alert): void {
    this.#gather('opened', ruleId, id);
  }

  closed({ id, ruleId }: Alert): void {
    this.#gather('closed', ruleId, id);
  }

  #gather(reason: Reason, ruleId: string, id: number, ms = TOGETHER_MS): void {
    const key = `${reason} ${ruleId}`;
    const known = this.#waiting.get(key);
    if (known !== undefined) known.ids.add(id);
    else {
      const cancel = this.#ports.clock.after(ms, () => this.#flush(reason, ruleId));
      this.#waiting.set(key, { ids: new Set([id]), cancel });
    }
  }

  #flush(reason: Reason, ruleId: string): void {
    const key = `${reason} ${ruleId}`;
    const ids = [...(this.#waiting.get(key)?.ids ?? [])];
    this.#waiting.delete(key);
    // That something is well again comes after that it was not.
    const early = reason === 'closed' ? (this.#waiting.get(`opened ${ruleId}`)?.ids ?? new Set()) : new Set();
    for (const id of ids) if (early.has(id)) this.#gather(reason, ruleId, id);
    this.#tell(
      reason,
      ruleId,
      ids.filter((id) => !early.has(id)),
    );
  }

  #tell(reason: Reason, ruleId: string, ids: readonly number[]): void {
    const { alerts, bug } = this.#ports;
    try {
      const told = ids.flatMap((id) => alerts.byId(id) ?? []);
      if (told.length > 0) for (const id of this.#queue(reason, ruleId, told)) this.#ports.queued(id);
    } catch (error) {
      bug(error); // the disk may be full now and not in a while
      for (const id of ids) this.#gather(reason, ruleId, id, AGAIN_MS);
    }
  }

  /** Returns the channels it went to. */
  #queue(reason: Reason, ruleId: string, told: readonly Alert[]): string[] {
    const { alerts, deliveries, clock, link, ruleOf, inTransaction } = this.#ports;
    const rule = ruleOf(ruleId);
    const atMs = clock.wallMs();
    return inTransaction(() => {
      alerts.markTold(
        told.map(({ id }) => id),
        reason,
        atMs,
      );
      if (rule === null) return [];
      const message = JSON.stringify(messageOf(reason, rule, told, { atMs, link }));
      const channels = this.#channelsOf(rule);
      for (const channelId of channels) deliveries.add({ channelId, reason, message, createdAtMs: atMs });
      return channels;
    });
  }

  #channelsOf({ channels }: AlertRule): string[] {
    return this.#ports.channels
      .all()
      .filter(({ id, enabled }) => enabled && (channels === 'all' || channels.includes(id)))
      .map(({ id }) => id);
  }

  #everyNow(): void {
    this.#cancelRepeats = this.#ports.clock.after(REPEATS_EVERY_MS, () => this.#everyNow());
    const { book, ruleOf, isHeld, alerts, clock } = this.#ports;
    const due = new Map<string, number[]>();
    for (const alert of book.open()) {
      const everyMs = (ruleOf(alert.ruleId)?.repeatMinutes ?? 0) * MINUTE_MS;
      if (everyMs === 0 || alert.acknowledged !== null || isHeld(alert)) continue;
      const toldAtMs = alerts.toldAtMs(alert.id);
      if (toldAtMs === null || clock.wallMs() - toldAtMs < everyMs) continue;
      due.set(alert.ruleId, [...(due.get(alert.ruleId) ?? []), alert.id]);
    }
    for (const [ruleId, ids] of due) this.#tell('repeated', ruleId, ids);
  }
}
