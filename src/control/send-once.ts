import type { Outcome } from '../fleet/action.ts';
import { endedAs } from '../fleet/outcome.ts';
import { told } from '../fleet/said.ts';
import { type HostLink, LinkError } from '../links/host-link.ts';
import type { Sent } from '../store/action-marks.ts';
import { cancelled, contact, type Job, type JobPorts } from './job.ts';

/** How long the answer to one call is waited for. */
const CALL_MS = 10_000;

export interface OneCall {
  readonly step: string;
  readonly method: string;
  readonly params: readonly unknown[];
  readonly attempt: number;
  readonly seen: Sent['seen'];
  readonly pids?: readonly number[];
  /** Whether a cancelled job may still leave this out: nothing of it was sent before. */
  readonly first: boolean;
  readonly deadlineMs?: number;
}

export type Answer =
  /** Nothing was sent. */
  | { readonly kind: 'final'; readonly outcome: Outcome }
  | { readonly kind: 'taken'; readonly value: unknown }
  | { readonly kind: 'error'; readonly error: LinkError };

/**
 * Sends one call, once: first it is written down that it is about to be, then it is sent. A job cancelled before
 * that is not begun.
 */
export function sendOnce(job: Job, call: OneCall, ports: JobPorts): Promise<Answer> {
  const { target } = job;
  return ports.turns.take(target.hostId, async (): Promise<Answer> => {
    const now = contact(target, ports);
    const link = ports.link(target.hostId);
    if (link === null || now.kind !== 'there') {
      const why = now.kind === 'away' ? now : told('host.notConnected', { host: target.host });
      return { kind: 'final', outcome: endedAs('unreachable', why) };
    }
    if (call.first && job.isCancelled()) return { kind: 'final', outcome: cancelled(job) };
    const { step, attempt, seen, pids } = call;
    try {
      await job.mark({
        step,
        attempt,
        seen,
        runId: link.run?.() ?? null,
        ...(pids === undefined ? {} : { pids }),
      });
    } catch {
      // told to the operator here; the journal has told the log
      return { kind: 'final', outcome: endedAs('failed', told('hub.cannotWrite')) };
    }
    return answerOf(link, job, call);
  });
}

/** What became of a call that may have been sent: the agent remembers it by its id. Sends nothing that could run. */
export async function askPast(
  job: Job,
  call: Pick<OneCall, 'method' | 'params'>,
  past: Sent,
  ports: JobPorts,
): Promise<Answer | 'not-run' | 'unsure'> {
  const link = ports.link(job.target.hostId);
  const run = link?.run?.() ?? null;
  if (link === null || run === null || run !== past.runId) return 'unsure';
  const { method, params } = call;
  try {
    const id = callIdOf(job, past.step, past.attempt);
    return {
      kind: 'taken',
      value: await link.call({ id, method, params, deadlineMs: CALL_MS, question: true }),
    };
  } catch (error) {
    if (!(error instanceof LinkError)) throw error;
    if (error.kind === 'unreachable') return 'not-run';
    return error.kind === 'unknown' ? 'unsure' : { kind: 'error', error };
  }
}

async function answerOf(
  link: HostLink,
  job: Job,
  { step, attempt, method, params, deadlineMs = CALL_MS }: OneCall,
): Promise<Answer> {
  try {
    const value = await link.call({ id: callIdOf(job, step, attempt), method, params, deadlineMs });
    return { kind: 'taken', value };
  } catch (error) {
    if (error instanceof LinkError) return { kind: 'error', error };
    throw error;
  }
}

function callIdOf({ callId }: Job, step: string, attempt: number): string {
  return attempt === 1 ? `${callId}.${step}` : `${callId}.${step}.${attempt}`;
}
