import type { Action, Outcome, OutcomeCounts } from './action.ts';
import type { Told } from './said.ts';

const ON_THE_WAY: ReadonlySet<Outcome['kind']> = new Set(['waiting', 'working']);

/** An end that is not `done`, with its reason. */
export function endedAs(
  kind: 'refused' | 'failed' | 'unreachable' | 'unknown',
  { says, said }: Told,
): Outcome {
  return said === undefined ? { kind, reason: says } : { kind, reason: says, said };
}

export function isFinal(outcome: Outcome): boolean {
  return !ON_THE_WAY.has(outcome.kind);
}

export function countOutcomes(action: Pick<Action, 'targets'>): OutcomeCounts {
  const counts: Record<Outcome['kind'], number> = {
    waiting: 0,
    working: 0,
    done: 0,
    refused: 0,
    failed: 0,
    unreachable: 0,
    unknown: 0,
    cancelled: 0,
  };
  for (const target of action.targets) counts[target.outcome.kind]++;
  return counts;
}
