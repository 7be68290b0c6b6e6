import type { Alerting } from '../../alerts/alerting.ts';
import type { Clock } from '../../clock.ts';
import type { FleetState } from '../../control/fleet-state.ts';
import { mayOnTarget } from '../../control/seen-fleet.ts';
import { aboutTargets, seesSubject } from '../../control/wanted-events.ts';
import { type Acknowledgement, type Alert, alertTitle } from '../../fleet/alert.ts';
import { parseSelector } from '../../fleet/selector.ts';
import type { Alerts } from '../../store/alerts.ts';
import * as schemas from '../alert-schemas.ts';
import { alert, alertPage } from '../alert-shapes.ts';
import { note } from '../audited.ts';
import type { AlertPage } from '../contract.ts';
import { ApiProblem } from '../problems.ts';
import { type Call, guardedRoute, type Route } from '../route.ts';
import { usable } from './fleet.ts';

export interface AlertPorts {
  readonly alerts: Alerts;
  readonly alerting: Alerting;
  readonly fleet: FleetState;
  readonly clock: Clock;
}

/** What rules found wrong, for those who may see what it is about. */
export function alertRoutes(ports: AlertPorts): Route[] {
  return [
    guardedRoute({
      method: 'get',
      path: '/alerts',
      right: 'see-fleet',
      says: 'Lists alerts: open ones first, then closed ones.',
      query: schemas.alertsQuery,
      answers: { 200: alertPage },
      problems: ['unusable'],
      run(call) {
        const { selector, severity, rule, state, limit, after } = call.query;
        const isAbout = aboutTargets(usable(parseSelector(selector)), call.visitor.person, ports.fleet);
        const wants = (one: Alert): boolean =>
          (severity === undefined || one.severity === severity) &&
          (rule === undefined || one.ruleId === rule) &&
          isAbout(one);
        const counts = ports.alerting.counts(seesSubject(call.visitor.person, ports.fleet));
        const page: AlertPage = { ...pageOf(ports.alerts, wants, { state, limit, after }), counts };
        call.res.json(page);
      },
    }),
    guardedRoute({
      method: 'get',
      path: '/alerts/:id',
      right: 'see-fleet',
      says: 'Gives one alert.',
      answers: { 200: alert },
      run: (call) => void call.res.json(asked(call, ports)),
    }),
    guardedRoute({
      method: 'post',
      path: '/alerts/:id/acknowledge',
      right: 'act',
      says: 'Says that the asker looks after an alert: nothing of it is told again until it closes.',
      body: schemas.acknowledgement,
      answers: { 200: alert },
      problems: ['not-possible'],
      run(call) {
        const by = call.visitor.person.name;
        decide(call, ports, { by, atMs: ports.clock.wallMs(), note: call.body.note });
      },
    }),
    guardedRoute({
      method: 'post',
      path: '/alerts/:id/unacknowledge',
      right: 'act',
      says: 'Says that nobody looks after an alert any more.',
      answers: { 200: alert },
      problems: ['not-possible'],
      run: (call) => decide(call, ports, null),
    }),
  ];
}

function decide(call: Call, ports: AlertPorts, by: Acknowledgement | null): void {
  const before = asked(call, ports);
  if (!mayOnTarget(call.visitor.person, 'act', before, ports.fleet)) throw new ApiProblem('not-allowed');
  if (before.closedAtMs !== null) throw new ApiProblem('not-possible', { detail: 'the alert is closed' });
  const after = ports.alerting.acknowledge(before.id, by);
  note(call.req, {
    target: `${before.id}: ${alertTitle(before)}`,
    before: before.acknowledged,
    after: after.acknowledged,
  });
  call.res.json(after);
}

/** The alert an address of the API names, if whoever asks sees what it is about. */
function asked({ req, visitor }: Call, { alerts, fleet }: AlertPorts): Alert {
  const id = Number(req.params.id);
  const found = Number.isSafeInteger(id) ? alerts.byId(id) : null;
  if (found === null || !seesSubject(visitor.person, fleet)(found)) throw new ApiProblem('not-found');
  return found;
}

interface PageWish {
  readonly state: 'open' | 'closed' | 'all';
  readonly limit: number;
  readonly after?: string | undefined;
}

const AT_ONCE = 500;
/** Rows one request looks through for those it wants. */
const MOST_LOOKED_AT = 20_000;

/** One page, and where the next one begins. */
function pageOf(
  alerts: Pick<Alerts, 'list'>,
  wants: (alert: Alert) => boolean,
  { state, limit, after }: PageWish,
): Pick<AlertPage, 'alerts' | 'next'> {
  const [from, number] = after?.split(':') ?? [];
  const found: Alert[] = [];
  let looked = 0;
  for (const part of ['open', 'closed'] as const) {
    if ((state !== 'all' && state !== part) || (from === 'closed' && part === 'open')) continue;
    let before = from === part ? Number(number) : undefined;
    for (;;) {
      const some = alerts.list({ state: part, before, limit: AT_ONCE });
      for (const one of some) {
        if (found.length === limit || looked === MOST_LOOKED_AT)
          return { alerts: found, next: `${part}:${before ?? one.id + 1}` };
        looked++;
        if (wants(one)) found.push(one);
        before = one.id;
      }
      if (some.length < AT_ONCE) break;
    }
  }
  return { alerts: found, next: null };
}
