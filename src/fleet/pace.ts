/** How an action goes over its targets. */
export type Pace = Parallel | Rolling;

/** All targets at once, or at most `limit` of them. */
export interface Parallel {
  readonly mode: 'parallel';
  readonly limit: number | null;
  readonly resume: Resume;
}

/** Batch after batch: the next one begins when every target of the last has settled. */
export interface Rolling {
  readonly mode: 'rolling';
  readonly batch: BatchSize;
  readonly order: Order;
  /** How long a started process must stay RUNNING before it counts as done. */
  readonly settleMs: number;
  /** Between the end of a batch and the next. */
  readonly pauseMs: number;
  /** At so many targets that are not done, `onFailure` says what becomes of the rest. At least 1. */
  readonly maxFailures: number;
  readonly onFailure: 'abort' | 'continue';
  readonly resume: Resume;
}

export interface BatchSize {
  /** At least 1; percent: 1 to 100, of the targets, rounded up. */
  readonly n: number;
  readonly of: 'targets' | 'hosts' | 'percent';
}

/** `given`: in the order of `only`, or else of the selector's terms. */
export const ORDERS = ['name', 'random', 'given'] as const;
export type Order = (typeof ORDERS)[number];

/** What a restarted hub does with an action it finds under way: goes on, or waits for somebody to say so. */
export const RESUMES = ['continue', 'ask'] as const;
export type Resume = (typeof RESUMES)[number];

export const AT_ONCE: Parallel = { mode: 'parallel', limit: null, resume: 'continue' };

/** One target after the other, ended by the first failure. */
export const ONE_BY_ONE: Rolling = {
  mode: 'rolling',
  batch: { n: 1, of: 'targets' },
  order: 'name',
  settleMs: 0,
  pauseMs: 0,
  maxFailures: 1,
  onFailure: 'abort',
  resume: 'continue',
};
