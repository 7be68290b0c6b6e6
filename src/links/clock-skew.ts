/** Hosts' clocks drift against the hub's by less than this. */
const DRIFT = 0.0005;

/**
 * How far a host's wall clock is ahead of the hub's, learned from the whole seconds supervisord tells.
 * Each answer says between which two values the difference lies; answers together make it narrow.
 */
export class ClockSkew {
  #lowMs = Number.NEGATIVE_INFINITY;
  #highMs = Number.POSITIVE_INFINITY;
  #learnedAtMs = 0;

  /** The host said `hostSeconds` (rounded down) to a question sent and answered at these hub wall times. */
  learn(hostSeconds: number, sentAtMs: number, answeredAtMs: number): void {
    const slackMs = Math.max(0, answeredAtMs - this.#learnedAtMs) * DRIFT;
    const lowMs = hostSeconds * 1000 - answeredAtMs;
    const highMs = (hostSeconds + 1) * 1000 - sentAtMs;
    const narrowLowMs = Math.max(lowMs, this.#lowMs - slackMs);
    const narrowHighMs = Math.min(highMs, this.#highMs + slackMs);
    const stepped = narrowLowMs > narrowHighMs;
    this.#lowMs = stepped ? lowMs : narrowLowMs;
    this.#highMs = stepped ? highMs : narrowHighMs;
    this.#learnedAtMs = answeredAtMs;
  }

  /** Milliseconds to take off the host's times; 0 while the clocks may agree. */
  skewMs(): number {
    if (this.#lowMs <= 0 && this.#highMs >= 0) return 0;
    const middleMs = (this.#lowMs + this.#highMs) / 2;
    return Number.isFinite(middleMs) ? Math.round(middleMs) : 0;
  }
}
