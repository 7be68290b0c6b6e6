import type { z } from 'zod';
import { mayI } from '../../accounts/rights.ts';
import type { Clock } from '../../clock.ts';
import type { FleetState } from '../../control/fleet-state.ts';
import type { HubAbsences } from '../../control/hub-absences.ts';
import { hostTimeline, processTimeline } from '../../control/timelines.ts';
import type { UsageHistory } from '../../control/usage-history.ts';
import type { HostView } from '../../fleet/host.ts';
import * as past from '../past-schemas.ts';
import * as shapes from '../past-shapes.ts';
import { ApiProblem } from '../problems.ts';
import { type Call, guardedRoute, type Route } from '../route.ts';
import { askedProcess, type ProcessPorts } from './processes.ts';

export interface PastPorts {
  readonly fleet: FleetState;
  readonly usage: Pick<UsageHistory, 'series'>;
  readonly events: ProcessPorts['events'];
  readonly absences: Pick<HubAbsences, 'within'>;
  readonly clock: Clock;
}

const HOUR_MS = 3_600_000;
const LONGEST_MS = 366 * 24 * HOUR_MS;
const MOST_POINTS = 5_000;

/** What processes and hosts were and used over a while; read from memory and the store, no host is asked. */
export function pastRoutes({ fleet, usage, events, absences, clock }: PastPorts): Route[] {
  const seen = { events, fleet, absences };
  return [
    guardedRoute({
      method: 'get',
      path: '/processes/:host/:namespec/metrics',
      right: 'see-fleet',
      says: 'Gives CPU and memory of a process over a while; nothing where its host has no agent.',
      query: past.metricsQuery,
      answers: { 200: shapes.usageSeries },
      run(call) {
        const name = askedProcess(call, fleet);
        call.res.json(usage.series(name, rangeOf(call.query, clock)));
      },
    }),
    guardedRoute({
      method: 'get',
      path: '/processes/:host/:namespec/timeline',
      right: 'see-fleet',
      says: 'Gives the states a process was in over a while.',
      query: past.range,
      answers: { 200: shapes.timeline },
      run(call) {
        const { hostId, group, process: name } = askedProcess(call, fleet);
        const process = fleet.process(`${hostId}/${group}:${name}`);
        const host = fleet.host(hostId);
        if (process === null || host === null) throw new ApiProblem('not-found');
        call.res.json(processTimeline(process, host, rangeOf(call.query, clock), seen));
      },
    }),
    guardedRoute({
      method: 'get',
      path: '/hosts/:id/metrics',
      right: 'see-fleet',
      says: 'Gives CPU and memory of all processes of a host together over a while.',
      query: past.metricsQuery,
      answers: { 200: shapes.usageSeries },
      run(call) {
        const { id } = askedHost(call, fleet);
        call.res.json(usage.series({ hostId: id, group: '', process: '' }, rangeOf(call.query, clock)));
      },
    }),
    guardedRoute({
      method: 'get',
      path: '/hosts/:id/timeline',
      right: 'see-fleet',
      says: 'Tells when a host was reachable and when not over a while.',
      query: past.range,
      answers: { 200: shapes.timeline },
      run: (call) =>
        void call.res.json(hostTimeline(askedHost(call, fleet), rangeOf(call.query, clock), seen)),
    }),
  ];
}

/** By name or id. Who does not see all of a host is told nothing of it as a whole. */
export function askedHost(
  { req, visitor }: Call,
  fleet: FleetState,
  right: 'see-fleet' | 'read-logs' = 'see-fleet',
): HostView {
  const wanted = String(req.params.id);
  const host = fleet.hosts().find(({ id, name }) => name === wanted || id === wanted);
  if (host === undefined || !mayI(visitor.person, right, { host })) throw new ApiProblem('not-found');
  return host;
}

function rangeOf(
  asked: z.output<typeof past.range> & { readonly step?: number | undefined },
  clock: Clock,
): { fromMs: number; toMs: number; stepMs?: number | undefined } {
  const toMs = asked.to ?? clock.wallMs();
  const fromMs = asked.from ?? toMs - (asked.last ?? HOUR_MS);
  const refuse = (where: string, says: string): never => {
    throw new ApiProblem('bad-request', { problems: [{ where, says }] });
  };
  if (fromMs >= toMs) refuse('from', 'must lie before "to"');
  if (toMs - fromMs > LONGEST_MS) refuse('from', 'at most 366 days before "to"');
  if (asked.step !== undefined && (toMs - fromMs) / asked.step > MOST_POINTS)
    refuse('step', `gives more than ${MOST_POINTS} points: take a longer one, or less time`);
  return { fromMs, toMs, stepMs: asked.step };
}
