import type { Clock } from '../os/clock.ts';

/** What a log says about itself, once per trouble. */
export interface LossReport {
  error(text: string): void;
  warn(text: string): void;
}

const CALM_MS = 1_000;

/**
 * Bytes one log could not store: told when it begins and, with their number, when it is over.
 * It is over when a write succeeds a second after the last that failed, so a nearly full disk does not chatter.
 */
export class Loss {
  readonly #path: string;
  readonly #clock: Clock;
  readonly #report: LossReport;
  #bytes = 0;
  #failedAtMs: number | null = null;

  constructor(path: string, clock: Clock, report: LossReport) {
    this.#path = path;
    this.#clock = clock;
    this.#report = report;
  }

  failed(errno: string, bytes: number): void {
    const isNew = this.#failedAtMs === null;
    this.#bytes += bytes;
    this.#failedAtMs = this.#clock.uptimeMs();
    if (isNew)
      this.#report.error(`cannot write to '${this.#path}' (${errno}), output is lost until it can be`);
  }

  succeeded(): void {
    if (this.#failedAtMs === null || this.#clock.uptimeMs() - this.#failedAtMs < CALM_MS) return;
    this.#report.warn(`writing to '${this.#path}' again, ${this.#bytes} bytes were lost`);
    this.#forget();
  }

  /** The log is being closed: a trouble that lasts is told with its count all the same. */
  closed(): void {
    if (this.#failedAtMs === null) return;
    this.#report.warn(`closing '${this.#path}', ${this.#bytes} bytes were lost`);
    this.#forget();
  }

  #forget(): void {
    this.#bytes = 0;
    this.#failedAtMs = null;
  }
}
