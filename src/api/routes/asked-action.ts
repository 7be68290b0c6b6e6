import type { Person } from '../../accounts/rights.ts';
import type { ActionRunner, ReadAction } from '../../control/action-runner.ts';
import type { FleetState } from '../../control/fleet-state.ts';
import { seenAction, seenTargets, seesAction } from '../../control/seen-fleet.ts';
import { forbiddenOf } from '../../control/within-rights.ts';
import type { Action } from '../../fleet/action.ts';
import { ApiProblem } from '../problems.ts';
import type { Call } from '../route.ts';
import { jsonObject, sendLarge } from '../send-large.ts';
import type { LineStreamPorts } from '../stream-lines.ts';

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

/** Answers with the action an address of the API names, however many targets it has. */
export async function sendAsked(ports: AskedPorts & LineStreamPorts, call: Call): Promise<void> {
  const { actions, fleet } = ports;
  const { person } = call.visitor;
  const read = actions.read(idOf(call));
  if (read === null || !seesAction(person, read.head, read.targets, fleet)) throw new ApiProblem('not-found');
  await sendLarge(call, jsonAction(person, read, fleet), ports);
}

/** JSON of an action with the targets this person may see. */
export function jsonAction(
  person: Person,
  { head, targets }: ReadAction,
  fleet: FleetState,
): Generator<string> {
  return jsonObject({ ...head, targets: seenTargets(person, targets(), fleet) });
}

export const idOf = ({ req }: Call): string => String(req.params.id);
