import { type EventTypeName, eventTypeCovers, isKnownEventType } from '../protocol/event-types.ts';
import type { SupervisorEvent } from './event.ts';

/** The concrete type of an event, as in its header. Contract: EVT-001 to EVT-008. */
export function eventType(event: SupervisorEvent): EventTypeName {
  switch (event.kind) {
    case 'process-state':
      return `PROCESS_STATE_${event.to}`;
    case 'process-log':
      return event.channel === 'stdout' ? 'PROCESS_LOG_STDOUT' : 'PROCESS_LOG_STDERR';
    case 'process-communication':
      return event.channel === 'stdout' ? 'PROCESS_COMMUNICATION_STDOUT' : 'PROCESS_COMMUNICATION_STDERR';
    case 'remote-communication':
      return 'REMOTE_COMMUNICATION';
    case 'tick':
      return `TICK_${event.period}`;
    case 'daemon-state':
      return `SUPERVISOR_STATE_CHANGE_${event.to}`;
    case 'group-added':
      return 'PROCESS_GROUP_ADDED';
    case 'group-removed':
      return 'PROCESS_GROUP_REMOVED';
    default:
      return event satisfies never;
  }
}

/** Whether `events=` with these names delivers `concrete`; naming a type and its parent delivers it once. */
export function subscribes(names: readonly string[], concrete: EventTypeName): boolean {
  return names.some((name) => isKnownEventType(name) && eventTypeCovers(name, concrete));
}
