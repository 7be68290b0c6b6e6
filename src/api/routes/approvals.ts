import type { Action } from '../../fleet/action.ts';
import { decline } from '../action-schemas.ts';
import * as shapes from '../action-shapes.ts';
import { note } from '../audited.ts';
import { ApiProblem } from '../problems.ts';
import { type Call, guardedRoute, type Route } from '../route.ts';
import type { LineStreamPorts } from '../stream-lines.ts';
import { type AskedPorts, idOf, mustBeAllowedAll, sendAsked } from './asked-action.ts';

const DECISION_PROBLEMS = ['own-request', 'not-waiting'] as const;

/** The second person's part: whoever may do all of an action, except the one who asked for it. */
export function approvalRoutes(ports: AskedPorts & LineStreamPorts): Route[] {
  return [
    guardedRoute({
      method: 'post',
      path: '/actions/:id/approve',
      right: 'act',
      says: 'Lets an action of another person go ahead, exactly as it was asked for.',
      answers: { 200: shapes.action },
      problems: DECISION_PROBLEMS,
      run: (call) => decide(call, ports, 'approved', (id, by) => ports.actions.approve(id, by)),
    }),
    guardedRoute({
      method: 'post',
      path: '/actions/:id/decline',
      right: 'act',
      says: 'Ends an action of another person before anything of it is done.',
      body: decline,
      answers: { 200: shapes.action },
      problems: DECISION_PROBLEMS,
      run: (call) =>
        decide(call, ports, 'declined', (id, by) => ports.actions.decline(id, by, call.body.reason)),
    }),
  ];
}

function decide(
  call: Call,
  ports: AskedPorts & LineStreamPorts,
  decision: 'approved' | 'declined',
  tell: (id: string, by: string) => boolean,
): Promise<void> {
  mustBeAllowedAll(ports, call);
  const id = idOf(call);
  const by = call.visitor.person.name;
  const asked = ports.actions.byId(id);
  if (asked?.by === by) throw new ApiProblem('own-request');
  if (asked === null || !tell(id, by)) throw new ApiProblem('not-waiting');
  note(call.req, { target: nameOf(asked), after: { decision, askedBy: asked.by } });
  return sendAsked(ports, call);
}

const nameOf = ({ id, verb, selector }: Action): string => `${id}: ${verb} ${selector}`;
