import type { ProcessState } from '@fleetvisor/agent/protocol';
import type { Pace } from './pace.ts';
import type { Said } from './said.ts';

/** Verbs over processes. */
export const PROCESS_VERBS = ['start', 'stop', 'restart', 'signal', 'clear'] as const;
/** Verbs over whole supervisors: each target is a host. */
export const HOST_VERBS = ['update', 'reread', 'reload', 'shutdown'] as const;
export const VERBS = [...PROCESS_VERBS, ...HOST_VERBS] as const;
export type ProcessVerb = (typeof PROCESS_VERBS)[number];
export type HostVerb = (typeof HOST_VERBS)[number];
export type Verb = (typeof VERBS)[number];

export function isVerb(text: string): text is Verb {
  return VERBS.some((verb) => verb === text);
}

export function isHostVerb(verb: Verb): verb is HostVerb {
  return HOST_VERBS.some((one) => one === verb);
}

/**
 * A process on a host, by the names people use. `host` is the host's name.
 * Of a verb over supervisors the target is the host itself: `group` and `process` are empty.
 */
export interface Target {
  readonly hostId: string;
  readonly host: string;
  readonly group: string;
  readonly process: string;
}

/** What is asked for, by hand or by a schedule, in words; of a protected environment its typed word goes beside it. */
export interface AskedAction {
  readonly verb: Verb;
  readonly selector: string;
  readonly only?: readonly string[] | undefined;
  readonly signal?: string | undefined;
  readonly pace?: Pace | undefined;
}

/** What an action would touch, before it does. Only to plan an `update` hosts are asked: what has changed there. */
export interface Plan {
  readonly verb: Verb;
  /** Of `signal`: its name without SIG. */
  readonly signal?: string;
  readonly pace?: Pace;
  readonly selector: string;
  /** In the order they are begun. */
  readonly targets: readonly PlannedTarget[];
  /** Matched, but not touched, each with the reason. */
  readonly leftAlone: readonly (PlannedTarget & { readonly reason: string; readonly said?: Said })[];
  /** Names of the hosts of `targets`, sorted. */
  readonly hosts: readonly string[];
  /** It touches protected environments: what has to be typed, and sent, as `confirm`. */
  readonly confirm?: string;
  /** Environments of it in which nothing is done before a second person approves. */
  readonly secondPerson?: readonly string[];
}

export interface PlannedTarget extends Target {
  /** Of a supervisor: RUNNING, or UNKNOWN while it cannot be reached. */
  readonly state: ProcessState;
  /** Of a rolling action: its batch, from 0. */
  readonly batch?: number;
  /** Of an `update`: what would change on the host. */
  readonly diff?: GroupDiff;
}

/** Which groups an update would add, restart and remove; unknown when the host did not tell in time. */
export type GroupDiff =
  | {
      readonly kind: 'known';
      readonly added: readonly string[];
      readonly changed: readonly string[];
      readonly removed: readonly string[];
    }
  | { readonly kind: 'unknown'; readonly reason: string; readonly said?: Said };

/**
 * One target's way through an action. `waiting` and `working` are on the way; all others are final.
 * `says` adds in words what the state does not tell: what is waited for, what an update did; `said` is the same, or the
 * reason, by what it says, where the hub itself said it.
 */
export type Outcome =
  | { readonly kind: 'waiting' }
  | {
      readonly kind: 'working';
      readonly state: ProcessState;
      readonly sinceMs: number;
      readonly says?: string;
      readonly said?: Said;
    }
  | {
      readonly kind: 'done';
      readonly state: ProcessState;
      readonly tookMs: number;
      /** Of a start or restart: the child before, 0 where none was, and the one that runs now. */
      readonly pids?: { readonly before: number; readonly after: number };
      readonly says?: string;
      readonly said?: Said;
    }
  | { readonly kind: 'refused'; readonly reason: string; readonly said?: Said }
  | { readonly kind: 'failed'; readonly reason: string; readonly said?: Said }
  | { readonly kind: 'unreachable'; readonly reason: string; readonly said?: Said }
  /** It was sent, and nobody can say what became of it. */
  | { readonly kind: 'unknown'; readonly reason: string; readonly said?: Said }
  | { readonly kind: 'cancelled'; readonly says?: string; readonly said?: Said };

export interface ActionTarget extends Target {
  /** Of a rolling action: its batch, from 0. */
  readonly batch?: number;
  readonly outcome: Outcome;
  /** The states it was seen in on its way, oldest first; left out before it was begun. */
  readonly steps?: readonly TargetStep[];
}

/** Hub wall time from which a target was in a state; `end`: it has its outcome. */
export interface TargetStep {
  readonly state: ProcessState | 'end';
  readonly atMs: number;
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
  /** Of `signal`: its name without SIG. */
  readonly signal?: string;
  /** Left out: all targets at once. */
  readonly pace?: Pace;
  readonly progress?: Progress;
  /** Of one that takes a second person: nothing of it is begun before its state is `approved`. */
  readonly approval?: Approval;
  /** The name of the schedule that began it, in the rights of `by`. */
  readonly schedule?: string;
}

/** An action without its targets: those of a large fleet are read bit by bit. */
export type ActionHead = Omit<Action, 'targets'>;

/** A second person's word on an action in environments that ask for one. */
export interface Approval {
  /** Cancelled while `waiting`: whoever asked for it took it back. */
  readonly state: 'waiting' | 'approved' | 'declined' | 'expired';
  readonly environments: readonly string[];
  /** When waiting ends by itself. */
  readonly expiresAtMs: number;
  /** Who decided. */
  readonly by?: string;
  readonly decidedAtMs?: number;
  /** Why it was declined. */
  readonly says?: string;
}

/** Whether nothing of an action is begun because a second person has not decided yet. */
export function waitsForApproval({ approval, finishedAtMs }: ActionHead): boolean {
  return approval?.state === 'waiting' && finishedAtMs === null;
}

/** How far a rolling action is, or one that a restarted hub found under way. */
export interface Progress {
  /** The batch being done, or to be done next; from 0. */
  readonly batch: number;
  readonly batches: number;
  /**
   * `pausing`: between two batches. `asking`: the hub was restarted meanwhile, and begins nothing more before
   * somebody resumes or cancels it. `stopped`: too much failed, or its owner may not go on.
   */
  readonly phase: 'running' | 'pausing' | 'asking' | 'stopped' | 'over';
  /** When a pause ends. */
  readonly untilMs: number | null;
  /** Why it asks or stopped. */
  readonly says?: string;
  readonly said?: Said;
}

/** Counts by kind of outcome, for bars and one-line summaries. */
export type OutcomeCounts = Readonly<Record<Outcome['kind'], number>>;
