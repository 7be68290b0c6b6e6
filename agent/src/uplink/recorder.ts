import type { ProcessStateEvent, SupervisorEvent } from '../events/event.ts';
import type { Clock } from '../os/clock.ts';
import type { Machine } from '../os/machine.ts';
import type { ProcessGroup, Supervisor } from '../process/supervisor.ts';
import { type Snapshot, UPLINK_LIMITS, type UplinkEvent } from '../protocol/uplink.ts';
import { crashLines } from './crash-lines.ts';
import { uplinkProcess, uplinkProcessAt } from './uplink-process.ts';

/** What an event of the supervisor means for a hub: nothing, one event, or several. */
export function uplinkEvents(event: SupervisorEvent, supervisor: Supervisor, clock: Clock): UplinkEvent[] {
  switch (event.kind) {
    case 'process-state':
      return processChanged(event, supervisor, clock);
    case 'group-added':
      return groupAdded(supervisor.group(event.group), clock);
    case 'group-removed':
      return [{ kind: 'group-removed', group: event.group }];
    case 'daemon-state':
      return [{ kind: 'daemon', state: supervisor.daemonState() }];
    default:
      return [];
  }
}

function processChanged(event: ProcessStateEvent, supervisor: Supervisor, clock: Clock): UplinkEvent[] {
  const process = supervisor.group(event.process.group)?.process(event.process.name);
  if (process === undefined) return [];
  const lastLines = crashLines(event, process);
  const news = {
    kind: 'process',
    process: uplinkProcessAt(event, process, clock),
    from: event.from,
  } as const;
  return [lastLines === null ? news : { ...news, lastLines }];
}

function groupAdded(group: ProcessGroup | undefined, clock: Clock): UplinkEvent[] {
  return (group?.processes ?? []).map((process) => ({
    kind: 'process',
    process: uplinkProcess(process, clock),
    from: null,
  }));
}

/** About the daemon itself, as every snapshot tells it. */
export interface SnapshotHead {
  readonly epoch: string;
  readonly version: string;
  readonly pid: number;
  readonly machine: Machine;
}

/** Everything as it is now, in messages of a bounded size. */
export function snapshotParts(
  supervisor: Supervisor,
  clock: Clock,
  seq: number,
  head: SnapshotHead,
): Snapshot[] {
  const processes = supervisor
    .groups()
    .flatMap((group) => group.processes.map((one) => uplinkProcess(one, clock)));
  const common = {
    epoch: head.epoch,
    seq,
    wallMs: clock.wallMs(),
    identifier: supervisor.config().daemon.identifier,
    supervisorVersion: head.version,
    daemonState: supervisor.daemonState(),
    pid: head.pid,
    machine: head.machine,
  };
  const size = UPLINK_LIMITS.processesPerSnapshot;
  const count = Math.max(1, Math.ceil(processes.length / size));
  return Array.from({ length: count }, (_, part) => ({
    ...common,
    processes: processes.slice(part * size, (part + 1) * size),
    more: part < count - 1,
  }));
}
