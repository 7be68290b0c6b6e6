import type { ActionRunner } from '../../control/action-runner.ts';
import type { FleetState } from '../../control/fleet-state.ts';
import { plan, unknownTargets } from '../../control/plan.ts';
import type { Action, Plan } from '../../fleet/action.ts';
import { parseSelector } from '../../fleet/selector.ts';
import { ApiProblem } from '../problems.ts';
import type { Call, Route } from '../route.ts';
import * as schemas from '../schemas.ts';
import { type StreamPorts, streamAction } from '../stream-action.ts';
import { usable } from './fleet.ts';

export interface ActionPorts extends StreamPorts {
  readonly fleet: FleetState;
  readonly actions: ActionRunner;
}

const MOST_LISTED = 100;

export function actionRoutes(ports: ActionPorts): Route[] {
  const { fleet, actions } = ports;
  return [
    {
      method: 'post',
      path: '/plans',
      right: 'see-fleet',
      run: ({ req, res }) => void res.json(planFor(req.body, fleet)),
    },
    {
      method: 'post',
      path: '/actions',
      right: 'act',
      run({ req, res, visitor }) {
        const action = actions.run(planFor(req.body, fleet), visitor.person.name);
        res.status(202).location(`${req.baseUrl}/actions/${action.id}`).json(action);
      },
    },
    {
      method: 'get',
      path: '/actions',
      right: 'see-fleet',
      run: ({ res }) => void res.json(actions.list(MOST_LISTED)),
    },
    {
      method: 'get',
      path: '/actions/:id',
      right: 'see-fleet',
      run: (call) => void call.res.json(asked(actions, call)),
    },
    {
      method: 'post',
      path: '/actions/:id/cancel',
      right: 'act',
      run(call) {
        asked(actions, call);
        call.res.json(actions.cancel(idOf(call), call.visitor.person.name));
      },
    },
    {
      method: 'get',
      path: '/actions/:id/events',
      right: 'see-fleet',
      run: (call) => streamAction(asked(actions, call), call, ports),
    },
  ];
}

function planFor(body: unknown, fleet: FleetState): Plan {
  const { verb, selector, only } = schemas.read(schemas.actionRequest, body);
  const parsed = usable(parseSelector(selector));
  const now = { hosts: fleet.hosts(), processes: fleet.processes() };
  const unknown = unknownTargets(only ?? [], now);
  if (unknown.length > 0)
    throw new ApiProblem('unusable', {
      problems: unknown.map((name) => ({ where: 'only', says: `${name} is not known` })),
    });
  return plan({ verb, selector: parsed, only }, now);
}

function asked(actions: ActionRunner, call: Call): Action {
  const action = actions.byId(idOf(call));
  if (action === null) throw new ApiProblem('not-found');
  return action;
}

const idOf = ({ req }: Call): string => String(req.params.id);
