import type { Action } from '../api/contract.ts';
import type { Cancel, Clock } from '../clock.ts';
import type { FleetDelta, LatelyEvent } from './contract.ts';
import { MergedDelta } from './merged-delta.ts';

/** The one browser's end of a connection, as far as a feed needs it. */
export interface Outlet {
  /** False while earlier messages are still on their way out. */
  isFree(): boolean;
  delta(delta: FleetDelta): void;
  lately(event: LatelyEvent): void;
  action(action: Action): void;
}

const EVERY_MS = 50;
const MOST_LATELY = 50;

/** What one browser is told of the fleet: at most every 50 ms, and no faster than it takes it. */
export class BrowserFeed {
  readonly #outlet: Outlet;
  readonly #clock: Clock;
  readonly #delta = new MergedDelta();
  readonly #actions = new Map<string, Action>();
  #lately: LatelyEvent[] = [];
  #seq = 0;
  #cancel: Cancel | null = null;

  constructor(outlet: Outlet, clock: Clock) {
    this.#outlet = outlet;
    this.#clock = clock;
  }

  /** Begins anew after everything was sent: forgets what waited. Returns the number the next delta follows. */
  restart(): number {
    this.#delta.take();
    this.#actions.clear();
    this.#lately = [];
    return this.#seq;
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

  close(): void {
    this.#cancel?.();
    this.#cancel = () => {};
  }

  #soon(ms: number): void {
    this.#cancel ??= this.#clock.after(ms, () => {
      this.#cancel = null;
      this.#send();
    });
  }

  #send(): void {
    if (this.#outlet.isFree()) this.#sendAll();
    else this.#soon(EVERY_MS);
  }

  #sendAll(): void {
    if (!this.#delta.isEmpty()) this.#sendDelta();
    for (const action of this.#actions.values()) this.#outlet.action(action);
    for (const event of this.#lately) this.#outlet.lately(event);
    this.#actions.clear();
    this.#lately = [];
  }

  #sendDelta(): void {
    const { change, lost } = this.#delta.take();
    // A number left out makes the browser ask for everything.
    this.#seq += lost ? 2 : 1;
    this.#outlet.delta({ seq: this.#seq, ...change });
  }
}
