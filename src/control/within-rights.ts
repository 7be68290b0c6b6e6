import { mayI, type Person, RIGHT_OF_VERB } from '../accounts/rights.ts';
import type { Action, Plan, PlannedTarget } from '../fleet/action.ts';
import type { FleetState } from './fleet-state.ts';
import { mayOnTarget } from './seen-fleet.ts';

type Hosts = Pick<FleetState, 'host'>;

/** Of a plan over what somebody sees only what they may do; the rest is left alone, with the reason. */
export function withinRights(plan: Plan, person: Person, fleet: Hosts): Plan {
  const right = RIGHT_OF_VERB[plan.verb];
  const may = (target: PlannedTarget): boolean => mayOnTarget(person, right, target, fleet);
  const targets = plan.targets.filter(may);
  if (targets.length === plan.targets.length) return plan;
  const reason = `you may see it, but not ${plan.verb} it`;
  const left = plan.targets.filter((target) => !may(target)).map((target) => ({ ...target, reason }));
  return {
    ...plan,
    targets,
    leftAlone: [...plan.leftAlone, ...left],
    hosts: [...new Set(targets.map(({ host }) => host))].sort(),
  };
}

/** Why somebody may not go on with, or end, an action; null: they may. It takes the right on every target of it. */
export function forbiddenOf(action: Action, person: Person | null, fleet: Hosts): string | null {
  const right = RIGHT_OF_VERB[action.verb];
  const says = `${person?.name ?? action.by} may not ${action.verb} this (any more)`;
  if (person === null || !mayI(person, right)) return says;
  return action.targets.every((target) => mayOnTarget(person, right, target, fleet)) ? null : says;
}
