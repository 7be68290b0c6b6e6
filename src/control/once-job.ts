import { SIGNALLABLE_STATES } from '@fleetvisor/agent/protocol';
import type { Outcome } from '../fleet/action.ts';
import { endedAs } from '../fleet/outcome.ts';
import { asValue, told } from '../fleet/said.ts';
import { type Job, type JobPorts, keyOf, untilContact } from './job.ts';
import { type Answer, askPast, sendOnce } from './send-once.ts';
import { outcomeOf } from './step.ts';

/** Sends one process a signal, or empties its logs: one call, and its answer is the outcome. */
export async function runOnceJob(job: Job, verb: 'signal' | 'clear', ports: JobPorts): Promise<Outcome> {
  const startedMs = ports.clock.uptimeMs();
  const away = await untilContact(job.target, ports);
  const { past, target } = job;
  if (away !== null)
    return past === null
      ? endedAs('unreachable', away)
      : endedAs('unknown', told('sent.perhapsThen', { verb, why: asValue(away) }));
  const call = callOf(job, verb);
  const before = past === null ? 'not-run' : await askPast(job, call, past, ports);
  if (before === 'unsure') return endedAs('unknown', told('sent.perhaps', { verb }));
  const process = ports.fleet.process(keyOf(target));
  if (process === null) return endedAs('refused', told('process.gone'));
  if (before === 'not-run' && verb === 'signal' && !SIGNALLABLE_STATES.has(process.state))
    return endedAs('refused', told('left.nothingToSignal', { state: process.state }));
  const once = {
    ...call,
    step: verb,
    attempt: (past?.attempt ?? 0) + 1,
    first: past === null,
    seen: { state: process.state, pid: process.pid, tries: process.tries },
  };
  const answer = before === 'not-run' ? await sendOnce(job, once, ports) : before;
  return (
    outcomeIn(answer) ?? {
      kind: 'done',
      state: ports.fleet.process(keyOf(target))?.state ?? process.state,
      tookMs: Math.round(ports.clock.uptimeMs() - startedMs),
    }
  );
}

function outcomeIn(answer: Answer): Outcome | null {
  if (answer.kind === 'final') return answer.outcome;
  if (answer.kind === 'taken') return null;
  return outcomeOf(null, answer.error) ?? endedAs('unknown', answer.error.told);
}

function callOf({ target, signal }: Job, verb: 'signal' | 'clear') {
  const name = `${target.group}:${target.process}`;
  return verb === 'signal'
    ? { method: 'supervisor.signalProcess', params: [name, signal ?? ''] }
    : { method: 'supervisor.clearProcessLogs', params: [name] };
}
