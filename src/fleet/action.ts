import type { ProcessState } from '@fleetvisor/agent/protocol';

export const VERBS = ['start', 'stop', 'restart'] as const;
export type Verb = (typeof VERBS)[number];

export function isVerb(text: string): text is Verb {
  return VERBS.some((verb) => verb === text);
}

/** A process on a host, by the names people use. `host` is the host's name. */
export interface Target {
  readonly hostId: string;
  readonly host: string;
  readonly group: string;
  readonly process: string;
}

/** What an action would touch, before it does. Nothing is sent to make a plan. */
export interface Plan {
  readonly verb: Verb;
  readonly selector: string;
  readonly targets: readonly PlannedTarget[];
  /** Matched, but not touched, each with the reason. */
  readonly leftAlone: readonly (PlannedTarget & { readonly reason: string })[];
  /** Names of the hosts of `targets`, sorted. */
  readonly hosts: readonly string[];
}

export interface PlannedTarget extends Target {
  readonly state: ProcessState;
}

/** One target's way through an action. `waiting` and `working` are on the way; all others are final. */
export type Outcome =
  | { readonly kind: 'waiting' }
  | { readonly kind: 'working'; readonly state: ProcessState; readonly sinceMs: number }
  | { readonly kind: 'done'; readonly state: ProcessState; readonly tookMs: number }
  | { readonly kind: 'refused'; readonly reason: string }
  | { readonly kind: 'failed'; readonly reason: string }
  | { readonly kind: 'unreachable'; readonly reason: string }
  /** It was sent, and nobody can say what became of it. */
  | { readonly kind: 'unknown'; readonly reason: string }
  | { readonly kind: 'cancelled' };

export interface ActionTarget extends Target {
  readonly outcome: Outcome;
}

/** A fleet action: one verb over a selector, kept as a row, one outcome per target. */
export interface Action {
  readonly id: string;
  readonly verb: Verb;
  readonly selector: string;
  readonly by: string;
  readonly startedAtMs: number;
  /** Null while it runs. */
  readonly finishedAtMs: number | null;
  readonly cancelledBy: string | null;
  readonly targets: readonly ActionTarget[];
}

/** Counts by kind of outcome, for bars and one-line summaries. */
export type OutcomeCounts = Readonly<Record<Outcome['kind'], number>>;
