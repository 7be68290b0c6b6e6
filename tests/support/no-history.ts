import type { History } from '../../src/control/history.ts';

/** Of a fleet nothing was known before, and nothing is kept. */
export const NO_HISTORY: History = {
  restore() {},
  event() {},
  beat() {},
  known() {},
  recall: () => null,
};
