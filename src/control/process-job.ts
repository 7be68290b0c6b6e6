import type { Outcome, ProcessVerb } from '../fleet/action.ts';
import { endedAs } from '../fleet/outcome.ts';
import type { ProcessView } from '../fleet/process.ts';
import { asValue, told } from '../fleet/said.ts';
import type { SentenceKey } from '../fleet/sentences.ts';
import type { Sent } from '../store/action-marks.ts';
import {
  AWAY_MS,
  contact,
  type Job,
  type JobPorts,
  keyOf,
  NO_SIGN_MS,
  STALE_MS,
  untilContact,
  waitFor,
  whyNot,
  working,
} from './job.ts';
import { type Answer, askPast, sendOnce } from './send-once.ts';
import { settle } from './settle.ts';
import { before, judge, METHODS, outcomeOf, STEPS, type Step } from './step.ts';

/**
 * Brings one process where its verb wants it and says what became of it; never throws, never sends a call twice.
 * A cancelled job is not begun; one already begun is seen through, so that no restart ends half way.
 */
export async function runProcessJob(job: Job, verb: ProcessVerb, ports: JobPorts): Promise<Outcome> {
  const startedMs = ports.clock.uptimeMs();
  const steps = STEPS[verb];
  const { past } = job;
  const before = past?.seen?.pid ?? ports.fleet.process(keyOf(job.target))?.pid ?? 0;
  const from = past === null ? 0 : Math.max(0, steps.indexOf(past.step as Step));
  for (const step of steps.slice(from)) {
    const outcome =
      past?.step === step
        ? await resumeStep(job, step, past, ports)
        : await runStep(job, step, { attempt: 1, first: past === null && step === steps[0] }, ports);
    if (outcome !== null) return outcome;
  }
  const unsettled = await settle(job, ports);
  if (unsettled !== null) return unsettled;
  const now = ports.fleet.process(keyOf(job.target));
  return {
    kind: 'done',
    state: now?.state ?? 'UNKNOWN',
    tookMs: Math.round(ports.clock.uptimeMs() - startedMs),
    ...(verb === 'stop' || now === null || now.pid === 0 ? {} : { pids: { before, after: now.pid } }),
  };
}

/** Null when the step got where it should. */
async function runStep(
  job: Job,
  step: Step,
  how: { readonly attempt: number; readonly first: boolean },
  ports: JobPorts,
): Promise<Outcome | null> {
  const ready = await untilSendable(job, step, ports);
  if (ready.kind === 'final') return ready.outcome;
  const seen = seenOf(ready.process);
  if (!ready.send) return watch(job, { step, seen, sent: 'no' }, ports);
  if (step === 'start') ports.fleet.expectStart(keyOf(job.target));
  const answer = await sendOnce(job, { ...callOf(job, step), ...how, step, seen }, ports);
  return judged(job, { step, seen, sent: 'yes' }, answer, ports);
}

/** A step that a hub killed since then may have sent: asks the agent, or else the state of the process. */
async function resumeStep(job: Job, step: Step, past: Sent, ports: JobPorts): Promise<Outcome | null> {
  const away = await untilContact(job.target, ports);
  if (away !== null) return endedAs('unknown', told('sent.perhapsThen', { verb: step, why: asValue(away) }));
  if (step === 'start') ports.fleet.expectStart(keyOf(job.target));
  const answer = await askPast(job, callOf(job, step), past, ports);
  if (answer === 'not-run') return runStep(job, step, { attempt: past.attempt + 1, first: false }, ports);
  const seen = past.seen ?? { state: 'UNKNOWN', pid: 0, tries: null };
  if (answer === 'unsure') return watch(job, { step, seen, sent: 'perhaps' }, ports);
  return judged(job, { step, seen, sent: 'yes' }, answer, ports);
}

async function judged(job: Job, watched: Watched, answer: Answer, ports: JobPorts): Promise<Outcome | null> {
  if (answer.kind === 'final') return answer.outcome;
  const outcome = answer.kind === 'error' ? outcomeOf(watched.step, answer.error) : null;
  if (outcome !== null) return outcome;
  const isAnswered = answer.kind === 'taken' || answer.error.kind !== 'unknown';
  // An agent tells what happens before it answers; a polled host is not heard of before the next poll.
  const isTold = isAnswered && (ports.link(job.target.hostId)?.run?.() ?? null) !== null;
  return watch(job, { ...watched, isTold }, ports);
}

function callOf({ target }: Job, step: Step): { method: string; params: readonly unknown[] } {
  return { method: METHODS[step], params: [`${target.group}:${target.process}`, false] };
}

