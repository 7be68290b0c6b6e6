import type { Clock } from '../clock.ts';
import type { Subscribers } from '../control/subscribers.ts';
import type { Acknowledgement, Alert, AlertRule } from '../fleet/alert.ts';
import type { AlertChannel } from '../store/alert-channels.ts';
import type { Store } from '../store/store.ts';
import { AlertBook, type AlertCountsNow } from './alert-book.ts';
import { testMessage } from './message.ts';
import { type DeliveryCounts, Postman, type Send } from './postman.ts';
import type { SendResult } from './send-result.ts';

type AlertStore = Pick<
  Store,
  'alerts' | 'alertRules' | 'alertChannels' | 'alertDeliveries' | 'inTransaction'
>;

export interface AlertingPorts {
  readonly store: AlertStore;
  readonly clock: Clock;
  readonly random: () => number;
  readonly send: Send;
  /** The console's page of alerts as people reach it; null: unknown. */
  readonly link: string | null;
  readonly bug: (error: unknown) => void;
}

/** Alerts as the rest of the hub meets them: what is open, who looks after it, and the ways out. */
export class Alerting {
  readonly #ports: AlertingPorts;
  readonly #book: AlertBook;
  readonly #postman: Postman;

  constructor(ports: AlertingPorts) {
    const { store, clock, random, send, bug } = ports;
    this.#ports = ports;
    this.#book = new AlertBook(store.alerts, bug);
    this.#postman = new Postman({
      channels: store.alertChannels,
      deliveries: store.alertDeliveries,
      clock,
      random,
      send,
      bug,
    });
  }

  /** Goes on where the hub was when it ended. */
  open(): void {
    this.#postman.open();
  }

  close(): void {
    this.#postman.close();
  }

  /** Every alert that opened, counted up, was acknowledged or closed, as it is now. */
  get changes(): Subscribers<Alert> {
    return this.#book.changes;
  }

  counts(sees: (alert: Alert) => boolean): AlertCountsNow {
    return this.#book.counts(sees);
  }

  deliveries(): DeliveryCounts {
    return this.#postman.counts;
  }

  acknowledge(id: number, by: Acknowledgement | null): Alert {
    return this.#book.acknowledge(id, by);
  }

  /** Takes over what was written of the rules. */
  rulesChanged(): void {}

  channelChanged(id: string): void {
    this.#postman.retry(id);
  }

  /** Takes a channel away, from the rules too. */
  channelRemoved(id: string): void {
    const { alertRules, alertChannels } = this.#ports.store;
    this.#ports.store.inTransaction(() => {
      for (const rule of alertRules.all()) if (names(rule, id)) alertRules.change(without(rule, id));
      alertChannels.remove(id);
    });
    this.#postman.forget(id);
    this.rulesChanged();
  }

  /** Sends a message past the queue, and tells what came of it. */
  async test(channel: AlertChannel) {
    const { store, clock, send, link } = this.#ports;
    const secrets = store.alertChannels.secretsOf(channel.id) ?? {};
    const message = testMessage({ atMs: clock.wallMs(), link });
    const delivery = `test-${Math.round(clock.wallMs())}`;
    return shown(await send({ channel, secrets, delivery, message }, new AbortController().signal));
  }
}

const names = ({ channels }: AlertRule, id: string): boolean => channels !== 'all' && channels.includes(id);

function without(rule: AlertRule, id: string): AlertRule {
  return rule.channels === 'all' ? rule : { ...rule, channels: rule.channels.filter((one) => one !== id) };
}

function shown(result: SendResult) {
  const { says, said } = result.says;
  const cause = { ok: result.kind === 'delivered', says, ...(said === undefined ? {} : { said }) };
  if (result.kind === 'delivered') return { ...cause, mend: '' };
  const { says: mend, said: mendSaid } = result.mend;
  return { ...cause, mend, ...(mendSaid === undefined ? {} : { mendSaid }) };
}
