import { z } from 'zod';
import { mayI } from '../../accounts/rights.ts';
import type { Clock } from '../../clock.ts';
import type { FleetState } from '../../control/fleet-state.ts';
import { type FleetPart, placeOf, seenFleet } from '../../control/seen-fleet.ts';
import type { Parsed } from '../../fleet/problem.ts';
import { processKey } from '../../fleet/process.ts';
import { restartSlots } from '../../fleet/restarts.ts';
import { parseSelector, type Selector, selects } from '../../fleet/selector.ts';
import type { Fleet } from '../contract.ts';
import { fleet as fleetShape, processView, restartSlot } from '../fleet-shapes.ts';
import { PAGES, sendPage } from '../paged.ts';
import { ApiProblem } from '../problems.ts';
import { guardedRoute, type Route } from '../route.ts';
import * as schemas from '../schemas.ts';
import { alreadyKnown } from '../versions.ts';

export interface FleetPorts {
  readonly fleet: FleetState;
  readonly clock: Clock;
}

export function fleetRoutes({ fleet, clock }: FleetPorts): Route[] {
  return [
    guardedRoute({
      method: 'get',
      path: '/fleet',
      right: 'see-fleet',
      says: 'Gives all hosts and processes, as far as the asker may see them.',
      answers: { 200: fleetShape },
      run(call) {
        if (alreadyKnown(call, fleet)) return;
        const { res, visitor } = call;
        const body: Fleet = { atMs: clock.wallMs(), ...seenFleet(visitor.person, whole(fleet)) };
        res.json(body);
      },
    }),
    guardedRoute({
      method: 'get',
      path: '/restarts',
      right: 'see-fleet',
      says: 'Counts the restarts nobody asked for, by half hour over the last day, oldest first.',
      more: 'Of the processes the asker may see; the present half hour is the last.',
      answers: { 200: z.array(restartSlot) },
      run({ res, visitor: { person } }) {
        const seen = fleet.restarted().filter((one) => mayI(person, 'see-fleet', placeOf(one.host, one)));
        res.json(restartSlots(seen, clock.wallMs()));
      },
    }),
    guardedRoute({
      method: 'get',
      path: '/processes',
      right: 'see-fleet',
      says: 'Lists the processes a selector names: all of them, or with `limit` a page of them.',
      more: PAGES,
      query: schemas.processesQuery,
      answers: { 200: z.array(processView) },
      problems: ['unusable'],
      run(call) {
        const { visitor, query } = call;
        const wanted = usable(parseSelector(query.selector));
        if (alreadyKnown(call, fleet)) return;
        const all = selected(seenFleet(visitor.person, whole(fleet)), wanted);
        sendPage(call, all, { ...query, idOf: processKey });
      },
    }),
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
