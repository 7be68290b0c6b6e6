import { randomBytes } from 'node:crypto';
import type { Server } from 'socket.io';
import type { Accounts } from '../accounts/accounts.ts';
import type { AuditTrail } from '../accounts/audit-trail.ts';
import type { People } from '../accounts/people.ts';
import type { RereadGroups } from '../accounts/reread-groups.ts';
import { Alerting } from '../alerts/alerting.ts';
import { sender } from '../alerts/send.ts';
import type { Clock } from '../clock.ts';
import type { HubConfig } from '../config.ts';
import { ActionRunner } from '../control/action-runner.ts';
import { EarlierEnds } from '../control/earlier-ends.ts';
import type { EventFeed } from '../control/event-feed.ts';
import { FleetState } from '../control/fleet-state.ts';
import { StoredHistory } from '../control/history.ts';
import { HostConfigs } from '../control/host-configs.ts';
import { trustOf } from '../control/host-trust.ts';
import { HubAbsences } from '../control/hub-absences.ts';
import { LogTails } from '../control/log-tails.ts';
import { Roster } from '../control/roster.ts';
import { StoredAgents } from '../control/stored-agents.ts';
import { SupervisorLogs } from '../control/supervisor-log.ts';
import { UsageHistory } from '../control/usage-history.ts';
import { forbiddenOf } from '../control/within-rights.ts';
import type { Action } from '../fleet/action.ts';
import type { Host } from '../fleet/host.ts';
import type { Told } from '../fleet/said.ts';
import { AgentLinks } from '../links/agent-links.ts';
import type { HostLink } from '../links/host-link.ts';
import { openSupervisordLink } from '../links/supervisord-link.ts';
import { Scheduler } from '../schedules/scheduler.ts';
import type { Store } from '../store/store.ts';
import { isNotWritten } from '../store/store-problem.ts';
import type { SignOn } from '../web/sign-on.ts';
import { accountsOver } from './accounts-over.ts';
import { openDoors } from './identity.ts';
import type { HubLog } from './log.ts';
import { openFileLimit } from './open-files.ts';
import type { Undo } from './undo.ts';

export interface HubPorts {
  readonly clock: Clock;
  readonly log: HubLog;
  readonly migrations: string;
  readonly random: () => number;
  /** bcrypt's cost; tests take less. */
  readonly passwordCost?: number;
  /** Where the built console lies; left out: `dist/web` above the running code. */
  readonly assetsFolder?: string;
  /** In tests: an answer of the API that is not as its route describes it is a bug. */
  readonly answers?: 'checked';
}

/** The hub without its doors: nothing here listens. */
export interface Core {
  readonly store: Store;
  readonly accounts: Accounts;
  readonly people: People;
  readonly audit: AuditTrail;
  /** Single sign-on; null: none. */
  readonly signOn: SignOn | null;
  /** What people may by their groups; null: nobody comes by groups. */
  readonly groups: RereadGroups | null;
  readonly fleet: FleetState;
  readonly usage: UsageHistory;
  readonly absences: HubAbsences;
  readonly roster: Roster;
  readonly actions: ActionRunner;
  readonly tails: LogTails;
  readonly configs: HostConfigs;
  readonly supervisorLogs: SupervisorLogs;
  readonly alerting: Alerting;
  readonly scheduler: Scheduler;
  /** What happened, for those who follow. */
  readonly feed: EventFeed;
}

/** Of the descriptors agents may take so many; pages, polled hosts and files have the rest. */
const AGENTS_PART = 0.8;
/** The database, the log and what Node itself holds open. */
const OWN_FILES = 24;

