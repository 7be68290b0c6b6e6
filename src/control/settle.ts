import type { Outcome } from '../fleet/action.ts';
import { endedAs } from '../fleet/outcome.ts';
import { asValue, told } from '../fleet/said.ts';
import { AWAY_MS, contact, type Job, type JobPorts, keyOf, waitFor, whyNot, working } from './job.ts';

/** Waits until a process that was started has stayed RUNNING for `settleMs`; null when it has. */
export async function settle(job: Job, ports: JobPorts): Promise<Outcome | null> {
  const { fleet, clock } = ports;
  const first = fleet.process(keyOf(job.target));
  if (job.settleMs === 0 || first?.state !== 'RUNNING') return null;
  const sinceMs = clock.uptimeMs();
  const says = told('process.settles', { settleMs: job.settleMs });
  let awaySinceMs: number | null = null;
  const everyMs = Math.min(1_000, job.settleMs);
  const settled = await waitFor(job.target, ports, everyMs, (): Outcome | 'settled' | null => {
    const nowMs = clock.uptimeMs();
    const now = contact(job.target, ports);
    if (now.kind !== 'there') {
      awaySinceMs ??= nowMs;
      return nowMs - awaySinceMs < AWAY_MS
        ? null
        : endedAs('unknown', told('process.settledAway', { why: asValue(whyNot(now)) }));
    }
    awaySinceMs = null;
    const process = fleet.process(keyOf(job.target));
    if (process?.state !== 'RUNNING' || process.pid !== first.pid)
      return endedAs(
        'failed',
        process === null
          ? told('process.removedMeanwhile')
          : told('process.didNotStay', { state: process.state }),
      );
    if (nowMs - sinceMs >= job.settleMs) return 'settled';
    job.progress(working(process, says));
    return null;
  });
  return settled === 'settled' ? null : settled;
}
