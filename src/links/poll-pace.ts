import type { ProcessState } from '@fleetvisor/agent/protocol';

const FAST_MS = 250;
/** Right after a call: most stops take a fraction of a second. */
const FASTEST_MS = 60;
/** What is waited for is seen at most this part of its time late. */
const LATE = 1 / 3;
const QUIET_MS = 2_000;
const SLOWEST_MS = 5_000;
/** A listener tells at least once a minute: after two silent ones it is gone. */
const TOLD_FOR_MS = 150_000;
const JITTER = 0.15;
const FAST_AFTER_CHANGE_MS = 3_000;
const FAST_WHEN_EXPECTING_MS = 10_000;
/** A host that needs long for an answer gets this many times as long without a question. */
const REST = 4;
const UNSETTLED: ReadonlyMap<ProcessState, number> = new Map([
  ['STARTING', 500],
  ['STOPPING', 500],
  ['BACKOFF', 1_000],
]);

const SHORT_ABSENCE_MS = 60_000;
const SHORT_ABSENCE_RETRY_MS = 3_000;
const LONG_ABSENCE_RETRY_MS = 15_000;
const FIRST_RETRY_MS = 500;

/** Decides when to ask a host again: often when something moves, seldom when nothing does. Times are uptime. */
export class PollPace {
  readonly #random: () => number;
  #fastUntilMs = 0;
  #expectedAtMs = Number.NEGATIVE_INFINITY;
  #toldUntilMs = 0;
  #failures = 0;
  #failingSinceMs = 0;

  constructor(random: () => number) {
    this.#random = random;
  }

  expectChange(nowMs: number): void {
    this.#expectedAtMs = nowMs;
    this.#fastUntilMs = Math.max(this.#fastUntilMs, nowMs + FAST_WHEN_EXPECTING_MS);
  }

  changed(nowMs: number): void {
    this.#fastUntilMs = Math.max(this.#fastUntilMs, nowMs + FAST_AFTER_CHANGE_MS);
  }

  /** The host tells its changes itself: there is little to look for. */
  pushed(nowMs: number): void {
    this.#toldUntilMs = nowMs + TOLD_FOR_MS;
  }

  /** Milliseconds from an answer that took `tookMs` to the next question. */
  afterAnswer(nowMs: number, tookMs: number, states: Iterable<ProcessState>): number {
    this.#failures = 0;
    const quietMs = nowMs < this.#toldUntilMs ? SLOWEST_MS : QUIET_MS;
    const wantedMs = nowMs < this.#fastUntilMs ? this.#fastMs(nowMs) : restlessness(states, quietMs);
    return Math.min(SLOWEST_MS, this.#jittered(Math.max(wantedMs, tookMs * REST)));
  }

  /** Milliseconds from a failed attempt to the next: at most 3 s in the first minute, 15 s after it. */
  afterFailure(nowMs: number): number {
    if (this.#failures === 0) this.#failingSinceMs = nowMs;
    this.#failures++;
    const forMs = nowMs - this.#failingSinceMs;
    const mostMs = forMs < SHORT_ABSENCE_MS ? SHORT_ABSENCE_RETRY_MS : LONG_ABSENCE_RETRY_MS;
    return Math.min(mostMs, this.#jittered(FIRST_RETRY_MS * 2 ** Math.min(this.#failures - 1, 6)));
  }

  #fastMs(nowMs: number): number {
    return Math.min(FAST_MS, Math.max(FASTEST_MS, (nowMs - this.#expectedAtMs) * LATE));
  }

  #jittered(ms: number): number {
    return ms * (1 - JITTER + 2 * JITTER * this.#random());
  }
}

function restlessness(states: Iterable<ProcessState>, quietMs: number): number {
  let ms = quietMs;
  for (const state of states) ms = Math.min(ms, UNSETTLED.get(state) ?? quietMs);
  return ms;
}
