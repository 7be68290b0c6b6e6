import { z } from 'zod';
import { mayI } from '../../accounts/rights.ts';
import type { FleetState } from '../../control/fleet-state.ts';
import { placeOf, processesNamed, seenHosts, seenNames, seenProcesses } from '../../control/seen-fleet.ts';
import type { HostView } from '../../fleet/host.ts';
import type { Parsed } from '../../fleet/problem.ts';
import { type ProcessName, processKey } from '../../fleet/process.ts';
import { restartSlots } from '../../fleet/restarts.ts';
import { parseSelector, type Selector, selects } from '../../fleet/selector.ts';
import type { Fleet } from '../contract.ts';
import { fleet as fleetShape, processView, restartSlot } from '../fleet-shapes.ts';
import { PAGES, pageOf } from '../paged.ts';
import { ApiProblem } from '../problems.ts';
import { guardedRoute, type Route } from '../route.ts';
import * as schemas from '../schemas.ts';
import { jsonList, jsonObject, sendLarge } from '../send-large.ts';
import type { LineStreamPorts } from '../stream-lines.ts';
import { alreadyKnown } from '../versions.ts';

export interface FleetPorts extends LineStreamPorts {
  readonly fleet: FleetState;
}

export function fleetRoutes(ports: FleetPorts): Route[] {
  const { fleet, clock } = ports;
  return [
    guardedRoute({
      method: 'get',
      path: '/fleet',
      right: 'see-fleet',
      says: 'Gives all hosts and processes, as far as the asker may see them.',
      more: 'However large, it is put together while it is read: each process as it is when its turn comes.',
      answers: { 200: fleetShape },
      run(call) {
        if (alreadyKnown(call, fleet)) return;
        const { person } = call.visitor;
        const body: Unread<Fleet> = {
          atMs: clock.wallMs(),
          hosts: seenHosts(person, fleet),
          processes: seenProcesses(person, fleet),
        };
        return sendLarge(call, jsonObject(body), ports);
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
        const names = selected(seenNames(visitor.person, fleet), wanted, fleet);
        if (query.limit === undefined && query.after === undefined)
          return sendLarge(call, jsonList(processesNamed(names, fleet)), ports);
        const page = pageOf(call, [...names], { ...query, idOf: processKey });
        call.res.json([...processesNamed(page, fleet)]);
      },
    }),
  ];
}

/** The same with lists that are put together while they are read. */
type Unread<T> = { readonly [K in keyof T]: T[K] extends readonly (infer One)[] ? Iterable<One> : T[K] };

function* selected(
  names: Iterable<ProcessName>,
  selector: Selector,
  fleet: FleetState,
): Generator<ProcessName> {
  let host: HostView | null = null;
  for (const name of names) {
    if (host?.id !== name.hostId) host = fleet.host(name.hostId);
    if (host !== null && selects(selector, { host, group: name.group, process: name.name })) yield name;
  }
}

/** The value, or `unusable` with every problem. */
export function usable<T>(parsed: Parsed<T>): T {
  if (parsed.ok) return parsed.value;
  throw new ApiProblem('unusable', { problems: parsed.problems });
}