type Ready =
  | { readonly kind: 'final'; readonly outcome: Outcome }
  | { readonly kind: 'ready'; readonly send: boolean; readonly process: ProcessView };

async function untilSendable(job: Job, step: Step, ports: JobPorts): Promise<Ready> {
  const away = await untilContact(job.target, ports);
  if (away !== null) return { kind: 'final', outcome: endedAs('unreachable', away) };
  return waitFor(job.target, ports, AWAY_MS, () => {
    const now = contact(job.target, ports);
    if (now.kind === 'away') return { kind: 'final', outcome: endedAs('unreachable', now) };
    const process = ports.fleet.process(keyOf(job.target));
    if (process === null) return { kind: 'final', outcome: endedAs('refused', told('process.gone')) };
    const todo = before(step, process.state);
    if (todo !== 'wait') return { kind: 'ready', send: todo === 'send', process };
    job.progress(working(process));
    return null;
  });
}

interface Watched {
  readonly step: Step;
  /** The process as it was before anything was sent. */
  readonly seen: NonNullable<Sent['seen']>;
  /** `perhaps`: a hub killed since then was about to. */
  readonly sent: 'yes' | 'no' | 'perhaps';
  /** Whether the host had told all there was when this began: else its next report says how things are. */
  readonly isTold?: boolean;
}

async function watch(job: Job, watched: Watched, ports: JobPorts): Promise<Outcome | null> {
  const { step, seen, sent, isTold = true } = watched;
  const sinceMs = ports.clock.uptimeMs();
  const heardAtMs = lastHeardMs(job, ports);
  let awaySinceMs: number | null = null;
  let noSignSinceMs: number | null = null;
  const settled = await waitFor(job.target, ports, STALE_MS, (): Outcome | 'reached' | null => {
    const nowMs = ports.clock.uptimeMs();
    const now = contact(job.target, ports);
    if (now.kind !== 'there') {
      awaySinceMs ??= nowMs;
      const why = whyNot(now);
      if (sent === 'no' && now.kind === 'away') return endedAs('unreachable', why);
      return nowMs - awaySinceMs < AWAY_MS
        ? null
        : endedAs('unknown', told(THEN[sent], { verb: step, why: asValue(why) }));
    }
    awaySinceMs = null;
    const process = ports.fleet.process(keyOf(job.target));
    if (process === null) return endedAs('unknown', told('process.removedMeanwhile'));
    job.progress(working(process));
    if (sent !== 'no' && sameRun(seen, process)) {
      if (nowMs - sinceMs < STALE_MS) return null;
      const isUnheard = !isTold && lastHeardMs(job, ports) === heardAtMs;
      if (isUnheard && nowMs - sinceMs < NO_SIGN_MS) return null;
    }
    const judgement = judgeOf(job, watched, process);
    if (judgement.kind === 'reached') return 'reached';
    if (judgement.kind === 'on-the-way') noSignSinceMs = null;
    else if (judgement.kind === 'failed') return endedAs('failed', judgement.why);
    else noSignSinceMs ??= nowMs;
    if (noSignSinceMs === null || nowMs - noSignSinceMs < NO_SIGN_MS) return null;
    return endedAs('unknown', told(STILL[sent], { verb: step, state: process.state }));
  });
  return settled === 'reached' ? null : settled;
}

const lastHeardMs = ({ target }: Job, { fleet }: JobPorts): number =>
  fleet.host(target.hostId)?.lastSeenMs ?? 0;

const THEN = {
  yes: 'sent.yesThen',
  no: 'sent.noThen',
  perhaps: 'sent.perhapsThen',
} as const satisfies Record<Watched['sent'], SentenceKey>;
const STILL = {
  yes: 'sent.yesStill',
  no: 'sent.noStill',
  perhaps: 'sent.perhapsStill',
} as const satisfies Record<Watched['sent'], SentenceKey>;

/** What nobody can tell whether it was sent, and shows no trace, stays open: it is not a failure. */
function judgeOf(
  { verb }: Job,
  { step, seen, sent }: Watched,
  process: ProcessView,
): ReturnType<typeof judge> {
  if (sent === 'perhaps' && sameRun(seen, process)) return { kind: 'no-sign' };
  const replaced = step === 'stop' && verb === 'restart' && process.pid !== 0 && process.pid !== seen.pid;
  if (sent === 'perhaps' && replaced) return { kind: 'reached' };
  return judge(step, process);
}

function seenOf({ state, pid, tries }: ProcessView): Watched['seen'] {
  return { state, pid, tries };
}

const sameRun = (left: Watched['seen'], right: ProcessView): boolean =>
  left.state === right.state && left.pid === right.pid && left.tries === right.tries;
