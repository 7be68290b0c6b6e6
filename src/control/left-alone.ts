import type { Plan } from '../fleet/action.ts';
import type { Told } from '../fleet/said.ts';

type Left = Plan['leftAlone'][number];

/** A target that a plan names and does not touch, with the reason. */
export function leftAlone(target: Plan['targets'][number], { says, said }: Told): Left {
  return said === undefined ? { ...target, reason: says } : { ...target, reason: says, said };
}
