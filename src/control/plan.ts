import type { ProcessState } from '@fleetvisor/agent/protocol';
import type { Plan, PlannedTarget, Verb } from '../fleet/action.ts';
import type { HostView } from '../fleet/host.ts';
import type { ProcessView } from '../fleet/process.ts';
import { type Selector, selects } from '../fleet/selector.ts';
import { targetText } from '../fleet/target.ts';

export interface PlanRequest {
  readonly verb: Verb;
  readonly selector: Selector;
  /** Instead of what the selector names: exactly these `host/group:process`. */
  readonly only?: readonly string[] | undefined;
}

export interface FleetNow {
  readonly hosts: readonly HostView[];
  readonly processes: readonly ProcessView[];
}

/** Why a verb leaves a process in this state alone; null: it is touched. */
const LEFT_ALONE: Readonly<Record<Verb, Readonly<Partial<Record<ProcessState, string>>>>> = {
  start: {
    RUNNING: 'is RUNNING already',
    STARTING: 'is STARTING already',
    BACKOFF: 'is being started again already (BACKOFF)',
  },
  stop: {
    STOPPED: 'is STOPPED already',
    STOPPING: 'is STOPPING already',
    EXITED: 'has EXITED, there is nothing to stop',
    FATAL: 'is FATAL, there is nothing to stop',
  },
  restart: {},
};

/** Says what an action would touch and what not, from memory. Processes of unreachable hosts are among the targets. */
export function plan({ verb, selector, only }: PlanRequest, fleet: FleetNow): Plan {
  const hosts = new Map(fleet.hosts.map((host) => [host.id, host]));
  const wanted = only === undefined ? null : new Set(only);
  const targets: PlannedTarget[] = [];
  const leftAlone: (PlannedTarget & { reason: string })[] = [];
  for (const process of fleet.processes) {
    const host = hosts.get(process.hostId);
    if (host === undefined) continue;
    const target = targetOf(host, process);
    const named =
      wanted === null
        ? selects(selector, { host, group: process.group, process: process.name })
        : wanted.has(targetText(target));
    if (!named) continue;
    const reason = host.disabled ? 'its host is disabled' : LEFT_ALONE[verb][process.state];
    if (reason === undefined || host.reachability.kind === 'unreachable') targets.push(target);
    else leftAlone.push({ ...target, reason });
  }
  return {
    verb,
    selector: selector.text,
    targets: targets.sort(byName),
    leftAlone: leftAlone.sort(byName),
    hosts: [...new Set(targets.map((target) => target.host))].sort(),
  };
}

/** Those of `only` that no known process is called. */
export function unknownTargets(only: readonly string[], fleet: FleetNow): string[] {
  const hosts = new Map(fleet.hosts.map((host) => [host.id, host]));
  const known = new Set(
    fleet.processes.flatMap((process) => {
      const host = hosts.get(process.hostId);
      return host === undefined ? [] : targetText(targetOf(host, process));
    }),
  );
  return only.filter((name) => !known.has(name));
}

function targetOf(host: HostView, process: ProcessView): PlannedTarget {
  return {
    hostId: host.id,
    host: host.name,
    group: process.group,
    process: process.name,
    state: process.state,
  };
}

function byName(left: PlannedTarget, right: PlannedTarget): number {
  return (
    compare(left.host, right.host) || compare(left.group, right.group) || compare(left.process, right.process)
  );
}

const compare = (left: string, right: string): number => (left < right ? -1 : left > right ? 1 : 0);
