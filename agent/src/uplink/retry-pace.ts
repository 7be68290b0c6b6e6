import type { HelloRefusal } from '../protocol/uplink.ts';

const FIRST_MS = 500;
const SLOWEST_MS = 10_000;
/** A hub that said no is asked again, seldom: an operator may change its mind. */
const AFTER_REFUSAL_MS: Partial<Record<HelloRefusal, number>> = {
  overloaded: 5_000,
  'duplicate-identity': 15_000,
  disabled: 15_000,
};
const AFTER_OTHER_REFUSAL_MS = 30_000;

/** Decides when to dial again; spread by chance, so that a fleet does not come back in one instant. */
export class RetryPace {
  readonly #random: () => number;
  #failures = 0;

  constructor(random: () => number) {
    this.#random = random;
  }

  welcomed(): void {
    this.#failures = 0;
  }

  afterFailureMs(): number {
    const mostMs = Math.min(SLOWEST_MS, FIRST_MS * 2 ** Math.min(this.#failures, 6));
    this.#failures++;
    return mostMs * (0.2 + 0.8 * this.#random());
  }

  afterRefusalMs(reason: HelloRefusal): number {
    return (AFTER_REFUSAL_MS[reason] ?? AFTER_OTHER_REFUSAL_MS) * (0.5 + this.#random());
  }
}
