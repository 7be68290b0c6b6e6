import type { ProcessState } from '@fleetvisor/agent/protocol';
import { isHostVerb, type Plan, type PlannedTarget, type ProcessVerb, type Verb } from '../fleet/action.ts';
import { inBatches, inOrder } from '../fleet/batches.ts';
import type { HostView } from '../fleet/host.ts';
import type { Pace } from '../fleet/pace.ts';
import { type ProcessView, processKey } from '../fleet/process.ts';
import { type Told, told } from '../fleet/said.ts';
import { type Selector, selects, selectsHost, termOf } from '../fleet/selector.ts';
import type { SentenceKey } from '../fleet/sentences.ts';
import { targetText } from '../fleet/target.ts';
import { leftAlone } from './left-alone.ts';

export interface PlanRequest {
  readonly verb: Verb;
  readonly signal?: string | undefined;
  /** Of a verb over supervisors: a selector of hosts. */
  readonly selector: Selector;
  /** Instead of what the selector names: exactly these `host/group:process`, or hosts. */
  readonly only?: readonly string[] | undefined;
  readonly pace?: Pace | undefined;
}

export interface FleetNow {
  readonly hosts: readonly HostView[];
  readonly processes: readonly ProcessView[];
  /** Whether an action is on its way on a process: its state says little about what will be. */
  readonly isBusy?: (processKey: string) => boolean;
  /** For the order `random`; from 0 up to, not including, 1. */
  readonly random?: () => number;
}

const NOT_SIGNALLED = {
  STOPPED: 'left.nothingToSignal',
  EXITED: 'left.nothingToSignal',
  FATAL: 'left.nothingToSignal',
  BACKOFF: 'left.waitsToStart',
} as const;

/** Why a verb leaves a process in this state alone; nothing: it is touched. */
const LEFT_ALONE: Readonly<Record<ProcessVerb, Readonly<Partial<Record<ProcessState, SentenceKey>>>>> = {
  start: { RUNNING: 'left.already', STARTING: 'left.already', BACKOFF: 'left.startedAgain' },
  stop: {
    STOPPED: 'left.already',
    STOPPING: 'left.already',
    EXITED: 'left.nothingToStop',
    FATAL: 'left.nothingToStop',
  },
  restart: {},
  signal: NOT_SIGNALLED,
  clear: {},
};

function whyLeft(verb: ProcessVerb, state: ProcessState): Told | null {
  const key = LEFT_ALONE[verb][state];
  return key === undefined ? null : told(key, { state });
}

type Found = PlannedTarget & { readonly why: Told | null; readonly rank: number };

/**
 * Says what an action would touch and what not, from memory, in the order it would be done.
 * What is on unreachable hosts is among the targets: it gets an outcome.
 */
export function plan(request: PlanRequest, fleet: FleetNow): Plan {
  const { verb, signal, selector, pace } = request;
  const found = (isHostVerb(verb) ? foundHosts(request, fleet) : foundProcesses(request, verb, fleet)).sort(
    byName,
  );
  const touched = paced(
    found.filter((target) => target.why === null),
    pace,
    fleet.random ?? Math.random,
  );
  return {
    verb,
    ...(signal === undefined ? {} : { signal }),
    ...(pace === undefined ? {} : { pace }),
    selector: selector.text,
    targets: touched.map(planned),
    leftAlone: found.flatMap((target) =>
      target.why === null ? [] : [leftAlone(planned(target), target.why)],
    ),
    hosts: [...new Set(touched.map((target) => target.host))].sort(),
  };
}

function foundProcesses(
  { selector, only }: PlanRequest,
  verb: ProcessVerb,
  { hosts, processes, isBusy = () => false }: FleetNow,
): Found[] {
  const byId = new Map(hosts.map((host) => [host.id, host]));
  const wanted = placesOf(only);
  return processes.flatMap((process): Found[] => {
    const host = byId.get(process.hostId);
    if (host === undefined) return [];
    const target = targetOf(host, process);
    const candidate = { host, group: process.group, process: process.name };
    const place = wanted?.get(targetText(target));
    if (wanted === null ? !selects(selector, candidate) : place === undefined) return [];
    const settled = host.reachability.kind !== 'unreachable' && !isBusy(processKey(process));
    const why = host.disabled ? told('left.hostDisabled') : settled ? whyLeft(verb, process.state) : null;
    return [{ ...target, why, rank: place ?? termOf(selector, candidate) }];
  });
}

function foundHosts({ selector, only }: PlanRequest, { hosts }: FleetNow): Found[] {
  const wanted = placesOf(only);
  return hosts.flatMap((host): Found[] => {
    const place = wanted?.get(host.name);
    if (wanted === null ? !selectsHost(selector, host) : place === undefined) return [];
    const candidate = { host, group: '', process: '' };
    const why = host.disabled ? told('left.disabled') : null;
    return [{ ...hostTarget(host), why, rank: place ?? termOf(selector, candidate) }];
  });
}

/** Each name with its place. */
function placesOf(only: readonly string[] | undefined): ReadonlyMap<string, number> | null {
  return only === undefined ? null : new Map(only.map((name, at) => [name, at]));
}

function paced(targets: readonly Found[], pace: Pace | undefined, random: () => number): readonly Found[] {
  if (pace?.mode !== 'rolling') return targets;
  const ordered = inOrder(targets, { order: pace.order, rank: ({ rank }) => rank, random });
  return inBatches(ordered, pace.batch);
}

function planned({ rank: _rank, why: _why, ...target }: Found): PlannedTarget {
  return target;
}

/** Those of `only` that no known process, or no known host, is called. */
export function unknownTargets(
  verb: Verb,
  only: readonly string[],
  { hosts, processes }: FleetNow,
): string[] {
  const byId = new Map(hosts.map((host) => [host.id, host]));
  const known = isHostVerb(verb)
    ? new Set(hosts.map(({ name }) => name))
    : new Set(
        processes.flatMap((process) => {
          const host = byId.get(process.hostId);
          return host === undefined ? [] : targetText(targetOf(host, process));
        }),
      );
  return only.filter((name) => !known.has(name));
}

function hostTarget(host: HostView): PlannedTarget {
  const state = host.reachability.kind === 'reachable' ? 'RUNNING' : 'UNKNOWN';
  return { hostId: host.id, host: host.name, group: '', process: '', state };
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
