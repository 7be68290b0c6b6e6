import type { Outcome, Verb } from '../fleet/action.ts';
import { runReloadOrShutdown, runReread } from './host-job.ts';
import type { Job, JobPorts } from './job.ts';
import { runOnceJob } from './once-job.ts';
import { runProcessJob } from './process-job.ts';
import { runUpdate } from './update-job.ts';

type RunJob = (job: Job, ports: JobPorts) => Promise<Outcome>;

const JOBS: Readonly<Record<Verb, RunJob>> = {
  start: (job, ports) => runProcessJob(job, 'start', ports),
  stop: (job, ports) => runProcessJob(job, 'stop', ports),
  restart: (job, ports) => runProcessJob(job, 'restart', ports),
  signal: (job, ports) => runOnceJob(job, 'signal', ports),
  clear: (job, ports) => runOnceJob(job, 'clear', ports),
  reread: runReread,
  update: runUpdate,
  reload: (job, ports) => runReloadOrShutdown(job, 'reload', ports),
  shutdown: (job, ports) => runReloadOrShutdown(job, 'shutdown', ports),
};

/** Does one target's part of an action and says what became of it; never throws, never sends a call twice. */
export function runJob(job: Job, ports: JobPorts): Promise<Outcome> {
  return JOBS[job.verb](job, ports);
}
