import type { Cancel, Clock } from '../os/clock.ts';
import type { ProcessRecord, Waiting } from './process-record.ts';

/** The one thing a process waits for; it stands in its record while it does. Beginning another forgets it. */
export class OneWait {
  readonly #clock: Clock;
  readonly #record: ProcessRecord;
  readonly #due: (what: Waiting) => void;
  #cancelTimer: Cancel = () => {};

  constructor(clock: Clock, record: ProcessRecord, due: (what: Waiting) => void) {
    this.#clock = clock;
    this.#record = record;
    this.#due = due;
  }

  begin(what: Waiting, ms: number): void {
    this.cancel();
    this.#record.waiting = { for: what, untilUptimeMs: this.#clock.uptimeMs() + ms };
    this.#cancelTimer = this.#clock.after(ms, () => {
      this.#record.waiting = null;
      this.#due(what);
    });
  }

  cancel(): void {
    this.#cancelTimer();
    this.#record.waiting = null;
  }
}
