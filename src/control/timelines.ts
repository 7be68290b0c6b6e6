import type { FleetEvent } from '../fleet/event.ts';
import type { HostView } from '../fleet/host.ts';
import { type ProcessView, processKey } from '../fleet/process.ts';
import { asSeenFrom, type StateMark, type Timeline, timelineOf } from '../fleet/timeline.ts';
import type { FleetEvents } from '../store/fleet-events.ts';
import type { FleetState } from './fleet-state.ts';

type Events = Pick<FleetEvents, 'around'>;
export interface TimelinePorts {
  readonly events: Events;
  readonly fleet: Pick<FleetState, 'firstSeen'>;
}

interface Range {
  readonly fromMs: number;
  readonly toMs: number;
}

/** What a process was over a while, from the events kept, what it was when first seen, and what it is now. */
export function processTimeline(
  process: ProcessView,
  host: HostView,
  { fromMs, toMs }: Range,
  { events, fleet }: TimelinePorts,
): Timeline {
  const { hostId, group, name, state, sinceMs } = process;
  const kept = events.around({ hostId, group, process: name }, fromMs, toMs).map(toMark);
  const first = fleet.firstSeen(processKey(process)) ?? { atMs: sinceMs, state };
  const marks = [...kept, first].sort((a, b) => a.atMs - b.atMs);
  const own = timelineOf(withNow(marks, { atMs: sinceMs, state }), fromMs, toMs);
  return asSeenFrom(own, hostTimeline(host, { fromMs, toMs }, events));
}

/** Whether a host was reachable over a while. */
export function hostTimeline(host: HostView, { fromMs, toMs }: Range, events: Events): Timeline {
  const kept = events.around({ hostId: host.id, group: '', process: '' }, fromMs, toMs).map(toMark);
  const { kind, sinceMs } = host.reachability;
  return timelineOf(withNow(kept, { atMs: sinceMs, state: kind }), fromMs, toMs);
}

const toMark = ({ atMs, state }: FleetEvent): StateMark => ({ atMs, state });

/** What it is now was perhaps never an event: it was so when the hub first saw it. */
function withNow(marks: readonly StateMark[], now: StateMark): readonly StateMark[] {
  const last = marks.at(-1);
  if (last?.state === now.state) return marks;
  return [...marks, { ...now, atMs: Math.max(now.atMs, last?.atMs ?? 0) }];
}
