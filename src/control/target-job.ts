import type { Clock } from '../clock.ts';
import type { Outcome, Target, Verb } from '../fleet/action.ts';
import { type ProcessView, processKey } from '../fleet/process.ts';
import { type HostLink, LinkError } from '../links/host-link.ts';
import type { FleetState } from './fleet-state.ts';
import { before, judge, METHODS, outcomeOf, STEPS, type Step } from './step.ts';
import type { Turns } from './turns.ts';

/** How long the answer to one call is waited for. */
const CALL_MS = 10_000;
/** How long a host may be silent after a call was sent before its target counts as unknown. */
const AWAY_MS = 15_000;
/** How long an accepted call may show no effect on a host that answers. */
const NO_SIGN_MS = 15_000;
/** A report that came sooner may have been on its way already when the call was accepted. */
const STALE_MS = 3_000;

export interface JobPorts {
  readonly fleet: FleetState;
  readonly clock: Clock;
  /** The calls of a host, a few at a time. */
  readonly turns: Turns;
  link(hostId: string): HostLink | null;
}

export interface Job {
  /** Unique and the same after a replay: the supervisor runs each once. */
  readonly callId: string;
  readonly verb: Verb;
  readonly target: Target;
  readonly isCancelled: () => boolean;
  readonly progress: (outcome: Outcome) => void;
}

/**
 * Brings one target where its verb wants it and says what became of it; never throws, never sends a call twice.
 * A cancelled job is not begun; one already begun is seen through, so that no restart ends half way.
 */
export async function runJob(job: Job, ports: JobPorts): Promise<Outcome> {
  const startedMs = ports.clock.uptimeMs();
  for (const step of STEPS[job.verb]) {
    const outcome = await runStep(job, step, ports);
    if (outcome !== null) return outcome;
  }
  const state = ports.fleet.process(keyOf(job.target))?.state ?? 'UNKNOWN';
  return { kind: 'done', state, tookMs: Math.round(ports.clock.uptimeMs() - startedMs) };
}

/** Null when the step got where it should. */
async function runStep(job: Job, step: Step, ports: JobPorts): Promise<Outcome | null> {
  const ready = await untilSendable(job, step, ports);
  if (ready.kind === 'final') return ready.outcome;
  const seen = ready.process;
  let sent = false;
  if (ready.send) {
    if (step === 'start') ports.fleet.expectStart(keyOf(job.target));
    const answer = await send(job, step, ports);
    if (answer.kind === 'final') return answer.outcome;
    sent = true;
  }
  return watch(job, { step, seen, sent }, ports);
}

type Ready =
  | { readonly kind: 'final'; readonly outcome: Outcome }
  | { readonly kind: 'ready'; readonly send: boolean; readonly process: ProcessView };

async function untilSendable(job: Job, step: Step, ports: JobPorts): Promise<Ready> {
  return waitFor(job.target, ports, AWAY_MS, () => {
    const away = whyAway(job.target, ports);
    if (away !== null) return { kind: 'final', outcome: { kind: 'unreachable', reason: away } };
    const process = ports.fleet.process(keyOf(job.target));
    if (process === null)
      return { kind: 'final', outcome: { kind: 'refused', reason: 'no such process any more' } };
    const todo = before(step, process.state);
    if (todo !== 'wait') return { kind: 'ready', send: todo === 'send', process };
    job.progress(working(process));
    return null;
  });
}

type Answer = { readonly kind: 'final'; readonly outcome: Outcome } | { readonly kind: 'look' };

async function send(job: Job, step: Step, ports: JobPorts): Promise<Answer> {
  const { target } = job;
  return ports.turns.take(target.hostId, async (): Promise<Answer> => {
    const away = whyAway(target, ports);
    const link = ports.link(target.hostId);
    if (link === null || away !== null)
      return { kind: 'final', outcome: { kind: 'unreachable', reason: away ?? 'its host was removed' } };
    if (job.isCancelled() && step === STEPS[job.verb][0])
      return { kind: 'final', outcome: { kind: 'cancelled' } };
    const outcome = await call(link, job, step);
    return outcome === null ? { kind: 'look' } : { kind: 'final', outcome };
  });
}

