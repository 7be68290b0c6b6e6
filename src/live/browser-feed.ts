import type { Action, Alert } from '../api/contract.ts';
import type { Cancel, Clock } from '../clock.ts';
import { ActionsTold, isLarge } from './action-news.ts';
import type { ActionNews, FleetDelta, FleetMessage, LatelyEvent } from './contract.ts';
import { MergedDelta } from './merged-delta.ts';

/** The one browser's end of a connection, as far as a feed needs it. */
export interface Outlet {
  /** False while earlier messages are still on their way out. */
  isFree(): boolean;
  fleet(part: FleetMessage): void;
  delta(delta: FleetDelta): void;
  lately(event: LatelyEvent): void;
  action(action: Action): void;
  alerts(changed: readonly Alert[], more: boolean): void;
  actionNews(news: ActionNews): void;
}

const EVERY_MS = 50;
const NEXT_PART_MS = 5;
const MOST_LATELY = 50;
const MOST_ALERTS = 200;

/** What one browser is told of the fleet: at most every 50 ms, and no faster than it takes it. */
export class BrowserFeed {
  readonly #outlet: Outlet;
  readonly #clock: Clock;
  readonly #delta = new MergedDelta();
  readonly #actions = new Map<string, Action>();
  #lately: LatelyEvent[] = [];
  /** Null: nothing to tell of alerts. */
  #alerts: Map<number, Alert> | null = null;
  #seq = 0;
  readonly #told = new ActionsTold();
  /** Of everything, or of large actions, what is still to be sent, each by a call. */
  #parts: Iterator<() => void> | null = null;
  #cancel: Cancel | null = null;

  constructor(outlet: Outlet, clock: Clock) {
    this.#outlet = outlet;
    this.#clock = clock;
  }

  /** Begins anew with everything, in parts as the browser takes them; forgets what waited. */
  restart(parts: (seq: number) => Iterable<FleetMessage>, actions: readonly Action[]): void {
    this.#delta.take();
    this.#actions.clear();
    for (const action of actions) this.#actions.set(action.id, action);
    this.#told.clear();
    this.#lately = [];
    this.#alerts = new Map();
    this.#begin(each(parts(this.#seq), (part) => this.#outlet.fleet(part)));
  }

  changed(change: Omit<FleetDelta, 'seq'>): void {
    this.#delta.add(change);
    this.#soon(0);
  }

  happened(event: LatelyEvent): void {
    this.#lately = [...this.#lately, event].slice(-MOST_LATELY);
    this.#soon(0);
  }

  acted(action: Action): void {
    this.#actions.set(action.id, action);
    this.#soon(0);
  }

  alerted(alert: Alert): void {
    this.#alerts ??= new Map();
    if (this.#alerts.size <= MOST_ALERTS) this.#alerts.set(alert.id, alert);
    this.#soon(0);
  }

  close(): void {
    this.#cancel?.();
    this.#parts = null;
    this.#cancel = () => {};
  }

  #soon(ms: number): void {
    this.#cancel ??= this.#clock.after(ms, () => {
      this.#cancel = null;
      this.#send();
    });
  }

  #send(): void {
    if (!this.#outlet.isFree()) this.#soon(this.#parts === null ? EVERY_MS : NEXT_PART_MS);
    else if (this.#parts === null) this.#sendAll();
    else this.#sendPart(this.#parts);
  }

  #sendPart(parts: Iterator<() => void>): void {
    const { done, value: send } = parts.next();
    if (done === true) this.#parts = null;
    else send();
    this.#soon(0);
  }

  #sendAll(): void {
    if (!this.#delta.isEmpty()) this.#sendDelta();
    const actions = [...this.#actions.values()];
    for (const action of actions) if (!isLarge(action)) this.#outlet.action(action);
    for (const event of this.#lately) this.#outlet.lately(event);
    this.#actions.clear();
    this.#lately = [];
    if (this.#alerts !== null) this.#sendAlerts(this.#alerts);
    if (actions.some(isLarge)) this.#begin(this.#news(actions.filter(isLarge)));
  }

  #begin(parts: Iterator<() => void>): void {
    this.#parts = parts;
    this.#soon(0);
  }

  *#news(actions: readonly Action[]): Generator<() => void> {
    for (const action of actions)
      yield* each(this.#told.news(action), (news) => this.#outlet.actionNews(news));
  }

  #sendAlerts(alerts: ReadonlyMap<number, Alert>): void {
    const more = alerts.size > MOST_ALERTS;
    this.#outlet.alerts([...alerts.values()].slice(0, MOST_ALERTS), more);
    this.#alerts = null;
  }

  #sendDelta(): void {
    const { change, lost } = this.#delta.take();
    // A number left out makes the browser ask for everything.
    this.#seq += lost ? 2 : 1;
    this.#outlet.delta({ seq: this.#seq, ...change });
  }
}

function* each<T>(parts: Iterable<T>, send: (part: T) => void): Generator<() => void> {
  for (const part of parts) yield () => send(part);
}
