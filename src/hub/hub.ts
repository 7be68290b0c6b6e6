import type { Cancel, Clock } from '../clock.ts';
import type { HubConfig } from '../config.ts';
import { findSupervisors } from '../control/find-supervisors.ts';
import { keepHouse, sweep } from '../control/housekeeping.ts';
import { UNDO_REMOVE_MS } from '../control/roster.ts';
import type { FoundSupervisor } from '../fleet/found-supervisor.ts';
import { serveLive } from '../live/live.ts';
import { endKeyChange } from '../store/key-file.ts';
import { lockDataFolder } from '../store/lock.ts';
import { openStore, type Store } from '../store/store.ts';
import { addressPorts } from './address-ports.ts';
import { certificateEndsMs, watchCertificate } from './certificate.ts';
import { type Core, type HubPorts, openCore } from './core.ts';
import { appOver, attachSockets, closeDoors, socketServer } from './doors.ts';
import { httpServer, listen, renewCertificate } from './listen.ts';
import { Undo } from './undo.ts';

export interface Hub {
  /** `http://127.0.0.1:7373`, with the base path. */
  readonly address: string;
  /** Of the user made at the very first start; null ever after. */
  readonly firstLogin: { readonly user: string; readonly password: string } | null;
  /** Supervisords of this machine to offer; none once there are hosts. */
  found(): Promise<readonly FoundSupervisor[]>;
  /**
   * Shows those who come from now on the certificate that the files hold now, and says when it ends;
   * null for a hub without one. Throws `ListenProblem`, and goes on with the former one.
   */
  renewCertificate(): number | null;
  /** Ends every link and connection and writes what waits. */
  close(): Promise<void>;
}

/**
 * Starts a hub: store, links, API, sockets and pages on one server.
 * Rejects with `StoreProblem` or `ListenProblem`, having undone what it had begun.
 */
export async function startHub(config: HubConfig, ports: HubPorts): Promise<Hub> {
  const undo = new Undo((error) => ports.log.bug(error));
  try {
    const store = openStore({
      dataFolder: config.dataFolder,
      migrations: ports.migrations,
      nowMs: ports.clock.wallMs(),
      lockWaitMs: LOCK_WAIT_MS,
    });
    undo.later(() => store.close(), lockDataFolder(config.dataFolder));
    endKeyChange(config.dataFolder);
    return await open(config, store, ports, undo);
  } catch (error) {
    await undo.run();
    throw error;
  }
}

/** Nobody else is served meanwhile. */
const LOCK_WAIT_MS = 40;

async function open(config: HubConfig, store: Store, ports: HubPorts, undo: Undo): Promise<Hub> {
  const { clock, log, assetsFolder, answers } = ports;
  const bug = (error: unknown): void => log.bug(error);
  const io = socketServer(config);
  const core = openCore(config, store, io, ports, undo);
  let port = config.port;
  const server = httpServer(
    config,
    appOver({ config, core, clock, listeningOn: () => port, bug, assetsFolder, answers }),
  );
  attachSockets(io, server, config);
  serveLive(io, { ...core, clock, bug, trustedProxies: config.trustedProxies });
  core.roster.open();
  core.actions.resume();
  core.alerting.open();
  core.scheduler.open();
  port = await listen(server, config);
  undo.later(() => closeDoors(io, server, clock));
  undo.later(watchCertificate(config.tls, clock, (days) => log.certificateEnds(days)));
  undo.later(rereadRegistry(store, core, clock, bug));
  if (core.groups !== null) undo.later(core.groups.every(config.rereadGroupsMs));
  undo.later(keepHouseOver(config, store, core, clock, bug));
  const lost = store.credentials.lost();
  if (lost.length > 0) log.lostCredentials(lost);
  const firstLogin = await core.accounts.ensureFirstAdmin();
  const found = async (): Promise<readonly FoundSupervisor[]> =>
    store.hosts.all().length > 0 ? [] : findSupervisors(addressPorts(config, store, clock, () => port));
  return {
    address: addressOf(config, port),
    firstLogin,
    found,
    renewCertificate() {
      renewCertificate(server, config);
      return certificateEndsMs(config.tls);
    },
    close: () => undo.run(),
  };
}

function keepHouseOver(
  config: HubConfig,
  store: Store,
  { roster, absences }: Core,
  clock: Clock,
  bug: (error: unknown) => void,
): Cancel {
  const clean = (): void => void sweep(store, config, UNDO_REMOVE_MS, clock.wallMs());
  return keepHouse({ roster, seen: () => absences.seen(), clean }, clock, bug);
}

const LOOK_EVERY_MS = 2_000;

/** Notices what `fleetvisor hub` verbs write into the database of a running hub. */
function rereadRegistry(
  store: Store,
  { roster, accounts }: Core,
  clock: Clock,
  bug: (error: unknown) => void,
): Cancel {
  let version = store.dataVersion();
  let cancel: Cancel;
  const look = (): void => {
    cancel = clock.after(LOOK_EVERY_MS, look);
    const now = store.dataVersion();
    if (now === version) return;
    version = now;
    accounts.changed();
    store.hubKeys.reread();
    roster.reread().catch(bug);
  };
  cancel = clock.after(LOOK_EVERY_MS, look);
  return () => cancel();
}

function addressOf({ host, tls, basePath }: HubConfig, port: number): string {
  const name = host.includes(':') ? `[${host}]` : host;
  return `${tls === null ? 'http' : 'https'}://${name}:${port}${basePath}`;
}
