/** Forgets a pending call; calling it again, or after it ran, does nothing. */
export type Cancel = () => void;

/** Time as a port: wall time for stamps and display, monotonic time for every duration and deadline. */
export interface Clock {
  /** Epoch milliseconds; may step in either direction. */
  wallMs(): number;
  /** Milliseconds of a clock that never steps back. */
  uptimeMs(): number;
  /** Calls `fn` once, not earlier than `ms` from now. `after(0, …)` runs in a later turn of the loop. */
  after(ms: number, fn: () => void): Cancel;
}

const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** The machine's clocks. Timers longer than Node's limit of 24.8 days are re-armed, not fired at once. */
export const systemClock: Clock = {
  wallMs: () => Date.now(),
  uptimeMs: () => performance.now(),
  after(ms, fn) {
    const dueMs = performance.now() + ms;
    let timer: NodeJS.Timeout;
    const arm = (): void => {
      const leftMs = dueMs - performance.now();
      timer = setTimeout(
        leftMs > LONGEST_TIMER_MS ? arm : fn,
        Math.max(0, Math.min(leftMs, LONGEST_TIMER_MS)),
      );
    };
    arm();
    return () => clearTimeout(timer);
  },
};

/** `2026-11-23T02:09:04.120Z`: for what other programs read. */
export function isoText(wallMs: number): string {
  return new Date(wallMs).toISOString();
}

/** For libraries that speak of time by it. */
export function asDate(wallMs: number): Date {
  return new Date(wallMs);
}
