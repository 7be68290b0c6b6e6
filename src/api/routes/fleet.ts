import type { Clock } from '../../clock.ts';
import type { FleetState } from '../../control/fleet-state.ts';
import type { Parsed } from '../../fleet/problem.ts';
import { parseSelector, type Selector, selects } from '../../fleet/selector.ts';
import type { Fleet } from '../contract.ts';
import { ApiProblem } from '../problems.ts';
import type { Route } from '../route.ts';
import * as schemas from '../schemas.ts';

export interface FleetPorts {
  readonly fleet: FleetState;
  readonly clock: Clock;
}

export function fleetRoutes({ fleet, clock }: FleetPorts): Route[] {
  return [
    {
      method: 'get',
      path: '/fleet',
      right: 'see-fleet',
      run({ res }) {
        const body: Fleet = { atMs: clock.wallMs(), hosts: fleet.hosts(), processes: fleet.processes() };
        res.json(body);
      },
    },
    {
      method: 'get',
      path: '/processes',
      right: 'see-fleet',
      run({ req, res }) {
        const { selector } = schemas.read(schemas.processesQuery, { ...req.query });
        const wanted = usable(parseSelector(selector));
        res.json(selected(fleet, wanted));
      },
    },
  ];
}

function selected(fleet: FleetState, selector: Selector) {
  const hosts = new Map(fleet.hosts().map((host) => [host.id, host]));
  return fleet.processes().filter((process) => {
    const host = hosts.get(process.hostId);
    return host !== undefined && selects(selector, { host, group: process.group, process: process.name });
  });
}

/** The value, or `unusable` with every problem. */
export function usable<T>(parsed: Parsed<T>): T {
  if (parsed.ok) return parsed.value;
  throw new ApiProblem('unusable', { problems: parsed.problems });
}
