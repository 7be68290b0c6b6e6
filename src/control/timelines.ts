import type { FleetEvent } from '../fleet/event.ts';
import type { HostView } from '../fleet/host.ts';
import { type ProcessView, processKey } from '../fleet/process.ts';
import { asSeenFrom, type StateMark, type Timeline, timelineOf, unseenDuring } from '../fleet/timeline.ts';
import type { FleetEvents } from '../store/fleet-events.ts';
import type { FleetState } from './fleet-state.ts';
import type { HubAbsences, While } from './hub-absences.ts';

export interface TimelinePorts {
  readonly events: Pick<FleetEvents, 'around'>;
  readonly fleet: Pick<FleetState, 'firstSeen'>;
  readonly absences: Pick<HubAbsences, 'within'>;
}

/** What a process was over a while, from the events kept, what it was when first seen, and what it is now. */
export function processTimeline(
  process: ProcessView,
  host: HostView,
  { fromMs, toMs }: While,
  ports: TimelinePorts,
): Timeline {
  const { events, fleet, absences } = ports;
  const { hostId, group, name, state, sinceMs } = process;
  const kept = events.around({ hostId, group, process: name }, fromMs, toMs).map(toMark);
  const first = fleet.firstSeen(processKey(process)) ?? { atMs: sinceMs, state };
  const marks = [...kept, first].sort((a, b) => a.atMs - b.atMs);
  const own = timelineOf(withNow(marks, { atMs: sinceMs, state }), fromMs, toMs);
  const seen = unseenDuring(own, absences.within({ fromMs, toMs }));
  return asSeenFrom(seen, hostTimeline(host, { fromMs, toMs }, ports));
}

/** Whether a host was reachable over a while. */
export function hostTimeline(
  host: HostView,
  { fromMs, toMs }: While,
  { events, absences }: Omit<TimelinePorts, 'fleet'>,
): Timeline {
  const kept = events.around({ hostId: host.id, group: '', process: '' }, fromMs, toMs).map(toMark);
  const { kind, sinceMs } = host.reachability;
  const told = timelineOf(withNow(kept, { atMs: sinceMs, state: kind }), fromMs, toMs);
  return unseenDuring(told, absences.within({ fromMs, toMs }));
}

const toMark = ({ atMs, state }: FleetEvent): StateMark => ({ atMs, state });

/** What it is now was perhaps never an event: it was so when the hub first saw it. */
function withNow(marks: readonly StateMark[], now: StateMark): readonly StateMark[] {
  const last = marks.at(-1);
  if (last?.state === now.state) return marks;
  return [...marks, { ...now, atMs: Math.max(now.atMs, last?.atMs ?? 0) }];
}
