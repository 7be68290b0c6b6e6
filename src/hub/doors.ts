import type { Server } from 'node:http';
import type { Express, Request } from 'express';
import { Server as SocketServer } from 'socket.io';
import { DeviceLogins } from '../accounts/device-logins.ts';
import { isOwnOrigin } from '../accounts/origin.ts';
import { mayI, type Person, rightsOf } from '../accounts/rights.ts';
import { readSessionCookie } from '../accounts/session-cookie.ts';
import type { Clock } from '../clock.ts';
import type { HubConfig } from '../config.ts';
import { seenAction, seenFleet, seesHappening } from '../control/seen-fleet.ts';
import { untilUnlocked } from '../control/until-unlocked.ts';
import type { Action } from '../fleet/action.ts';
import { installFolder } from '../install/bundle.ts';
import { UPLINK_SERVER_OPTIONS } from '../links/agent-links.ts';
import type { WebPorts } from '../web/web-ports.ts';
import { addressPorts } from './address-ports.ts';
import { certificateEndsMs } from './certificate.ts';
import type { Core } from './core.ts';
import { defences, httpApp } from './http-app.ts';
import { hubFacts } from './hub-facts.ts';
import { innerApi } from './inner-api.ts';
import { dropSockets } from './listen.ts';
import { metricsDoor } from './metrics-door.ts';

export interface DoorPorts {
  readonly config: HubConfig;
  readonly core: Core;
  readonly clock: Clock;
  /** Known once it listens. */
  readonly listeningOn: () => number;
  readonly bug: (error: unknown) => void;
  readonly assetsFolder?: string | undefined;
  readonly answers?: 'checked' | undefined;
}

/** Health, API and pages over one core. */
export function appOver(ports: DoorPorts): Express {
  const { config, core, clock, listeningOn, bug, answers } = ports;
  const { store, accounts, people, audit, fleet, usage, absences, roster, actions, tails, feed } = core;
  const register = addressPorts(config, store, clock, listeningOn);
  const { sessionLongestMs, trustedProxies, publicUrl } = config;
  const devices = new DeviceLogins(clock, (id) => people.endToken(id));
  const api = {
    accounts,
    people,
    audit,
    unlocked: () => untilUnlocked(store, clock),
    auditRows: store.audit,
    settings: store.settings,
    views: store.views,
    alerts: store.alerts,
    alertRules: store.alertRules,
    alertChannels: store.alertChannels,
    alertDeliveries: store.alertDeliveries,
    alerting: core.alerting,
    schedules: store.schedules,
    scheduler: core.scheduler,
    sessionLongestMs,
    trustedProxies,
    publicUrl,
    rates: config.rates,
    devices,
    fleet,
    usage,
    absences,
    clock,
    roster,
    register,
    finder: register,
    credentials: store.credentials,
    joinTokens: store.joinTokens,
    actions,
    tails,
    configs: core.configs,
    supervisorLogs: core.supervisorLogs,
    feed,
    events: store.events,
    hubFacts: hubFacts(ports),
    bug,
    ...(answers === undefined ? {} : { answers }),
  };
  const install = { folder: installFolder(), basePath: config.basePath };
  const push = {
    hostOf: (token: string) => store.hostTokens.hostOf(token),
    pushed: (hostId: string, changed: boolean) => roster.link(hostId)?.pushed?.(changed),
  };
  const metrics = metricsDoor(
    {
      fleet,
      actions,
      alerting: core.alerting,
      scheduler: core.scheduler,
      clock,
      databaseBytes: () => store.bytes(),
      certificateEndsMs: () => certificateEndsMs(config.tls),
    },
    config.metricsTokenFile,
  );
  const web: WebPorts = { ...webPorts(ports), api: (req, call) => ask(req, call) };
  const app = httpApp({ config, bug, api, web, install, push, metrics });
  const ask = innerApi(app, config.basePath);
  return app;
}

function webPorts({
  config,
  core: { accounts, signOn, fleet, actions },
  clock,
  assetsFolder,
}: DoorPorts): Omit<WebPorts, 'api'> {
  const visitorOf = (req: Request) => {
    const cookie = readSessionCookie(req.headers.cookie, req.secure ? 'https' : 'http');
    const visitor = cookie === null ? null : accounts.bySession(cookie);
    return visitor !== null && mayI(visitor.person, 'see-fleet') ? visitor : null;
  };
  const seen = (person: Person, action: Action | null): Action | null =>
    action === null ? null : seenAction(person, action, fleet);
  return {
    ...(assetsFolder === undefined ? {} : { assetsFolder }),
    clock,
    signOn,
    basePath: config.basePath,
    signedIn(req) {
      const visitor = visitorOf(req);
      if (visitor === null) return null;
      const { name: user, role } = visitor.person;
      return { user, role, rights: rightsOf(visitor.person), csrf: visitor.csrf };
    },
    fleet(req) {
      const person = visitorOf(req)?.person ?? NOBODY;
      const action = (id: string) => seen(person, actions.byId(id));
      return {
        atMs: clock.wallMs(),
        ...seenFleet(person, fleet),
        seq: fleet.seq,
        lately: fleet.lately.all().filter((event) => seesHappening(person, event, fleet, action)),
        actions: actions.latest().flatMap((one) => seen(person, one) ?? []),
      };
    },
    action: (id, req) => seen(visitorOf(req)?.person ?? NOBODY, actions.byId(id)),
  };
}

/** Signed out between two looks: sees nothing. */
const NOBODY: Person = { userId: '', name: '', role: 'viewer', grants: [] };

/** Sockets for browsers and agents, not attached to a server yet. Pages of other sites are refused before a handshake. */
export function socketServer(config: HubConfig): SocketServer {
  return new SocketServer({
    ...UPLINK_SERVER_OPTIONS,
    path: `${config.basePath}/socket.io`,
    serveClient: false,
    httpCompression: false,
    allowRequest: (req, answer) => answer(null, isOwnOrigin(req.headers, config.trustedProxies)),
  });
}

/** What the sockets' own library answers, refusals too, carries the same headers as everything else. */
export function attachSockets(io: SocketServer, server: Server, config: HubConfig): void {
  io.attach(server);
  const defend = defences(config);
  server.prependListener('request', (req, res) => {
    if (req.url?.startsWith(`${config.basePath}/socket.io/`)) defend(req, res, () => {});
  });
}

/** Whoever does not answer a goodbye by then is gone already. */
const GOODBYE_MS = 1_000;

/** Ends open sockets and requests too: an event stream would never end by itself, nor a browser that vanished. */
export async function closeDoors(io: SocketServer, server: Server, clock: Clock): Promise<void> {
  const closed = io.close(); // closes the server with it
  server.closeAllConnections();
  const cancel = clock.after(GOODBYE_MS, () => dropSockets(server));
  await closed;
  cancel();
}
