import type { Config, Notice } from '../config/config.ts';
import type { Serials } from '../events/serials.ts';
import { type HttpServers, startHttpServers } from '../http/servers.ts';
import { clearAutoLogs } from '../logs/auto-logs.ts';
import type { MainLog } from '../logs/main-log.ts';
import type { Clock } from '../os/clock.ts';
import type { Os } from '../os/os.ts';
import type { AfterStop, LocalSupervisor } from '../process/local-supervisor.ts';
import { Refusal } from '../process/refusal.ts';
import { createMethods } from '../rpc/methods.ts';
import { ChildLedgerFile } from './child-ledger.ts';
import { sayNotices } from './main-log.ts';
import { makeSupervisor } from './make-supervisor.ts';
import type { PidHolder } from './pid-holder.ts';
import { beginUplink } from './uplink.ts';
import { UsageError } from './usage-error.ts';

/** What outlives a restart in place. */
export interface Lasting {
  readonly clock: Clock;
  readonly os: Os;
  readonly serials: Serials;
  readonly pidFile: PidHolder;
  readonly version: string;
  readonly readConfig: Parameters<typeof makeSupervisor>[0]['readConfig'];
}

export interface GenerationOptions {
  readonly config: Config;
  readonly log: MainLog;
  readonly notices: readonly Notice[];
  /** Called once everything that can be refused was not: from then on the daemon is on its own. */
  readonly committed: (supervisor: LocalSupervisor) => void;
  /** Called once every process is stopped, before anything is closed. */
  readonly over: () => void;
}

/**
 * One run between two restarts in place: resolves when it is stopped in order, with what follows.
 * Throws UsageError when it cannot begin; then nothing was started. Another error is thrown once nothing runs.
 * Contract: PROC-079.
 */
export async function runGeneration(lasting: Lasting, options: GenerationOptions): Promise<AfterStop> {
  const { config, log } = options;
  sayNotices([...config.notices, ...options.notices], log);
  let stopped: (next: AfterStop) => void = () => {};
  const ended = new Promise<AfterStop>((resolve) => {
    stopped = resolve;
  });
  const ledger = new ChildLedgerFile(config.daemon.pidFile, log);
  const supervisor = makeSupervisor({ ...lasting, config, log, ledger, stopped });
  const isOnlyOne = lasting.pidFile.claim(config.daemon.pidFile);
  if (isOnlyOne) prepare(supervisor, log);
  const methods = createMethods({ supervisor, clock: lasting.clock, pid: process.pid });
  const servers = await openServers({ ...lasting, supervisor, methods, log });
  if (!isOnlyOne) await servers.close();
  lasting.pidFile.insist();
  options.committed(supervisor);
  lasting.pidFile.write(log);
  const bug = begin(supervisor, ledger);
  const uplink = await beginUplink({ ...lasting, config, supervisor, methods, log });
  const next = await ended;
  options.over();
  if (bug !== null) throw bug.error;
  ledger.remove();
  await uplink.close();
  await servers.close();
  return next;
}

/** An error in the middle of it may leave children behind: they are stopped in order before it goes on. */
function begin(supervisor: LocalSupervisor, ledger: ChildLedgerFile): { readonly error: unknown } | null {
  try {
    supervisor.begin(ledger.leftBehind());
    return null;
  } catch (error) {
    supervisor.requestExit();
    return { error };
  }
}

/** Contract: PROC-092, PROC-094, PROC-119. */
function prepare(supervisor: LocalSupervisor, log: MainLog): void {
  const { daemon } = supervisor.config();
  if (!daemon.keepAutoLogs) clearAutoLogs(daemon.childLogDir, daemon.identifier, log);
  try {
    supervisor.addConfiguredGroups();
  } catch (error) {
    throw error instanceof Refusal ? new UsageError(error.subject) : error;
  }
}

type ServerPorts = Omit<Parameters<typeof startHttpServers>[0], 'servers' | 'warn'>;

async function openServers(ports: ServerPorts): Promise<HttpServers> {
  const { servers } = ports.supervisor.config();
  try {
    return await startHttpServers({ ...ports, servers, warn: (line) => process.stderr.write(`${line}\n`) });
  } catch (error) {
    throw error instanceof Error && error.name === 'CannotListen' ? new UsageError(error.message) : error;
  }
}
