import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ActionMarks } from './action-marks.ts';
import { Actions } from './actions.ts';
import { AgentKeys } from './agent-keys.ts';
import { AlertChannels } from './alert-channels.ts';
import { AlertDeliveries } from './alert-deliveries.ts';
import { AlertRules } from './alert-rules.ts';
import { Alerts } from './alerts.ts';
import { ApiTokens } from './api-tokens.ts';
import { Audit } from './audit.ts';
import { Beats } from './beats.ts';
import { CredentialStore } from './credentials.ts';
import { Database } from './database.ts';
import { FleetEvents } from './fleet-events.ts';
import { giveToFolderOwner } from './folder-owner.ts';
import { HostTokens } from './host-tokens.ts';
import { Hosts } from './hosts.ts';
import { HubKeys } from './hub-keys.ts';
import { JoinTokens } from './join-tokens.ts';
import { sealOfDatabase } from './key-file.ts';
import { LastKnownHosts } from './last-known.ts';
import { makeFolder } from './make-folder.ts';
import { Metrics } from './metrics.ts';
import { migrate } from './migrate.ts';
import { Schedules } from './schedules.ts';
import type { Seal } from './seal.ts';
import { Sessions } from './sessions.ts';
import { Settings } from './settings.ts';
import { SignInFailures } from './sign-in-failures.ts';
import { asStoreProblem, StoreProblem } from './store-problem.ts';
import { UplinkCursors } from './uplink-cursors.ts';
import { Users } from './users.ts';
import { Views } from './views.ts';

/** Everything the hub keeps, one member per table. */
export interface Store {
  readonly hosts: Hosts;
  readonly agentKeys: AgentKeys;
  readonly uplinkCursors: UplinkCursors;
  readonly credentials: CredentialStore;
  readonly joinTokens: JoinTokens;
  readonly hostTokens: HostTokens;
  readonly users: Users;
  readonly sessions: Sessions;
  readonly apiTokens: ApiTokens;
  readonly signInFailures: SignInFailures;
  readonly actions: Actions;
  readonly actionMarks: ActionMarks;
  readonly events: FleetEvents;
  readonly beats: Beats;
  readonly lastKnown: LastKnownHosts;
  readonly metrics: Metrics;
  readonly hubKeys: HubKeys;
  readonly audit: Audit;
  readonly settings: Settings;
  readonly views: Views;
  readonly alerts: Alerts;
  readonly alertRules: AlertRules;
  readonly alertChannels: AlertChannels;
  readonly alertDeliveries: AlertDeliveries;
  readonly schedules: Schedules;
  readonly seal: Seal;
  /** Several writes as one: all of them or none. */
  inTransaction<T>(work: () => T): T;
  /** Another number whenever somebody else has written to the database. */
  dataVersion(): number;
  /** Size of the database, without its journal. */
  bytes(): number;
  /** Gives the room of removed rows back to the disk. */
  compact(): void;
  /** Whether another program holds the database locked now. */
  isLocked(): boolean;
  close(): void;
}

export interface StorePlace {
  readonly dataFolder: string;
  readonly migrations: string;
  readonly nowMs: number;
  /** How long one write may hold up everything else; a hub that serves people waits in turns instead. */
  readonly lockWaitMs?: number;
}

/**
 * Opens the store in `dataFolder`, making it at the first start: `fleetvisor.db` and beside it `hub.key`.
 * Throws `StoreProblem` with one sentence for a folder or database that cannot be used; never makes a new
 * database in place of a damaged one.
 */
export function openStore({ dataFolder, migrations, nowMs, lockWaitMs }: StorePlace): Store {
  const file = join(dataFolder, 'fleetvisor.db');
  let db: Database | null = null;
  try {
    makeFolder(dataFolder);
    const isNew = !existsSync(file);
    db = new Database(file, 'normal', lockWaitMs);
    if (isNew) giveToFolderOwner(file);
    check(db, file);
    migrate(db, migrations);
    const seal = sealOfDatabase(dataFolder, db.sealedKey());
    return tablesOf(db, new Database(file, 'full', lockWaitMs), seal, nowMs);
  } catch (error) {
    db?.close();
    throw asStoreProblem(isAboutDatabase(error) ? file : dataFolder, error);
  }
}

function isAboutDatabase(error: unknown): boolean {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('SQLITE_');
}

function check(db: Database, file: string): void {
  const says = db.pragma('quick_check(1)');
  if (says !== 'ok')
    throw new StoreProblem(
      `${file}: it is damaged (${says}): keep the file, and restore a backup in its place`,
    );
}

function tablesOf(db: Database, journal: Database, seal: Seal, nowMs: number): Store {
  return {
    hosts: new Hosts(db),
    agentKeys: new AgentKeys(db),
    uplinkCursors: new UplinkCursors(db),
    credentials: new CredentialStore(db, seal),
    joinTokens: new JoinTokens(db),
    hostTokens: new HostTokens(db),
    users: new Users(db),
    sessions: new Sessions(db),
    apiTokens: new ApiTokens(db),
    signInFailures: new SignInFailures(db),
    actions: new Actions(journal),
    actionMarks: new ActionMarks(journal),
    events: new FleetEvents(db),
    beats: new Beats(db),
    lastKnown: new LastKnownHosts(db),
    metrics: new Metrics(db),
    hubKeys: new HubKeys(db, seal, nowMs),
    audit: new Audit(journal, seal),
    settings: new Settings(db),
    views: new Views(db),
    alerts: new Alerts(db),
    alertRules: new AlertRules(db),
    alertChannels: new AlertChannels(db, seal),
    alertDeliveries: new AlertDeliveries(db),
    schedules: new Schedules(journal),
    seal,
    inTransaction: (work) => db.inTransaction(work),
    dataVersion: () => db.dataVersion(),
    bytes: () => Number(db.pragma('page_count')) * Number(db.pragma('page_size')),
    compact() {
      db.script('vacuum');
      db.pragma('wal_checkpoint(truncate)');
    },
    isLocked: () => journal.isLocked(),
    close() {
      journal.close();
      db.close();
    },
  };
}
