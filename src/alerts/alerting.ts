import type { Clock } from '../clock.ts';
import type { Subscribers } from '../control/subscribers.ts';
import type { Acknowledgement, Alert, AlertCause, AlertRule, AlertSubject, Ending } from '../fleet/alert.ts';
import type { HostView } from '../fleet/host.ts';
import type { AlertChannel } from '../store/alert-channels.ts';
import type { NewAlert } from '../store/alerts.ts';
import type { Store } from '../store/store.ts';
import { AlertBook, type AlertCountsNow } from './alert-book.ts';
import { type AlertSink, Evaluator } from './evaluator.ts';
import { FleetWatch, type WatchedFleet } from './fleet-watch.ts';
import { testMessage } from './message.ts';
import { Notices } from './notices.ts';
import { type DeliveryCounts, Postman, type Send } from './postman.ts';
import type { SendResult } from './send-result.ts';

type AlertStore = Pick<
  Store,
  'alerts' | 'alertRules' | 'alertChannels' | 'alertDeliveries' | 'inTransaction'
>;

export interface AlertingPorts {
  readonly store: AlertStore;
  readonly fleet: WatchedFleet;
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
  readonly #notices: Notices;
  readonly #evaluator: Evaluator;
  readonly #watch: FleetWatch;
  /** Also those that were removed since the hub started: what they opened is told of to its end. */
  readonly #rules = new Map<string, AlertRule>();

  constructor(ports: AlertingPorts) {
    const { store, fleet, clock, random, send, link, bug } = ports;
    const { alerts, alertChannels: channels, alertDeliveries: deliveries } = store;
    this.#ports = ports;
    this.#book = new AlertBook(alerts, bug);
    this.#postman = new Postman({ channels, deliveries, clock, random, send, bug });
    this.#notices = new Notices({
      book: this.#book,
      alerts,
      channels,
      deliveries,
      clock,
      ruleOf: (id) => this.#rules.get(id) ?? null,
      isHeld: (alert) => isHeld(alert, fleet.host(alert.hostId)),
      inTransaction: (work) => store.inTransaction(work),
      link,
      queued: (channelId) => this.#postman.wake(channelId),
      bug,
    });
    this.#evaluator = new Evaluator(clock, this.#sink());
    this.#watch = new FleetWatch(fleet, this.#evaluator);
  }

  /** Goes on where the hub was when it ended: open alerts stay open, and what was told is not told again. */
  open(): void {
    this.#notices.open();
    this.#postman.open();
    this.#takeRules();
    const { fleet, clock } = this.#ports;
    for (const alert of [...this.#book.open()]) {
      const isKnown = fleet.host(alert.hostId) !== null;
      if (!isKnown || !this.#evaluator.takeUp(alert))
        this.#end(alert.id, isKnown ? 'rule-changed' : 'gone', clock.wallMs());
    }
    this.#watch.showAll();
  }

  close(): void {
    this.#watch.close();
    this.#evaluator.close();
    this.#notices.close();
    this.#postman.close();
  }

  /** Every alert that opened, counted up, was acknowledged or closed, as it is now. */
  get changes(): Subscribers<Alert> {
    return this.#book.changes;
  }

  counts(sees: (alert: Alert) => boolean): AlertCountsNow {
    return this.#book.counts(sees);
  }

  /** How many messages ended how since the hub started. */
  deliveries(): DeliveryCounts {
    return this.#postman.counts;
  }

  acknowledge(id: number, by: Acknowledgement | null): Alert {
    return this.#book.acknowledge(id, by);
  }

  /** Takes over what was written of the rules. */
  rulesChanged(): void {
    this.#takeRules();
    this.#watch.showAll();
  }

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
    this.#takeRules();
  }

  /** Sends a message past the queue, and tells what came of it. */
  async test(channel: AlertChannel) {
    const { store, clock, send, link } = this.#ports;
    const secrets = store.alertChannels.secretsOf(channel.id) ?? {};
    const message = testMessage({ atMs: clock.wallMs(), link });
    const delivery = `test-${Math.round(clock.wallMs())}`;
    return shown(await send({ channel, secrets, delivery, message }, new AbortController().signal));
  }

  #takeRules(): void {
    const rules = this.#ports.store.alertRules.all();
    for (const rule of rules) this.#rules.set(rule.id, rule);
    this.#evaluator.setRules(rules);
  }

  /** Where what is decided is written down. */
  #sink(): AlertSink {
    const { clock, bug } = this.#ports;
    const orElse = <T>(otherwise: T, work: () => T): T => {
      try {
        return work();
      } catch (error) {
        bug(error); // asked for again soon
        return otherwise;
      }
    };
    return {
      begin: (rule, subject, cause, times) =>
        orElse(null, () => {
          const alert = this.#book.begin(newAlert(rule, subject, cause, times, clock.wallMs()));
          this.#notices.opened(alert);
          return alert.id;
        }),
      again: (id, cause, times) =>
        orElse(false, () => {
          this.#book.again(id, clock.wallMs(), times, cause);
          return true;
        }),
      close: (id, ending) =>
        orElse(false, () => {
          this.#end(id, ending, clock.wallMs());
          return true;
        }),
    };
  }

  #end(id: number, ending: Ending, atMs: number): void {
    const closed = this.#book.close(id, ending, atMs);
    if (closed !== null) this.#notices.closed(closed);
  }
}

/** Of a host in maintenance nothing is repeated, nor of processes nobody can see now. */
function isHeld({ group, process }: Alert, host: HostView | null): boolean {
  if (host === null || host.maintenance !== undefined) return true;
  return (group !== '' || process !== '') && host.reachability.kind !== 'reachable';
}

function newAlert(
  rule: AlertRule,
  subject: AlertSubject,
  cause: AlertCause,
  count: number,
  atMs: number,
): NewAlert {
  const { id: ruleId, name, severity, condition } = rule;
  return {
    ruleId,
    rule: name,
    kind: condition.kind,
    severity,
    ...subject,
    ...cause,
    openedAtMs: atMs,
    lastAtMs: atMs,
    count,
  };
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
