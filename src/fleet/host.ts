import type { DaemonState } from '@fleetvisor/agent/protocol';
import type { UsageGlance } from './metrics.ts';
import type { Said } from './said.ts';

/** One machine the hub knows. What an operator wrote about it; nothing live. */
export interface Host {
  readonly id: string;
  /** Unique; letters, digits, `.`, `_` and `-`. */
  readonly name: string;
  readonly kind: 'agent' | 'supervisord';
  /** The supervisord's address without credentials; null for an agent, which dials in. */
  readonly url: string | null;
  readonly environment: string | null;
  readonly tags: readonly string[];
  readonly disabled: boolean;
  readonly createdAtMs: number;
  /** Free text of the operators; left out when there is none. */
  readonly notes?: string;
  /** Somebody works on it; left out when nobody does. */
  readonly maintenance?: Maintenance;
  /** Whose certificate an `https` host is believed by; left out: any authority the system knows. */
  readonly trust?: HostTrust;
}

/** Work on a host, announced: what fails there meanwhile is no surprise. */
export interface Maintenance {
  /** Hub wall time at which it ends by itself; null: somebody ends it. */
  readonly untilMs: number | null;
  readonly note: string;
  readonly by: string;
}

/**
 * `authority`: certificates signed by one of our own, whose first certificate has this SHA-256.
 * `pinned`: exactly the certificate with this SHA-256, whoever signed it. Lower-case hex, 64 digits.
 */
export interface HostTrust {
  readonly kind: 'authority' | 'pinned';
  readonly sha256: string;
}

/** Whether the hub can talk to a host right now, since when, and if not, why not. */
export type Reachability =
  | { readonly kind: 'connecting'; readonly sinceMs: number }
  | { readonly kind: 'reachable'; readonly sinceMs: number }
  | { readonly kind: 'unreachable'; readonly sinceMs: number; readonly failure: LinkFailure }
  | { readonly kind: 'disabled'; readonly sinceMs: number };

export type LinkFailureKind =
  | 'refused'
  | 'timeout'
  | 'dns'
  | 'tls'
  | 'no-socket'
  | 'permission'
  | 'unauthorized'
  | 'wrong-path'
  | 'not-a-supervisor'
  | 'too-large'
  | 'closed'
  /** An agent that has not dialled in (yet, or any more). */
  | 'not-connected'
  | 'revoked'
  | 'shutting-down'
  | 'other';

/** Why a host does not answer, in words: the cause, and what to do about it. */
export interface LinkFailure {
  readonly kind: LinkFailureKind;
  /** `accepts connections, answers nothing within 5 s` */
  readonly says: string;
  /** `See whether supervisord on web-02 hangs: run "supervisorctl status" there.` */
  readonly mend: string;
  /** Both by what they say. */
  readonly said?: Said;
  readonly mendSaid?: Said;
}

/** What the supervisor on a host said of itself when it last answered. */
export interface HostFacts {
  readonly identifier: string;
  /** `4.2.5`, or the agent's own version. */
  readonly version: string;
  readonly daemonState: DaemonState;
  readonly pid: number | null;
  /** The host's wall clock minus the hub's. */
  readonly clockSkewMs: number;
  /** What the machine or the container has; left out where nobody tells. */
  readonly machine?: { readonly memoryBytes: number; readonly cpus: number };
}

/** A host with everything live about it. */
export interface HostView extends Host {
  readonly reachability: Reachability;
  /** Null until it answered once. */
  readonly facts: HostFacts | null;
  /** Hub wall time of the last good answer or event; null: never. */
  readonly lastSeenMs: number | null;
  readonly processCount: number;
  /** What all its processes used in the last hour, told anew every minute; left out where nobody measures. */
  readonly usage?: UsageGlance;
}
