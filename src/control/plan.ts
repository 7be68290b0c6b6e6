import type { ProcessState } from '@fleetvisor/agent/protocol';
import type { Place } from '../accounts/scope.ts';
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

/** A host and its processes, as far as whoever asks sees them. */
export interface HostNow {
  readonly host: HostView;
  readonly processes: readonly ProcessView[];
}

export interface FleetNow {
  /** By name. */
  readonly hosts: Iterable<HostNow>;
  /** Whether an action is on its way on a process: its state says little about what will be. */
  readonly isBusy?: (processKey: string) => boolean;
  /** Whether whoever asks may do this there; left out, everywhere. */
  readonly may?: (place: Place) => boolean;
  /** For the order `random`; from 0 up to, not including, 1. */
  readonly random?: () => number;
}

/** A plan, and what of `only` is not called so by any known process, or host. */
export interface Planned {
  readonly plan: Plan;
  readonly unknown: readonly string[];
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
 * Says what an action would touch and what not, from memory, in the order it would be done; parts after each host.
 * What is on unreachable hosts is among the targets: it gets an outcome.
 */
export function* planning(request: PlanRequest, fleet: FleetNow): Generator<void, Planned> {
  const { verb, signal, selector, pace, only } = request;
  const wanted = placesOf(only);
  const found: Found[] = [];
  for (const now of fleet.hosts) {
    const here = isHostVerb(verb)
      ? foundHost(now, verb, selector, wanted, fleet)
      : foundProcesses(now, verb, selector, wanted, fleet);
    for (const target of here) found.push(target);
    yield;
  }
  const touched = paced(
    found.filter((target) => target.why === null),
    pace,
    fleet.random ?? Math.random,
  );
  yield;
  const plan = {
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
  if (only === undefined) return { plan, unknown: [] };
  yield;
  const known = new Set(found.map(targetText));
  return { plan, unknown: only.filter((name) => !known.has(name)) };
}

type Places = ReadonlyMap<string, number> | null;

function foundProcesses(
  { host, processes }: HostNow,
  verb: ProcessVerb,
  selector: Selector,
  wanted: Places,
  { isBusy = () => false, may = () => true }: FleetNow,
): Found[] {
  const isAway = host.reachability.kind === 'unreachable';
  const found = processes.flatMap((process): Found[] => {
    const target = targetOf(host, process);
    const candidate = { host, group: process.group, process: process.name };
    const place = wanted?.get(targetText(target));
    if (wanted === null ? !selects(selector, candidate) : place === undefined) return [];
    const settled = !isAway && !isBusy(processKey(process));
    const left = host.disabled ? told('left.hostDisabled') : settled ? whyLeft(verb, process.state) : null;
    const why = left ?? (may(candidate) ? null : told('left.notAllowed', { verb }));
    return [{ ...target, why, rank: place ?? termOf(selector, candidate) }];
  });
  return found.sort(byName);
}

function foundHost(
  { host }: HostNow,
  verb: Verb,
  selector: Selector,
  wanted: Places,
  { may = () => true }: FleetNow,
): Found[] {
  const place = wanted?.get(host.name);
  if (wanted === null ? !selectsHost(selector, host) : place === undefined) return [];
  const candidate = { host, group: '', process: '' };
  const left = host.disabled ? told('left.disabled') : null;
  const why = left ?? (may({ host }) ? null : told('left.notAllowed', { verb }));
  return [{ ...hostTarget(host), why, rank: place ?? termOf(selector, candidate) }];
}

/** Each name with its place. */
function placesOf(only: readonly string[] | undefined): Places {
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
  return compare(left.group, right.group) || compare(left.process, right.process);
}

const compare = (left: string, right: string): number => (left < right ? -1 : left > right ? 1 : 0);
