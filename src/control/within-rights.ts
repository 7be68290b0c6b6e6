import { mayI, type Person, RIGHT_OF_VERB } from '../accounts/rights.ts';
import type { Action } from '../fleet/action.ts';
import { type Told, told } from '../fleet/said.ts';
import type { FleetState } from './fleet-state.ts';
import { mayOnTarget } from './seen-fleet.ts';

type Hosts = Pick<FleetState, 'host'>;

/** Why somebody may not go on with, or end, an action; null: they may. It takes the right on every target of it. */
export function forbiddenOf(action: Action, person: Person | null, fleet: Hosts): Told | null {
  const right = RIGHT_OF_VERB[action.verb];
  const why = told('right.notAnyMore', { by: person?.name ?? action.by, verb: action.verb });
  if (person === null || !mayI(person, right)) return why;
  return action.targets.every((target) => mayOnTarget(person, right, target, fleet)) ? null : why;
}
