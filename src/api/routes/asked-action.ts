import type { ActionRunner } from '../../control/action-runner.ts';
import type { FleetState } from '../../control/fleet-state.ts';
import { seenAction } from '../../control/seen-fleet.ts';
import { forbiddenOf } from '../../control/within-rights.ts';
import type { Action } from '../../fleet/action.ts';
import { ApiProblem } from '../problems.ts';
import type { Call } from '../route.ts';

export interface AskedPorts {
  readonly actions: ActionRunner;
  readonly fleet: FleetState;
}

/** Ending, approving or going on with an action takes the right on all of it, also on what this person does not see. */
export function mustBeAllowedAll(ports: AskedPorts, call: Call): void {
  askedAction(ports, call);
  const action = ports.actions.byId(idOf(call));
  const says = action === null ? null : forbiddenOf(action, call.visitor.person, ports.fleet);
  if (says !== null) throw new ApiProblem('not-allowed', { detail: 'it has targets beyond your rights' });
}

/** The action an address of the API names, as the asker sees it. */
export function askedAction({ actions, fleet }: AskedPorts, { req, visitor }: Call): Action {
  const whole = actions.byId(String(req.params.id));
  const action = whole === null ? null : seenAction(visitor.person, whole, fleet);
  if (action === null) throw new ApiProblem('not-found');
  return action;
}

export const idOf = ({ req }: Call): string => String(req.params.id);
