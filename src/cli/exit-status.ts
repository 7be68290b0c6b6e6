import type { Outcome } from '../fleet/action.ts';

/** Every exit status of the fleet command, and what it tells a script. This table is the documentation. */
export const EXIT_STATUSES = {
  done: [0, 'everything asked for is done, or was so already'],
  failed: [1, 'at least one target failed, was refused or was cancelled'],
  usage: [2, 'the command line is not understood'],
  troubled: [3, 'status: a process shown is FATAL, BACKOFF, UNKNOWN or EXITED unexpectedly'],
  unreachable: [4, 'at least one host concerned cannot be reached'],
  unknown: [5, 'at least one outcome is unknown, or was still to come at --timeout'],
  nothing: [6, 'the selector names nothing that is known, or nothing was found'],
  badSelector: [7, 'the selector cannot be read'],
  hubUnreachable: [8, 'the hub cannot be reached, or does not answer as one'],
  notSignedIn: [9, 'there is no login for the hub, or it is not taken any more'],
  notAllowed: [10, 'this login may not do that'],
  notConfirmed: [11, 'it asks first, and got neither a yes at the terminal nor --yes'],
  hubFailed: [12, 'the hub refused or failed for a reason of its own'],
  waiting: [13, 'it waits for a second person; nothing is done yet'],
  interrupted: [130, 'Ctrl-C; an action begun goes on at the hub'],
} as const satisfies Record<string, readonly [status: number, says: string]>;

export type ExitName = keyof typeof EXIT_STATUSES;

export function exitStatus(name: ExitName): number {
  return EXIT_STATUSES[name][0];
}

/** The table as text, for `--help`. */
export function exitTable(): string {
  const rows = Object.values(EXIT_STATUSES).map(
    ([status, says]) => `  ${String(status).padStart(3)}  ${says}`,
  );
  return ['Exit status, by the worst outcome:', ...rows].join('\n');
}

/** How bad each outcome is, worst first. */
const BY_OUTCOME: readonly (readonly [kind: Outcome['kind'], exit: ExitName])[] = [
  ['unknown', 'unknown'],
  ['waiting', 'unknown'],
  ['working', 'unknown'],
  ['failed', 'failed'],
  ['refused', 'failed'],
  ['unreachable', 'unreachable'],
  ['cancelled', 'failed'],
];

/** The status for a whole action: that of its worst outcome. */
export function worstOutcome(outcomes: readonly Outcome[]): ExitName {
  const kinds = new Set(outcomes.map(({ kind }) => kind));
  return BY_OUTCOME.find(([kind]) => kinds.has(kind))?.[1] ?? 'done';
}
