import type { ProcessView } from '../fleet/process.ts';
import { spanText, stampText, uptimeText } from './durations.ts';
import { oneLine } from './terminal-text.ts';

/** What to say of a process beside its state, in supervisorctl's words where it has some. */
export function describeProcess(process: ProcessView, nowMs: number): string {
  const words = DESCRIPTIONS[process.state](process, nowMs);
  return process.flapping ? `${words}, flapping (${process.restarts} restarts within the hour)` : words;
}

type Describe = (process: ProcessView, nowMs: number) => string;

const withPid: Describe = (process, nowMs) =>
  process.pid === 0 ? '' : `pid ${process.pid}, uptime ${uptimeText(nowMs - process.startedAtMs)}`;

const ended: Describe = (process) =>
  [exitText(process), since(process)].filter((text) => text !== '').join(', ');

const DESCRIPTIONS: Readonly<Record<ProcessView['state'], Describe>> = {
  RUNNING: withPid,
  STARTING: withPid,
  STOPPING: withPid,
  BACKOFF: (process, nowMs) =>
    [trouble(process), retry(process, nowMs)].filter((text) => text !== '').join(', '),
  FATAL: trouble,
  EXITED: ended,
  STOPPED: (process) =>
    process.stoppedAtMs === 0 && process.startedAtMs === 0 ? 'Not started' : since(process),
  UNKNOWN: () => 'nobody knows',
};

function trouble(process: ProcessView): string {
  return oneLine(process.spawnError) || exitText(process) || 'start failed';
}

/** How a child ended; empty: that is not known. */
export function exitText({ exitStatus, exitSignal }: Pick<ProcessView, 'exitStatus' | 'exitSignal'>): string {
  if (exitSignal !== null) return `killed by ${oneLine(exitSignal)}`;
  return exitStatus === null ? '' : exitStatus < 0 ? 'killed by a signal' : `exit ${exitStatus}`;
}

function retry({ retryAtMs, tries }: ProcessView, nowMs: number): string {
  const when = retryAtMs === null ? '' : `next try in ${spanText(retryAtMs - nowMs)}`;
  const count = tries === null || tries === 0 ? '' : `tried ${tries}×`;
  return [count, when].filter((text) => text !== '').join(', ');
}

function since({ stoppedAtMs }: ProcessView): string {
  return stoppedAtMs === 0 ? '' : `since ${stampText(stoppedAtMs)}`;
}
