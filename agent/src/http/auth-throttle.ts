import type { Clock } from '../os/clock.ts';

const FIRST_DELAY_MS = 100;
const LONGEST_DELAY_MS = 2_000;
const FORGET_AFTER_MS = 60_000;
const MOST_WAITING = 16;
const MOST_ADDRESSES = 1_000;

interface Guesses {
  failures: number;
  waiting: number;
  lastMs: number;
}

/** Slows the guessing of passwords: each wrong one from an address is answered later than the one before. */
export class AuthThrottle {
  readonly #clock: Clock;
  readonly #byAddress = new Map<string, Guesses>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** True while so many wrong guesses wait that the next one is refused unread. */
  isFlooded(address: string): boolean {
    return (this.#byAddress.get(address)?.waiting ?? 0) >= MOST_WAITING;
  }

  /** Calls `answer` when a wrong guess has waited its turn. */
  failed(address: string, answer: () => void): void {
    const record = this.#recordOf(address);
    const delayMs = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** Math.min(record.failures, 10));
    record.failures += 1;
    record.waiting += 1;
    record.lastMs = this.#clock.uptimeMs();
    this.#clock.after(delayMs, () => {
      record.waiting -= 1;
      answer();
    });
  }

  /** A right password: what was wrong before it is forgotten. */
  succeeded(address: string): void {
    if (this.#byAddress.get(address)?.waiting === 0) this.#byAddress.delete(address);
  }

  #recordOf(address: string): Guesses {
    const known = this.#byAddress.get(address);
    if (known !== undefined && this.#clock.uptimeMs() - known.lastMs < FORGET_AFTER_MS) return known;
    const record = { failures: 0, waiting: 0, lastMs: 0 };
    this.#byAddress.delete(address);
    this.#byAddress.set(address, record);
    const [oldest] = this.#byAddress.keys();
    if (this.#byAddress.size > MOST_ADDRESSES && oldest !== undefined) this.#byAddress.delete(oldest);
    return record;
  }
}
