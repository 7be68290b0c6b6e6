const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** Keeps the loop from running empty, which would end the process, without ever waking it. */
export function keepAlive(): void {
  setInterval(() => {}, LONGEST_TIMER_MS);
}
