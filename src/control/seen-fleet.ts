import { mayEverywhere, mayI, type Person, type Right } from '../accounts/rights.ts';
import type { Place } from '../accounts/scope.ts';
import type { Action, ActionTarget, Target } from '../fleet/action.ts';
import type { Happening } from '../fleet/happening.ts';
import type { HostView } from '../fleet/host.ts';
import { type ProcessName, type ProcessView, processKey } from '../fleet/process.ts';
import type { FleetState } from './fleet-state.ts';
import type { HostNow } from './plan.ts';

/** Hosts and processes, whole or as far as somebody may see them. */
export interface FleetPart {
  readonly hosts: readonly HostView[];
  readonly processes: readonly ProcessView[];
}

type Hosts = Pick<FleetState, 'host'>;
/** What of the fleet is looked at to show it to somebody. */
export type ShownFleet = Pick<FleetState, 'host' | 'hosts' | 'names' | 'process'>;

export function placeOf(host: Place['host'], { group, name }: Pick<ProcessView, 'group' | 'name'>): Place {
  return { host, group, process: name };
}

/**
 * The fleet as this person may see it: the processes within their grants, and the hosts those are on, each
 * counting only what they see. What they may not see might as well not exist.
 */
export function seenFleet(person: Person, fleet: ShownFleet): FleetPart {
  return { hosts: seenHosts(person, fleet), processes: [...seenProcesses(person, fleet)] };
}

/** The same host by host, by name, each put together when it is asked for. */
export function* seenByHost(
  person: Person,
  fleet: Pick<FleetState, 'hosts' | 'processesOf'>,
): Generator<HostNow> {
  const seesAll = mayEverywhere(person, 'see-fleet');
  for (const host of fleet.hosts()) {
    const all = fleet.processesOf(host.id);
    const processes = seesAll
      ? all
      : all.filter((process) => mayI(person, 'see-fleet', placeOf(host, process)));
    const seen = seesAll ? host : asSeen(person, host, processes.length);
    if (seen !== null) yield { host: seen, processes };
  }
}

/** The hosts of it alone: no process is looked at closer than by its name. */
export function seenHosts(person: Person, fleet: ShownFleet): HostView[] {
  if (mayEverywhere(person, 'see-fleet')) return fleet.hosts();
  const counts = new Map<string, number>();
  for (const { hostId } of seenNames(person, fleet)) counts.set(hostId, (counts.get(hostId) ?? 0) + 1);
  return fleet.hosts().flatMap((host) => asSeen(person, host, counts.get(host.id) ?? 0) ?? []);
}

/** The processes of it, each put together when it is asked for: a reader may take its time. */
export function* seenProcesses(person: Person, fleet: ShownFleet): Generator<ProcessView> {
  yield* processesNamed(seenNames(person, fleet), fleet);
}

/** The names of the processes somebody may see. */
export function* seenNames(person: Person, fleet: ShownFleet): Generator<ProcessName> {
  const seesAll = mayEverywhere(person, 'see-fleet');
  let host: HostView | null = null;
  for (const name of fleet.names()) {
    if (!seesAll && host?.id !== name.hostId) host = fleet.host(name.hostId);
    if (seesAll || (host !== null && mayI(person, 'see-fleet', placeOf(host, name)))) yield name;
  }
}

/** The processes of these names as they are when they are asked for; what is gone by then is left out. */
export function* processesNamed(
  names: Iterable<ProcessName>,
  fleet: Pick<FleetState, 'process'>,
): Generator<ProcessView> {
  for (const name of names) {
    const process = fleet.process(processKey(name));
    if (process !== null) yield process;
  }
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

/** The targets of an action this person may see, as they are read. */
export function* seenTargets(
  person: Person,
  targets: Iterable<ActionTarget>,
  fleet: Hosts,
): Generator<ActionTarget> {
  for (const target of targets) if (mayOnTarget(person, 'see-fleet', target, fleet)) yield target;
}

/** Whether this person sees an action: it is theirs, or they see one of its targets. */
export function seesAction(
  person: Person,
  { by }: Pick<Action, 'by'>,
  targets: () => Iterable<ActionTarget>,
  fleet: Hosts,
): boolean {
  if (mayEverywhere(person, 'see-fleet') || by === person.name) return true;
  return seenTargets(person, targets(), fleet).next().done !== true;
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
