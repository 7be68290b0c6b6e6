import type { Outcome, TargetStep } from './action.ts';
import { isFinal } from './outcome.ts';

/** A target that goes round and round says its first and its last steps. */
const MOST = 16;

/** The steps of a target with what its new outcome adds. */
export function withStep(
  steps: readonly TargetStep[],
  outcome: Outcome,
  atMs: number,
): readonly TargetStep[] {
  const state = stateIn(outcome);
  if (state === null || steps.at(-1)?.state === state) return steps;
  const next: readonly TargetStep[] = [...steps, { state, atMs }];
  return next.length <= MOST ? next : [...next.slice(0, MOST / 2), ...next.slice(-MOST / 2)];
}

function stateIn(outcome: Outcome): TargetStep['state'] | null {
  if (isFinal(outcome)) return 'end';
  return outcome.kind === 'working' ? outcome.state : null;
}
