import { mayEverywhere, mayI, type Person, type Right } from '../accounts/rights.ts';
import type { Place } from '../accounts/scope.ts';
import type { Action, Target } from '../fleet/action.ts';
import type { Happening } from '../fleet/happening.ts';
import type { HostView } from '../fleet/host.ts';
import type { ProcessView } from '../fleet/process.ts';
import type { FleetState } from './fleet-state.ts';

/** Hosts and processes, whole or as far as somebody may see them. */
export interface FleetPart {
  readonly hosts: readonly HostView[];
  readonly processes: readonly ProcessView[];
}

type Hosts = Pick<FleetState, 'host'>;

export function placeOf(host: Place['host'], { group, name }: Pick<ProcessView, 'group' | 'name'>): Place {
  return { host, group, process: name };
}

/**
 * The fleet as this person may see it: the processes within their grants, and the hosts those are on, each
 * counting only what they see. What they may not see might as well not exist.
 */
export function seenFleet(person: Person, { hosts, processes }: FleetPart): FleetPart {
  if (mayEverywhere(person, 'see-fleet')) return { hosts, processes };
  const byId = new Map(hosts.map((host) => [host.id, host]));
  const seen = processes.filter((process) => {
    const host = byId.get(process.hostId);
    return host !== undefined && mayI(person, 'see-fleet', placeOf(host, process));
  });
  const counts = new Map<string, number>();
  for (const { hostId } of seen) counts.set(hostId, (counts.get(hostId) ?? 0) + 1);
  return {
    hosts: hosts.flatMap((host) => asSeen(person, host, counts.get(host.id) ?? 0) ?? []),
    processes: seen,
  };
}

/** A host as seen with so many visible processes; null: not at all. */
export function asSeen(person: Person, host: HostView, processCount: number): HostView | null {
  if (processCount === 0 && !mayI(person, 'see-fleet', { host })) return null;
  return host.processCount === processCount ? host : { ...host, processCount };
}

/** Whether somebody has a right on a target as an action names it. */
export function mayOnTarget(person: Person, right: Right, target: Target, fleet: Hosts): boolean {
  if (mayEverywhere(person, right)) return true;
  const { hostId, group, process } = target;
  const host = fleet.host(hostId) ?? { name: target.host, environment: null, tags: [] };
  return mayI(person, right, group === '' ? { host } : { host, group, process });
}

/** An action with the targets this person may see; null when that is none of them. */
export function seenAction(person: Person, action: Action, fleet: Hosts): Action | null {
  if (mayEverywhere(person, 'see-fleet')) return action;
  const targets = action.targets.filter((target) => mayOnTarget(person, 'see-fleet', target, fleet));
  if (targets.length === action.targets.length && targets.length > 0) return action;
  return targets.length > 0 || action.by === person.name ? { ...action, targets } : null;
}

/** Whether a line of "Changed lately" is about something this person may see: its link says what. */
export function seesHappening(
  person: Person,
  { link }: Pick<Happening, 'link'>,
  fleet: Pick<FleetState, 'hosts'>,
  action: (id: string) => Action | null,
): boolean {
  if (mayEverywhere(person, 'see-fleet')) return true;
  const [, page, first = '', second] = link.split('/').map(decodeURIComponent);
  if (page === 'actions') return action(first) !== null;
  const host = fleet.hosts().find(({ name }) => name === first);
  if (host === undefined) return false;
  if (page !== 'processes' || second === undefined) return mayI(person, 'see-fleet', { host });
  const colon = second.indexOf(':');
  const place = { host, group: second.slice(0, colon), process: second.slice(colon + 1) };
  return mayI(person, 'see-fleet', place);
}
