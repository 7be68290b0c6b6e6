import { statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { systemClock } from './clock.ts';
import { CONFIG_HELP, type HubConfig, readConfig } from './config.ts';
import { addHost } from './hub/add-host.ts';
import { apiToken } from './hub/api-token.ts';
import { auditVerify } from './hub/audit-verify.ts';
import { auditedVerb } from './hub/audited-verb.ts';
import { backup, restoreBackup } from './hub/backup.ts';
import { hubDoctor } from './hub/doctor.ts';
import { findFolder } from './hub/find-folder.ts';
import { gc } from './hub/gc.ts';
import { hostToken } from './hub/host-token.ts';
import type { Hub } from './hub/hub.ts';
import { installLineVerb } from './hub/install-line.ts';
import { joinToken } from './hub/join-token.ts';
import { ListenProblem } from './hub/listen-problem.ts';
import type { HubLog } from './hub/log.ts';
import { nativeProblem } from './hub/native-problem.ts';
import { notifyReady } from './hub/notify-ready.ts';
import { resealVerb } from './hub/reseal.ts';
import { resetPassword } from './hub/reset-password.ts';
import { rotateKey } from './hub/rotate-key.ts';
import { keepHeapSmall } from './hub/small-heap.ts';
import { StartProblem } from './hub/start-problem.ts';
import { addUser, disableUser, users } from './hub/users.ts';
import { type FolderVerb, type HubVerb, readArgs } from './hub/verb.ts';
import { agentBundle, installFolder } from './install/bundle.ts';
import { openStore } from './store/store.ts';
import { StoreProblem } from './store/store-problem.ts';

const VERBS: readonly (HubVerb | FolderVerb)[] = [
  joinToken,
  installLineVerb,
  hostToken,
  apiToken,
  addHost,
  resetPassword,
  users,
  addUser,
  disableUser,
  rotateKey,
  resealVerb,
  auditVerify,
  backup,
  restoreBackup,
  gc,
  hubDoctor,
];
const STOP_WITHIN_MS = 5_000;

const out = (line: string): void => void process.stdout.write(`${line}\n`);
const problem = (line: string): void => void process.stderr.write(`fleetvisor hub: ${line}\n`);

// A reader that has seen enough, as `head` has, ends neither the hub nor a verb.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});

const HELP = [
  'Usage: fleetvisor hub [run] [options]      run the hub',
  ...VERBS.map((verb) => `       fleetvisor hub ${verb.usage}\n           ${verb.help}`),
  '',
  'Options, each also a variable of the environment:',
  ...CONFIG_HELP,
];

/** `fleetvisor hub …`: runs the hub until it is told to stop, or one verb on its data folder. */
export async function hubMain(args: readonly string[]): Promise<void> {
  if (args.includes('--help') || args.includes('-h')) return HELP.forEach(out);
  const read = readConfig(args, process.env);
  if (!read.ok) {
    for (const { where, says } of read.problems) problem(`${where}: ${says}`);
    process.exit(2);
  }
  process.umask(0o077); // what the data folder holds is for its owner only
  const [name = 'run', ...rest] = read.rest;
  const verb = VERBS.find((known) => known.name === name);
  try {
    if (verb !== undefined) process.exitCode = await runVerb(verb, rest, read.value);
    else if (name === 'run' && rest.length === 0) await run(read.value);
    else {
      problem(`${name === 'run' ? rest[0] : name} is not known here; "fleetvisor hub --help" lists what is`);
      process.exit(2);
    }
  } catch (error) {
    problem(oneLine(error));
    process.exit(1);
  }
}

async function runVerb(
  verb: HubVerb | FolderVerb,
  rest: readonly string[],
  config: HubConfig,
): Promise<number> {
  const args = readArgs(rest, verb);
  if ('says' in args) {
    problem(`${args.says}. Usage: fleetvisor hub ${verb.usage}`);
    return 2;
  }
  const place = { config, clock: systemClock, out, problem };
  if ('runOnFolder' in verb) return verb.runOnFolder(args, { ...place, migrations: migrations() });
  const { dataFolder } = config;
  if (isMissing(join(dataFolder, 'fleetvisor.db'))) {
    problem(
      `no hub has run in ${resolve(dataFolder)} yet: name the folder of yours with --data, or start one with "fleetvisor hub run"`,
    );
    return 1;
  }
  const store = openStore({ dataFolder, migrations: migrations(), nowMs: systemClock.wallMs() });
  try {
    return await auditedVerb(verb, args, { ...place, store });
  } finally {
    store.close();
  }
}

function isMissing(file: string): boolean {
  try {
    return statSync(file, { throwIfNoEntry: false }) === undefined;
  } catch {
    return false; // it cannot be looked at: opening it tells why
  }
}

async function run(config: HubConfig): Promise<void> {
  // Loaded only here: a verb on the data folder needs none of the server.
  const [{ startHub }, { hubLog }] = await Promise.all([import('./hub/hub.ts'), import('./hub/log.ts')]);
  keepHeapSmall(systemClock);
  const log = hubLog(config.logLevel);
  const hub = await startHub(config, {
    clock: systemClock,
    log,
    migrations: migrations(),
    random: Math.random,
  });
  log.started(hub.address, agentBundle(installFolder()));
  out(`Fleetvisor is at ${hub.address}`);
  if (hub.firstLogin !== null) {
    out(`First sign-in: user ${hub.firstLogin.user}, password ${hub.firstLogin.password}`);
    out('The password is shown this once and kept as a hash only.');
  }
  process.on('uncaughtException', (error) => log.bug(error));
  process.on('unhandledRejection', (error) => log.bug(error));
  stopOnSignal(hub, log);
  renewOnHangUp(hub, log);
  notifyReady(process.env, (error) =>
    problem(`systemd cannot be told that the hub is ready: ${oneLine(error)}`),
  );
  for (const { url, says, suggestedName } of await hub.found())
    out(`Found ${url}: ${says}\n  Add it: fleetvisor hosts add ${suggestedName} ${url}`);
}

/** Renewed certificates are taken without cutting anybody off; a hub without one has nothing to do then. */
function renewOnHangUp(hub: Hub, log: HubLog): void {
  process.on('SIGHUP', () => {
    try {
      log.reloaded(hub.renewCertificate());
    } catch (error) {
      log.notReloaded(oneLine(error));
    }
  });
}

function stopOnSignal(hub: Hub, log: HubLog): void {
  let stopping = false;
  const stop = (signal: NodeJS.Signals): void => {
    if (stopping) process.exit(1);
    stopping = true;
    log.stopping(signal);
    systemClock.after(STOP_WITHIN_MS, () => process.exit(1));
    hub.close().then(() => process.exit(0));
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, stop);
}

const migrations = (): string => findFolder(import.meta.dirname, 'migrations');

/** What an operator can act on as one line; anything else with its stack. */
function oneLine(error: unknown): string {
  if (error instanceof StoreProblem || error instanceof ListenProblem || error instanceof StartProblem)
    return error.message;
  if (!(error instanceof Error)) return String(error);
  const native = nativeProblem(error);
  if (native !== null) return native;
  return error.stack ?? error.message;
}
