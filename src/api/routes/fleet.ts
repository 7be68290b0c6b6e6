import type { Clock } from '../../clock.ts';
import type { FleetState } from '../../control/fleet-state.ts';
import { type FleetPart, seenFleet } from '../../control/seen-fleet.ts';
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
      run({ res, visitor }) {
        const body: Fleet = { atMs: clock.wallMs(), ...seenFleet(visitor.person, whole(fleet)) };
        res.json(body);
      },
    },
    {
      method: 'get',
      path: '/processes',
      right: 'see-fleet',
      run({ req, res, visitor }) {
        const { selector } = schemas.read(schemas.processesQuery, { ...req.query });
        const wanted = usable(parseSelector(selector));
        res.json(selected(seenFleet(visitor.person, whole(fleet)), wanted));
      },
    },
  ];
}

export function whole(fleet: FleetState): FleetPart {
  return { hosts: fleet.hosts(), processes: fleet.processes() };
}

function selected({ hosts: all, processes }: FleetPart, selector: Selector) {
  const hosts = new Map(all.map((host) => [host.id, host]));
  return processes.filter((process) => {
    const host = hosts.get(process.hostId);
    return host !== undefined && selects(selector, { host, group: process.group, process: process.name });
  });
}

/** The value, or `unusable` with every problem. */
export function usable<T>(parsed: Parsed<T>): T {
  if (parsed.ok) return parsed.value;
  throw new ApiProblem('unusable', { problems: parsed.problems });
}
