import type { Action, ActionTarget, Plan } from '../fleet/action.ts';
import { batchCount } from '../fleet/batches.ts';
import { randomId } from '../store/secret.ts';

/** An action as it is before anything of it is begun. */
export function newAction(
  { verb, signal, pace, selector, targets }: Plan,
  by: string,
  startedAtMs: number,
): Action {
  return {
    id: randomId('a'),
    verb,
    ...(signal === undefined ? {} : { signal }),
    ...(pace === undefined ? {} : { pace }),
    selector,
    by,
    startedAtMs,
    finishedAtMs: targets.length === 0 ? startedAtMs : null,
    cancelledBy: null,
    targets: targets.map(({ hostId, host, group, process, batch }): ActionTarget => {
      const named = { hostId, host, group, process, outcome: { kind: 'waiting' } } as const;
      return batch === undefined ? named : { ...named, batch };
    }),
    ...(pace?.mode === 'rolling'
      ? { progress: { batch: 0, batches: batchCount(targets), phase: 'running', untilMs: null } }
      : {}),
  };
}

/** How far an action is that waits to be told whether to go on. */
export function asking({ targets, progress }: Action, says: string): NonNullable<Action['progress']> {
  return {
    batch: progress?.batch ?? 0,
    batches: progress?.batches ?? batchCount(targets),
    phase: 'asking',
    untilMs: null,
    says,
  };
}
