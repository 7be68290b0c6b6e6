import type { MainLog } from '../logs/main-log.ts';
import type { Clock } from '../os/clock.ts';

const EVERY_MS = 60_000;

/** Says in the main log why there is no hub: at most one line a minute, however often it fails. */
export class Complaints {
  readonly #log: MainLog;
  readonly #clock: Clock;
  #saidAtMs: number | null = null;

  constructor(log: MainLog, clock: Clock) {
    this.#log = log;
    this.#clock = clock;
  }

  say(text: string): void {
    const nowMs = this.#clock.uptimeMs();
    if (this.#saidAtMs !== null && nowMs - this.#saidAtMs < EVERY_MS) return;
    this.#saidAtMs = nowMs;
    this.#log.warn(`uplink: ${text}`);
  }
}
