import type { EventBus } from '../events/event.ts';
import { formatNamespec } from '../protocol/namespec.ts';

/** How often each process was started and how often it ended by itself, since the daemon started. */
export interface ProcessCounters {
  starts(group: string, name: string): number;
  exits(group: string, name: string): number;
}

/** Counts from the events; a group that is removed is forgotten. */
export function countProcesses(events: EventBus): ProcessCounters {
  const starts = new Map<string, number>();
  const exits = new Map<string, number>();
  events.subscribe((event) => {
    if (event.kind === 'process-state') {
      const counts =
        event.to === 'STARTING' ? starts : event.to === 'EXITED' || event.to === 'BACKOFF' ? exits : null;
      const key = formatNamespec(event.process.group, event.process.name);
      counts?.set(key, (counts.get(key) ?? 0) + 1);
    } else if (event.kind === 'group-removed') {
      for (const counts of [starts, exits]) forgetGroup(counts, event.group);
    }
  });
  return {
    starts: (group, name) => starts.get(formatNamespec(group, name)) ?? 0,
    exits: (group, name) => exits.get(formatNamespec(group, name)) ?? 0,
  };
}

function forgetGroup(counts: Map<string, number>, group: string): void {
  for (const key of counts.keys()) {
    if (key === group || key.startsWith(`${group}:`)) counts.delete(key);
  }
}
