import type { Cancel, Clock } from '../clock.ts';
import type { Action, ActionTarget, Outcome } from '../fleet/action.ts';
import { isFinal } from '../fleet/outcome.ts';
import type { Actions } from '../store/actions.ts';

const TELL_EVERY_MS = 50;

export interface RunningActionPorts {
  readonly store: Actions;
  readonly clock: Clock;
  readonly changed: (now: Action) => void;
}

/** An action under way: gathers outcomes, writes and tells them together. */
export class RunningAction {
  readonly #ports: RunningActionPorts;
  readonly #begun: Action;
  readonly #targets: ActionTarget[];
  readonly #unsaved = new Set<number>();
  #left: number;
  #cancelledBy: string | null = null;
  #finishedAtMs: number | null = null;
  #cancelTell: Cancel | null = null;

  constructor(action: Action, ports: RunningActionPorts) {
    this.#ports = ports;
    this.#begun = action;
    this.#targets = [...action.targets];
    this.#left = action.targets.length;
  }

  get now(): Action {
    return {
      ...this.#begun,
      targets: [...this.#targets],
      finishedAtMs: this.#finishedAtMs,
      cancelledBy: this.#cancelledBy,
    };
  }

  isCancelled(): boolean {
    return this.#cancelledBy !== null;
  }

  cancel(by: string): void {
    if (this.#finishedAtMs !== null || this.isCancelled()) return;
    this.#cancelledBy = by;
    this.#tellSoon();
  }

  /** A final outcome stays. */
  set(position: number, outcome: Outcome): void {
    const target = this.#targets[position];
    if (target === undefined || isFinal(target.outcome) || sameOutcome(target.outcome, outcome)) return;
    this.#targets[position] = { ...target, outcome };
    this.#unsaved.add(position);
    if (isFinal(outcome) && --this.#left === 0) this.#finish();
    else this.#tellSoon();
  }

  save(): void {
    this.#ports.store.update(this.now, [...this.#unsaved]);
    this.#unsaved.clear();
  }

  #finish(): void {
    this.#finishedAtMs = this.#ports.clock.wallMs();
    this.#tell();
  }

  #tellSoon(): void {
    this.#cancelTell ??= this.#ports.clock.after(TELL_EVERY_MS, () => this.#tell());
  }

  #tell(): void {
    this.#cancelTell?.();
    this.#cancelTell = null;
    this.save();
    this.#ports.changed(this.now);
  }
}

function sameOutcome(left: Outcome, right: Outcome): boolean {
  return JSON.stringify(left) === JSON.stringify(right);
}
