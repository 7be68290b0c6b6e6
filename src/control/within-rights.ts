import { mayI, type Person, RIGHT_OF_VERB } from '../accounts/rights.ts';
import type { Action, Plan, PlannedTarget } from '../fleet/action.ts';
import { type Told, told } from '../fleet/said.ts';
import type { FleetState } from './fleet-state.ts';
import { leftAlone } from './left-alone.ts';
import { mayOnTarget } from './seen-fleet.ts';

type Hosts = Pick<FleetState, 'host'>;

/** Of a plan over what somebody sees only what they may do; the rest is left alone, with the reason. */
export function withinRights(plan: Plan, person: Person, fleet: Hosts): Plan {
  const right = RIGHT_OF_VERB[plan.verb];
  const may = (target: PlannedTarget): boolean => mayOnTarget(person, right, target, fleet);
  const targets = plan.targets.filter(may);
  if (targets.length === plan.targets.length) return plan;
  const why = told('left.notAllowed', { verb: plan.verb });
  const left = plan.targets.filter((target) => !may(target)).map((target) => leftAlone(target, why));
  return {
    ...plan,
    targets,
    leftAlone: [...plan.leftAlone, ...left],
    hosts: [...new Set(targets.map(({ host }) => host))].sort(),
  };
}

/** Why somebody may not go on with, or end, an action; null: they may. It takes the right on every target of it. */
export function forbiddenOf(action: Action, person: Person | null, fleet: Hosts): Told | null {
  const right = RIGHT_OF_VERB[action.verb];
  const why = told('right.notAnyMore', { by: person?.name ?? action.by, verb: action.verb });
  if (person === null || !mayI(person, right)) return why;
  return action.targets.every((target) => mayOnTarget(person, right, target, fleet)) ? null : why;
}
