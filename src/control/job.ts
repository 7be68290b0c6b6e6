import type { Clock } from '../clock.ts';
import type { Outcome, Target, Verb } from '../fleet/action.ts';
import type { LinkFailure } from '../fleet/host.ts';
import { type ProcessView, processKey } from '../fleet/process.ts';
import { type Told, told } from '../fleet/said.ts';
import type { HostLink } from '../links/host-link.ts';
import type { Sent } from '../store/action-marks.ts';
import type { FleetState } from './fleet-state.ts';
import type { Turns } from './turns.ts';

/** How long a host may be silent after a call was sent before its target counts as unknown. */
export const AWAY_MS = 15_000;
/** How long an accepted call may show no effect on a host that answers. */
export const NO_SIGN_MS = 15_000;
/** A report that came sooner may have been on its way already when the call was accepted. */
export const STALE_MS = 3_000;
/** How long a host that is being connected to is waited for. */
const CONNECT_MS = 30_000;

export interface JobPorts {
  readonly fleet: FleetState;
  readonly clock: Clock;
  /** The calls of a host, a few at a time. */
  readonly turns: Turns;
  link(hostId: string): HostLink | null;
}

/** One target's part of an action. */
export interface Job {
  /** Unique and the same after a restart of the hub: an agent runs each call once. */
  readonly callId: string;
  readonly verb: Verb;
  readonly signal: string | null;
  readonly target: Target;
  /** How long a started process must stay RUNNING. */
  readonly settleMs: number;
  /** The latest call that a hub killed since then may have sent. */
  readonly past: Sent | null;
  isCancelled(): boolean;
  /** Why nothing may be begun, told with `cancelled`. */
  cancelledWhy(): Told | null;
  progress(outcome: Outcome): void;
  /** Resolves when it is on disk that this is about to be sent; nothing is sent before. */
  mark(sent: Sent): Promise<void>;
}

/** Whether the host of a target can be asked. */
export type Contact =
  | { readonly kind: 'there' }
  | { readonly kind: 'connecting' }
  | ({ readonly kind: 'away' } & Told);

/** A host counts as there once it has also told its processes. */
export function contact({ hostId, host }: Target, { fleet }: Pick<JobPorts, 'fleet'>): Contact {
  const view = fleet.host(hostId);
  if (view === null) return { kind: 'away', ...told('host.removed', { host }) };
  switch (view.reachability.kind) {
    case 'reachable':
      return { kind: view.facts === null ? 'connecting' : 'there' };
    case 'connecting':
      return { kind: 'connecting' };
    case 'disabled':
      return { kind: 'away', ...told('host.disabled', { host }) };
    case 'unreachable':
      return awayBy(view.reachability.failure);
    default:
      return view.reachability satisfies never;
  }
}

/** Waits while the host is being connected to; then null, or why it cannot be asked. */
export async function untilContact(target: Target, ports: JobPorts): Promise<Told | null> {
  const sinceMs = ports.clock.uptimeMs();
  const answer = await waitFor(target, ports, 1_000, (): Told | 'there' | null => {
    const now = contact(target, ports);
    if (now.kind !== 'connecting') return now.kind === 'there' ? 'there' : now;
    const late = ports.clock.uptimeMs() - sinceMs >= CONNECT_MS;
    return late ? told('host.notTold', { host: target.host }) : null;
  });
  return answer === 'there' ? null : answer;
}

/** Asks `look` now, whenever the host or the target is heard of, and every `everyMs`, until it answers. */
export function waitFor<T>(
  target: Target,
  { fleet, clock }: Pick<JobPorts, 'fleet' | 'clock'>,
  everyMs: number,
  look: () => T | null,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const key = keyOf(target);
    const anyOfHost = target.group === '';
    let cancelTimer = () => {};
    const ask = (): void => {
      cancelTimer();
      try {
        const answer = look();
        if (answer === null) cancelTimer = clock.after(everyMs, ask);
        else end(() => resolve(answer));
      } catch (error) {
        end(() => reject(error));
      }
    };
    const unsubscribe = fleet.touched.add(target.hostId, (touched) => {
      if (anyOfHost || touched === null || touched === key) ask();
    });
    const end = (settle: () => void): void => {
      unsubscribe();
      cancelTimer();
      settle();
    };
    ask();
  });
}

export function keyOf({ hostId, group, process }: Target): string {
  return processKey({ hostId, group, name: process });
}

function awayBy({ says, said }: LinkFailure): Contact {
  return said === undefined ? { kind: 'away', says } : { kind: 'away', says, said };
}

/** Why a host cannot be asked now: it is away, or not there yet. */
export function whyNot(now: Exclude<Contact, { kind: 'there' }>): Told {
  return now.kind === 'away' ? now : told('host.connecting');
}

export function working(process: ProcessView, why?: Told): Outcome {
  const outcome = { kind: 'working', state: process.state, sinceMs: process.sinceMs } as const;
  if (why === undefined) return outcome;
  const { says, said } = why;
  return said === undefined ? { ...outcome, says } : { ...outcome, says, said };
}

export function cancelled(job: Pick<Job, 'cancelledWhy'>): Outcome {
  return cancelledFor(job.cancelledWhy());
}

export function cancelledFor(why: Told | null): Outcome {
  if (why === null) return { kind: 'cancelled' };
  const { says, said } = why;
  return said === undefined ? { kind: 'cancelled', says } : { kind: 'cancelled', says, said };
}
