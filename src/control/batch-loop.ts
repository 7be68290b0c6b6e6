import type { Clock } from '../clock.ts';
import { batchCount } from '../fleet/batches.ts';
import { isFinal } from '../fleet/outcome.ts';
import { AT_ONCE } from '../fleet/pace.ts';
import { type Told, told } from '../fleet/said.ts';
import { inSlices } from './in-slices.ts';
import { cancelledFor } from './job.ts';
import type { RunningAction } from './running-action.ts';
import { Turns } from './turns.ts';

const TOGETHER_MS = 100;

export interface BatchPorts {
  readonly clock: Clock;
  /** Does one target; resolves when its outcome is set. */
  runTarget(position: number): Promise<void>;
  /** Whether a hub killed since then may have begun this target. */
  isBegun(position: number): boolean;
  /** Why its owner may not go on, or null. */
  forbidden(): Told | null;
  readonly bug: (error: unknown) => void;
}

/** An action of which nothing is begun before somebody says so. */
export interface Held {
  /** Resolves when it is resumed. */
  readonly resumed: Promise<void>;
}

/**
 * Does the targets of an action batch by batch, each begun when all of the last have settled and its pause is over;
 * what is left when it is stopped is cancelled with the reason. Held, it first sees through what was begun.
 */
export async function runBatches(
  running: RunningAction,
  ports: BatchPorts,
  held: Held | null,
): Promise<void> {
  const { targets, pace = AT_ONCE } = running.now;
  const open = [...targets.keys()].filter((at) => !isFinal(targets[at]?.outcome ?? { kind: 'waiting' }));
  const begun = open.filter((at) => ports.isBegun(at));
  if (held !== null || running.stop.aborted)
    await Promise.all(begun.map((at) => runTarget(running, at, ports)));
  if (held !== null) await orStopped(running, held.resumed);
  const last = batchCount(targets);
  for (let batch = 0; batch < last && !running.stop.aborted; batch++) {
    const members = open.filter((at) => (targets[at]?.batch ?? 0) === batch && isOpen(running, at));
    if (members.length === 0) continue;
    if (!(await mayBegin(running, batch, last, ports))) break;
    running.advance({ batch, phase: 'running', untilMs: null });
    const together = { ...ports, forbidden: askedTogether(ports) };
    const limit = new Turns((pace.mode === 'parallel' ? pace.limit : null) ?? Number.POSITIVE_INFINITY);
    await doAll(members, (at) => limit.take('', () => runTarget(running, at, together)), ports);
  }
  for (const at of open) if (isOpen(running, at)) running.set(at, cancelledFor(running.stoppedWhy));
  running.finishIfOver();
}

/** Begins all of them in slices, and resolves when they are over. */
async function doAll(
  members: readonly number[],
  begin: (at: number) => Promise<void>,
  { clock, bug }: BatchPorts,
): Promise<void> {
  const begun: Promise<void>[] = [];
  function* beginning(): Generator<void, void> {
    for (const at of members) {
      begun.push(begin(at).catch(bug));
      yield;
    }
  }
  await inSlices(beginning(), clock);
  await Promise.all(begun);
}

async function runTarget(running: RunningAction, at: number, ports: BatchPorts): Promise<void> {
  if (!isOpen(running, at)) return;
  const why = ports.isBegun(at) ? null : ports.forbidden();
  if (why !== null) running.stopFor(why);
  if (running.stop.aborted && !ports.isBegun(at)) return;
  await ports.runTarget(at);
  const { pace = AT_ONCE } = running.begun;
  if (pace.mode !== 'rolling' || pace.onFailure === 'continue') return;
  if (running.failures < pace.maxFailures) return;
  const n = running.failures;
  running.stopFor(n === 1 ? told('progress.oneFailed') : told('progress.manyFailed', { n }));
}

/** What begins together is asked about once: rights are looked at for every target of the action. */
function askedTogether({ clock, forbidden }: BatchPorts): () => Told | null {
  let askedMs = Number.NEGATIVE_INFINITY;
  let why: Told | null = null;
  return () => {
    const nowMs = clock.uptimeMs();
    if (nowMs - askedMs < TOGETHER_MS) return why;
    askedMs = nowMs;
    why = forbidden();
    return why;
  };
}

/** Makes the pause before a batch, unless it is the first; false when it was stopped meanwhile. */
async function mayBegin(
  running: RunningAction,
  batch: number,
  batches: number,
  { clock }: BatchPorts,
): Promise<boolean> {
  const { pace = AT_ONCE, progress } = running.now;
  const pauseMs = pace.mode === 'rolling' ? pace.pauseMs : 0;
  const earlier = running.now.targets.some(
    (target) => (target.batch ?? 0) < batch && isFinal(target.outcome),
  );
  if (pauseMs === 0 || !earlier || isHalfDone(running, batch)) return !running.stop.aborted;
  // A hub restarted in a pause goes on with the same one.
  const paused = progress?.phase === 'pausing' && progress.batch === batch ? progress.untilMs : null;
  const untilMs = paused ?? clock.wallMs() + pauseMs;
  running.advance({ batch, batches, phase: 'pausing', untilMs });
  const leftMs = Math.min(pauseMs, Math.max(0, untilMs - clock.wallMs()));
  let cancel = (): void => {};
  await orStopped(
    running,
    new Promise<void>((resume) => {
      cancel = clock.after(leftMs, resume);
    }),
  );
  cancel();
  return !running.stop.aborted;
}

function isHalfDone(running: RunningAction, batch: number): boolean {
  return running.now.targets.some((target) => (target.batch ?? 0) === batch && isFinal(target.outcome));
}

function isOpen(running: RunningAction, at: number): boolean {
  const outcome = running.outcome(at);
  return outcome !== null && !isFinal(outcome);
}

function orStopped(running: RunningAction, waited: Promise<void>): Promise<void> {
  return new Promise((resolve) => {
    if (running.stop.aborted) return resolve();
    running.stop.addEventListener('abort', () => resolve(), { once: true });
    void waited.then(resolve);
  });
}
