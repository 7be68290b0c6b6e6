import { z } from 'zod';
import { mayI } from '../../accounts/rights.ts';
import type { FleetState } from '../../control/fleet-state.ts';
import type { FleetEvent } from '../../fleet/event.ts';
import type { FleetEvents, ProcessName } from '../../store/fleet-events.ts';
import type { Crash, ProcessDetail } from '../contract.ts';
import { crash, processDetail } from '../event-shapes.ts';
import { ApiProblem } from '../problems.ts';
import { type Call, guardedRoute, type Route } from '../route.ts';

export interface ProcessPorts {
  readonly fleet: FleetState;
  readonly events: Pick<FleetEvents, 'ofProcess' | 'around'>;
}

const EVENTS_SHOWN = 50;
const CRASHES_SHOWN = 10;
const MOST_CRASHES = 200;

export function processRoutes({ fleet, events }: ProcessPorts): Route[] {
  return [
    guardedRoute({
      method: 'get',
      path: '/processes/:host/:namespec',
      right: 'see-fleet',
      says: 'Gives one process with its host, its latest events and its latest crashes.',
      answers: { 200: processDetail },
      run(call) {
        const name = askedProcess(call, fleet);
        const process = fleet.process(`${name.hostId}/${name.group}:${name.process}`);
        const host = fleet.host(name.hostId);
        if (host === null || process === null) throw new ApiProblem('not-found');
        const body: ProcessDetail = {
          host,
          process,
          events: events.ofProcess(name, 'all', EVENTS_SHOWN),
          crashes: events.ofProcess(name, 'crashes', CRASHES_SHOWN).flatMap(toCrash),
        };
        call.res.json(body);
      },
    }),
    guardedRoute({
      method: 'get',
      path: '/processes/:host/:namespec/crashes',
      right: 'see-fleet',
      says: 'Lists the latest 200 crashes of a process, newest first.',
      answers: { 200: z.array(crash) },
      run(call) {
        const name = askedProcess(call, fleet);
        const crashes = events.ofProcess(name, 'crashes', MOST_CRASHES).flatMap(toCrash);
        const isKnown = fleet.process(`${name.hostId}/${name.group}:${name.process}`) !== null;
        if (!isKnown && crashes.length === 0) throw new ApiProblem('not-found');
        call.res.json(crashes);
      },
    }),
  ];
}

/** The host by name or id; `cron` is short for `cron:cron`. What may not be seen is not there. */
export function askedProcess({ req, visitor }: Call, fleet: FleetState): ProcessName {
  const wanted = String(req.params.host);
  const host = fleet.hosts().find(({ id, name }) => name === wanted || id === wanted);
  if (host === undefined) throw new ApiProblem('not-found');
  const namespec = String(req.params.namespec);
  const colon = namespec.indexOf(':');
  const group = colon < 0 ? namespec : namespec.slice(0, colon);
  const process = colon < 0 ? namespec : namespec.slice(colon + 1);
  if (!mayI(visitor.person, 'see-fleet', { host, group, process })) throw new ApiProblem('not-found');
  return { hostId: host.id, group, process };
}

export function toCrash(event: FleetEvent): Crash[] {
  if (event.kind !== 'process') return [];
  const { id, atMs, state, exitStatus, exitSignal, spawnError, lastLines } = event;
  return [{ id, atMs, state, exitStatus, exitSignal, spawnError, lastLines: lastLines ?? [] }];
}
