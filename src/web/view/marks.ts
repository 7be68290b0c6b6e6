import type { HostView } from '../../fleet/host.ts';
import type { ProcessView } from '../../fleet/process.ts';

/** What the eye is told of a process or a host, worst first: each has its own outline, word and colour. */
export const MARKS = [
  'fatal',
  'unreachable',
  'backoff',
  'flapping',
  'crashed',
  'unknown',
  'starting',
  'stopping',
  'stopped',
  'stale',
  'exited',
  'running',
] as const;
export type Mark = (typeof MARKS)[number];

const RANK = Object.fromEntries(MARKS.map((mark, rank) => [mark, rank])) as Readonly<Record<Mark, number>>;

/** 0 is the worst. */
export function rankOf(mark: Mark): number {
  return RANK[mark];
}

export function worstOf(marks: Iterable<Mark>): Mark {
  let worst: Mark = 'running';
  for (const mark of marks) if (RANK[mark] < RANK[worst]) worst = mark;
  return worst;
}

const BY_STATE: Record<ProcessView['state'], Mark> = {
  FATAL: 'fatal',
  BACKOFF: 'backoff',
  UNKNOWN: 'unknown',
  STARTING: 'starting',
  STOPPING: 'stopping',
  STOPPED: 'stopped',
  EXITED: 'exited',
  RUNNING: 'running',
};

/** Between two of these it stays flapping: a restart under way is part of it, and no row jumps. */
const UP: ReadonlySet<ProcessView['state']> = new Set(['RUNNING', 'STARTING']);

/** The one mark a process gets. Stale wins: nobody knows what it is now. */
export function markOf(process: Pick<ProcessView, 'fresh' | 'state' | 'expected' | 'flapping'>): Mark {
  if (!process.fresh) return 'stale';
  if (process.state === 'EXITED' && process.expected === false) return 'crashed';
  if (process.flapping && UP.has(process.state)) return 'flapping';
  return BY_STATE[process.state];
}

/** What it counts as in filters and totals: a flapping process is RUNNING or STARTING as well. */
export function countedAs(process: ProcessView): readonly Mark[] {
  const mark = markOf(process);
  return mark === 'flapping' ? ['flapping', BY_STATE[process.state]] : [mark];
}

const TROUBLE: ReadonlySet<Mark> = new Set([
  'fatal',
  'unreachable',
  'backoff',
  'flapping',
  'crashed',
  'unknown',
]);

export function isTrouble(mark: Mark): boolean {
  return TROUBLE.has(mark);
}

/** supervisord's own word; never translated. Null where the word is ours. */
export function stateWord(mark: Mark): string | null {
  return WORDS[mark];
}

const WORDS: Record<Mark, string | null> = {
  fatal: 'FATAL',
  backoff: 'BACKOFF',
  crashed: 'EXITED',
  unknown: 'UNKNOWN',
  starting: 'STARTING',
  stopping: 'STOPPING',
  stopped: 'STOPPED',
  exited: 'EXITED',
  running: 'RUNNING',
  flapping: null,
  unreachable: null,
  stale: null,
};

const HOST_MARKS: Record<HostView['reachability']['kind'], Mark> = {
  reachable: 'running',
  unreachable: 'unreachable',
  connecting: 'starting',
  disabled: 'stopped',
};

export function hostMark(host: HostView): Mark {
  return HOST_MARKS[host.reachability.kind];
}
