import type { Outcome } from '../fleet/action.ts';
import { AWAY_MS, contact, type Job, type JobPorts, keyOf, waitFor, working } from './job.ts';

/** Waits until a process that was started has stayed RUNNING for `settleMs`; null when it has. */
export async function settle(job: Job, ports: JobPorts): Promise<Outcome | null> {
  const { fleet, clock } = ports;
  const first = fleet.process(keyOf(job.target));
  if (job.settleMs === 0 || first?.state !== 'RUNNING') return null;
  const sinceMs = clock.uptimeMs();
  const says = `settles for ${job.settleMs / 1_000} s`;
  let awaySinceMs: number | null = null;
  const everyMs = Math.min(1_000, job.settleMs);
  const settled = await waitFor(job.target, ports, everyMs, (): Outcome | 'settled' | null => {
    const nowMs = clock.uptimeMs();
    const now = contact(job.target, ports);
    if (now.kind !== 'there') {
      awaySinceMs ??= nowMs;
      const why = now.kind === 'away' ? now.says : 'is being connected to';
      return nowMs - awaySinceMs < AWAY_MS
        ? null
        : { kind: 'unknown', reason: `it was RUNNING, and while it settled: ${why}` };
    }
    awaySinceMs = null;
    const process = fleet.process(keyOf(job.target));
    if (process?.state !== 'RUNNING' || process.pid !== first.pid)
      return { kind: 'failed', reason: `did not stay RUNNING: ${process?.state ?? 'was removed'}` };
    if (nowMs - sinceMs >= job.settleMs) return 'settled';
    job.progress(working(process, says));
    return null;
  });
  return settled === 'settled' ? null : settled;
}
