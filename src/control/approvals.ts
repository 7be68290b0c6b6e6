import type { Cancel, Clock } from '../clock.ts';
import type { Action, Approval } from '../fleet/action.ts';
import { told } from '../fleet/said.ts';
import type { Held } from './batch-loop.ts';
import type { RunningAction } from './running-action.ts';

interface Waiting {
  readonly running: RunningAction;
  readonly goOn: () => void;
  readonly cancelExpiry: Cancel;
}

/** Actions that wait for a second person: each is approved, declined, or too late, once. */
export class Approvals {
  readonly #clock: Clock;
  readonly #waiting = new Map<string, Waiting>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Holds an action until somebody approves it; what is left of its time runs on over a restart of the hub. */
  hold(running: RunningAction, approval: Approval): Held {
    const { id } = running.now;
    const leftMs = Math.max(0, approval.expiresAtMs - this.#clock.wallMs());
    const resumed = new Promise<void>((goOn) => {
      const cancelExpiry = this.#clock.after(leftMs, () => this.#expire(id));
      this.#waiting.set(id, { running, goOn, cancelExpiry });
    });
    return { resumed };
  }

  /** False: it does not wait (any more). */
  approve(id: string, by: string): boolean {
    const waiting = this.#take(id);
    waiting?.running.decide({ state: 'approved', by, decidedAtMs: this.#clock.wallMs() });
    waiting?.goOn();
    return waiting !== null;
  }

  decline(id: string, by: string, says: string): boolean {
    const waiting = this.#take(id);
    const why = says === '' ? {} : { says };
    waiting?.running.decide({ state: 'declined', by, decidedAtMs: this.#clock.wallMs(), ...why });
    waiting?.running.stopFor(
      says === '' ? told('progress.declined', { by }) : told('progress.declinedWhy', { by, why: says }),
    );
    return waiting !== null;
  }

  /** An action that ended waits for nobody. */
  forget({ id }: Pick<Action, 'id'>): void {
    this.#take(id);
  }

  close(): void {
    for (const { cancelExpiry } of this.#waiting.values()) cancelExpiry();
  }

  #expire(id: string): void {
    const waiting = this.#take(id);
    waiting?.running.decide({ state: 'expired', decidedAtMs: this.#clock.wallMs() });
    waiting?.running.stopFor(told('progress.notApproved'));
  }

  #take(id: string): Waiting | null {
    const waiting = this.#waiting.get(id) ?? null;
    this.#waiting.delete(id);
    waiting?.cancelExpiry();
    return waiting;
  }
}
