import type { HostView } from '../fleet/host.ts';
import { spanText, stampText } from './durations.ts';
import { oneLine } from './terminal-text.ts';

/** A host's line in words: whether it answers, since when, and if not why and what to do. */
export function describeHost(host: HostView, nowMs: number): string {
  return `${describeReach(host, nowMs)}${describeWork(host)}`;
}

function describeWork({ maintenance }: HostView): string {
  if (maintenance === undefined) return '';
  const until = maintenance.untilMs === null ? '' : ` until ${stampText(maintenance.untilMs)}`;
  const note = maintenance.note === '' ? '' : `: ${oneLine(maintenance.note)}`;
  return ` [maintenance${until}${note}]`;
}

/** Less is the way there and back, and what clocks drift. */
const SKEW_WORTH_SAYING_MS = 60_000;

function describeClock({ facts }: HostView): string {
  const skewMs = facts?.clockSkewMs ?? 0;
  if (Math.abs(skewMs) < SKEW_WORTH_SAYING_MS) return '';
  return `, its clock is ${spanText(Math.abs(skewMs))} ${skewMs > 0 ? 'ahead' : 'behind'}`;
}

function describeReach(host: HostView, nowMs: number): string {
  const { reachability } = host;
  switch (reachability.kind) {
    case 'reachable':
      return `reachable for ${spanText(nowMs - reachability.sinceMs)}${describeClock(host)}`;
    case 'connecting':
      return 'connecting';
    case 'disabled':
      return 'disabled';
    case 'unreachable': {
      const { failure, sinceMs } = reachability;
      const when = `${stampText(sinceMs)}, ${spanText(nowMs - sinceMs)} ago`;
      return `unreachable since ${when} (${oneLine(failure.says)}). ${oneLine(failure.mend)}`.trimEnd();
    }
    default:
      return reachability satisfies never;
  }
}