async function call(link: HostLink, { callId, target }: Job, step: Step): Promise<Outcome | null> {
  link.expectChange();
  try {
    await link.call({
      id: `${callId}.${step}`,
      method: METHODS[step],
      params: [`${target.group}:${target.process}`, false],
      deadlineMs: CALL_MS,
    });
    return null;
  } catch (error) {
    if (error instanceof LinkError) return outcomeOf(step, error);
    throw error;
  } finally {
    link.expectChange();
  }
}

interface Watched {
  readonly step: Step;
  /** The process as it was before anything was sent. */
  readonly seen: ProcessView;
  readonly sent: boolean;
}

async function watch(job: Job, { step, seen, sent }: Watched, ports: JobPorts): Promise<Outcome | null> {
  const sinceMs = ports.clock.uptimeMs();
  let awaySinceMs: number | null = null;
  let noSignSinceMs: number | null = null;
  const settled = await waitFor(job.target, ports, 1_000, (): Outcome | 'reached' | null => {
    const nowMs = ports.clock.uptimeMs();
    const away = whyAway(job.target, ports);
    if (away !== null) {
      awaySinceMs ??= nowMs;
      if (!sent) return { kind: 'unreachable', reason: away };
      return nowMs - awaySinceMs < AWAY_MS
        ? null
        : { kind: 'unknown', reason: `the ${step} was sent, then: ${away}` };
    }
    awaySinceMs = null;
    const process = ports.fleet.process(keyOf(job.target));
    if (process === null) return { kind: 'unknown', reason: 'the process was removed meanwhile' };
    job.progress(working(process));
    if (sent && sameRun(seen, process) && nowMs - sinceMs < STALE_MS) return null;
    const judgement = judge(step, process);
    if (judgement.kind === 'reached') return 'reached';
    if (judgement.kind === 'on-the-way') noSignSinceMs = null;
    else if (judgement.kind === 'failed') return { kind: 'failed', reason: judgement.reason };
    else noSignSinceMs ??= nowMs;
    if (noSignSinceMs === null || nowMs - noSignSinceMs < NO_SIGN_MS) return null;
    return { kind: 'unknown', reason: `the ${step} was sent, and it is still ${process.state}` };
  });
  return settled === 'reached' ? null : settled;
}

const sameRun = (left: ProcessView, right: ProcessView): boolean =>
  left.state === right.state && left.pid === right.pid && left.tries === right.tries;

/** Asks `look` now, whenever the host or the target is heard of, and every `everyMs`, until it answers. */
function waitFor<T>(
  target: Target,
  { fleet, clock }: JobPorts,
  everyMs: number,
  look: () => T | null,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const key = keyOf(target);
    let cancelTimer = () => {};
    const ask = (): void => {
      cancelTimer();
      try {
        const answer = look();
        if (answer === null) cancelTimer = clock.after(everyMs, ask);
        else end(() => resolve(answer));
      } catch (error) {
        end(() => reject(error));
      }
    };
    const unsubscribe = fleet.touched.add((touched) => {
      if (touched.hostId === target.hostId && (touched.key === null || touched.key === key)) ask();
    });
    const end = (settle: () => void): void => {
      unsubscribe();
      cancelTimer();
      settle();
    };
    ask();
  });
}

/** Why its host cannot be asked anything now, or null. */
function whyAway({ hostId, host }: Target, { fleet }: JobPorts): string | null {
  const reachability = fleet.host(hostId)?.reachability;
  if (reachability === undefined) return `${host} was removed`;
  if (reachability.kind === 'unreachable') return reachability.failure.says;
  return reachability.kind === 'reachable' ? null : `${host} is ${reachability.kind}`;
}

function working(process: ProcessView): Outcome {
  return { kind: 'working', state: process.state, sinceMs: process.sinceMs };
}

function keyOf({ hostId, group, process }: Target): string {
  return processKey({ hostId, group, name: process });
}