/** Puts the rooms together over an open store; agents will dial in through `io`. */
export function openCore(config: HubConfig, store: Store, io: Server, ports: HubPorts, undo: Undo): Core {
  const { clock, log, random } = ports;
  const bug = (error: unknown): void => log.bug(error);
  const { accounts, people, audit } = accountsOver(store, config, clock, ports.passwordCost);
  const { signOn, groups } = openDoors(config, { store, accounts, audit, clock, log });
  const history = new StoredHistory(store, clock, (error, dropped) => log.notStored(error, dropped), bug);
  const usage = new UsageHistory(store.metrics, clock, (error, dropped) => log.notStored(error, dropped));
  const absences = new HubAbsences(store.settings, clock);
  const fleet = new FleetState({ clock, history, meter: usage, bug });
  const agents = new AgentLinks({
    io,
    registry: new StoredAgents(store, history, clock, (host) => roster.attach(host)),
    sink: fleet,
    clock,
    hubKeys: () => store.hubKeys.ring(),
    mostAgents: () => Math.floor((openFileLimit() ?? Number.POSITIVE_INFINITY) * AGENTS_PART) - OWN_FILES,
    nonce: () => randomBytes(32).toString('base64'),
    refused: (refusal) => log.uplinkRefused(refusal),
    bug,
  });
  const toSupervisord = (host: Host): HostLink =>
    openSupervisordLink({
      host,
      credentials: store.credentials.of(host.id),
      trust: trustOf(host, store.hosts.authorityOf(host.id)),
      sink: fleet,
      clock,
      random,
    });
  const linkTo = (host: Host): HostLink =>
    host.kind === 'agent' ? agents.agentLink(host) : toSupervisord(host);
  const revoke = (hostId: string): void => agents.revoke(hostId);
  const roster = new Roster({ store, fleet, clock, linkTo, revoke });
  const link = (hostId: string): HostLink | null => roster.link(hostId);
  const earlierEnds = new EarlierEnds({ fleet, clock, link, bug, events: store.events });
  const forbidden = (action: Action): Told | null =>
    forbiddenOf(action, accounts.personNamed(action.by), fleet);
  const { actions: rows, actionMarks: marks } = store;
  const actions = new ActionRunner({ store: rows, marks, fleet, clock, link, forbidden, bug });
  const alerting = new Alerting({
    store,
    fleet,
    clock,
    random,
    send: sender(clock),
    link: alertsLink(config),
    bug: (error) => (isNotWritten(error) ? log.notStored(error, 0) : log.bug(error)),
  });
  const scheduler = new Scheduler({
    schedules: store.schedules,
    settings: store.settings,
    fleet,
    actions,
    accounts,
    audit,
    clock,
    bug: (error) => (isNotWritten(error) ? log.notStored(error, 0) : log.bug(error)),
  });
  actions.changes.add((action) => auditExpired(action, audit));
  undo.later(
    () => absences.seen(),
    () => history.close(),
    () => usage.close(),
    () => fleet.close(),
    () => earlierEnds.close(),
    () => alerting.close(),
    () => scheduler.close(),
    () => actions.close(),
    () => roster.close(),
    () => agents.close(),
  );
  return {
    store,
    accounts,
    people,
    audit,
    signOn,
    groups,
    fleet,
    usage,
    absences,
    roster,
    actions,
    tails: new LogTails({ fleet, clock, link, bug }),
    configs: new HostConfigs({ clock, link, bug }),
    supervisorLogs: new SupervisorLogs({ clock, link }),
    alerting,
    scheduler,
    feed: history.feed,
  };
}

/** The console's page of alerts, where people are told how to reach the hub. */
const alertsLink = ({ publicUrl, basePath }: HubConfig): string | null =>
  publicUrl === null ? null : `${publicUrl}${basePath}/alerts`;

/** That nobody decided in time is nobody's request: the hub writes it down itself. */
function auditExpired(action: Action, audit: AuditTrail): void {
  if (action.finishedAtMs === null || action.approval?.state !== 'expired') return;
  const doer = { actor: action.by, way: 'hub', address: '' };
  const target = `${action.id}: ${action.verb} ${action.selector}`;
  audit.refused(doer, { what: 'second person', target }, 'nobody approved it in time', 'person');
}
