import { type NextFunction, type Request, type Response, Router } from 'express';
import type { AuditTrail } from '../accounts/audit-trail.ts';
import { checkProblem } from './check-answer.ts';
import { API_ROOT } from './contract.ts';
import { guarded, personIn } from './guard.ts';
import { ApiProblem, asApiProblem } from './problems.ts';
import { type Rates, rateGates } from './rates.ts';
import type { Route } from './route.ts';
import { type ActionPorts, actionRoutes } from './routes/actions.ts';
import { type AlertChannelPorts, alertChannelRoutes } from './routes/alert-channels.ts';
import { type AlertRulePorts, alertRuleRoutes } from './routes/alert-rules.ts';
import { type AlertPorts, alertRoutes } from './routes/alerts.ts';
import { type AuditPorts, auditRoutes } from './routes/audit.ts';
import { type ConfigPorts, configRoutes } from './routes/configs.ts';
import { type DevicePorts, deviceRoutes } from './routes/device.ts';
import { type EventPorts, eventRoutes } from './routes/events.ts';
import { type FleetPorts, fleetRoutes } from './routes/fleet.ts';
import { type HostTestPorts, hostTestRoutes } from './routes/host-tests.ts';
import { type HostPorts, hostRoutes } from './routes/hosts.ts';
import { type HubFactPorts, hubFactRoutes } from './routes/hub.ts';
import { type InputPorts, inputRoutes } from './routes/input.ts';
import { type JoinTokenPorts, joinTokenRoutes } from './routes/join-tokens.ts';
import { openApiRoute } from './routes/openapi.ts';
import { type OwnPorts, ownRoutes } from './routes/own.ts';
import { type PastPorts, pastRoutes } from './routes/past.ts';
import { type PeoplePorts, peopleRoutes } from './routes/people.ts';
import { type ProcessPorts, processRoutes } from './routes/processes.ts';
import { type SchedulePorts, scheduleRoutes } from './routes/schedules.ts';
import { searchRoutes } from './routes/search.ts';
import { browserOf, type SessionPorts, sessionRoutes } from './routes/session.ts';
import { type SettingsPorts, settingsRoutes } from './routes/settings.ts';
import { type TailPorts, tailRoutes } from './routes/tail.ts';
import { type ViewPorts, viewRoutes } from './routes/views.ts';

export interface ApiPorts
  extends SessionPorts,
    PeoplePorts,
    OwnPorts,
    DevicePorts,
    AuditPorts,
    SettingsPorts,
    ViewPorts,
    HubFactPorts,
    FleetPorts,
    HostPorts,
    HostTestPorts,
    JoinTokenPorts,
    ActionPorts,
    SchedulePorts,
    TailPorts,
    EventPorts,
    AlertPorts,
    AlertRulePorts,
    AlertChannelPorts,
    ProcessPorts,
    PastPorts,
    ConfigPorts,
    InputPorts {
  readonly trustedProxies: number;
  readonly audit: AuditTrail;
  readonly unlocked: () => Promise<boolean>;
  /** In tests: an answer that is not as its route describes it is a bug. */
  readonly answers?: 'checked';
  readonly rates: Rates;
  /** Hears of everything that was answered with 500. */
  readonly bug: (error: unknown) => void;
}

/** Every route of the API, as data: what is mounted is what can be tested. */
export function apiRoutes(ports: ApiPorts): Route[] {
  const routes: Route[] = [
    ...sessionRoutes(ports),
    ...ownRoutes(ports),
    ...deviceRoutes(ports),
    ...peopleRoutes(ports),
    ...auditRoutes(ports),
    ...settingsRoutes(ports),
    ...viewRoutes(ports),
    ...hubFactRoutes(ports),
    ...fleetRoutes(ports),
    ...hostTestRoutes(ports),
    ...hostRoutes(ports),
    ...joinTokenRoutes(ports),
    ...actionRoutes(ports),
    ...scheduleRoutes(ports),
    ...tailRoutes(ports),
    ...searchRoutes(ports),
    ...eventRoutes(ports),
    ...alertRoutes(ports),
    ...alertRuleRoutes(ports),
    ...alertChannelRoutes(ports),
    ...processRoutes(ports),
    ...pastRoutes(ports),
    ...configRoutes(ports),
    ...inputRoutes(ports),
    openApiRoute(() => routes),
  ];
  return routes;
}

/** The JSON API, to be mounted at `/api/v1`. */
export function apiRouter(ports: ApiPorts): Router {
  const router = Router({ caseSensitive: true });
  router.use((req, res, next) => {
    // fetch() adds no-cache by itself to a request with an etag of the caller's own, and would never get a 304.
    if (req.headers['if-none-match'] !== undefined) delete req.headers['cache-control'];
    res.set('cache-control', 'no-store');
    res.locals.bug = ports.bug;
    next();
  });
  const gates = rateGates(ports.rates, personIn, (req) => browserOf(req, ports.accounts)?.id ?? '');
  for (const route of apiRoutes(ports)) router[route.method](route.path, ...guarded(route, ports, gates));
  router.use(() => {
    throw new ApiProblem('not-found');
  });
  router.use(answerProblem(ports.bug));
  return router;
}

function answerProblem(bug: (error: unknown) => void) {
  return (error: unknown, req: Request, res: Response, next: NextFunction): void => {
    const known = asApiProblem(error);
    if (known === null) bug(error);
    if (res.headersSent) {
      next(error);
      return;
    }
    const problem = known ?? new ApiProblem('internal');
    if (known !== null) checkProblem(res, known.kind);
    res.locals.problem = problem.kind;
    const body = problem.body(req.baseUrl.slice(0, -API_ROOT.length));
    if (problem.retryAfterMs !== undefined)
      res.set('retry-after', String(Math.ceil(problem.retryAfterMs / 1_000)));
    res.status(body.status).type('application/problem+json').send(JSON.stringify(body));
  };
}
