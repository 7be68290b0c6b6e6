import type { Config, DaemonConfig, Notice, Parsed } from '../config/config.ts';
import { createSerials } from '../events/serials.ts';
import type { MainLog } from '../logs/main-log.ts';
import { systemClock } from '../os/clock.ts';
import { closeInheritedOnExec } from '../os/inherited.ts';
import { keepAlive } from '../os/keep-alive.ts';
import { realOs } from '../os/real-os.ts';
import { describeEnd } from '../process/describe-end.ts';
import type { LocalSupervisor } from '../process/local-supervisor.ts';
import { takeOver } from './daemonise.ts';
import { dropPrivileges } from './drop-privileges.ts';
import { runGeneration } from './generation.ts';
import { openConfiguredLog } from './main-log.ts';
import { PidHolder } from './pid-holder.ts';
import { raiseLimits } from './raise-limits.ts';
import { obeySignals } from './signals.ts';
import { stackOf } from './stack-of.ts';

export interface RunOptions {
  readonly config: Config;
  /** The soft limit on descriptors that the first process of ours was launched with. */
  readonly launchNofile: number;
  /** This is the process that goes on alone; the one in front waits for it. */
  readonly inBackground: boolean;
  readonly version: string;
  readConfig(): Parsed<Config>;
}

/**
 * Supervises until an orderly shutdown is done, over any number of restarts in place.
 * Throws UsageError when it cannot begin; then nothing was started. Contract: PROC-074 to PROC-081.
 */
export async function runDaemon(options: RunOptions): Promise<void> {
  const { launchNofile, readConfig, version } = options;
  const first = options.config;
  closeInheritedOnExec();
  const notices = becomeWhatIsConfigured(first.daemon, launchNofile);
  let log = openConfiguredLog(first, systemClock);
  process.on('uncaughtException', (error) => log.critical(`uncaught error: ${stackOf(error)}`));
  const os = realOs({
    childNofile: Math.max(launchNofile, first.daemon.minFds),
    foreignReaped: (pid, end) => log.info(`reaped unknown pid ${pid} (${describeEnd(end)})`),
  });
  const pidFile = new PidHolder();
  const lasting = { clock: systemClock, os, serials: createSerials(), pidFile, version, readConfig };
  const orders = obeySignals();
  keepAlive();
  const commit = (daemon: DaemonConfig, log: MainLog) => (supervisor: LocalSupervisor) => {
    orders.obeyFor(supervisor);
    if (options.inBackground && daemon === first.daemon) takeOver(daemon, log);
  };
  for (let config = first, say: readonly Notice[] = notices; ; say = []) {
    const next = await runGeneration(lasting, {
      ...{ config, log, notices: say },
      committed: commit(config.daemon, log),
    });
    if (next.kind === 'exit') break;
    config = next.config;
    log = openConfiguredLog(config, systemClock);
  }
  pidFile.remove();
}

/** User and limits, for good; answers what there is to say about it. */
function becomeWhatIsConfigured(daemon: DaemonConfig, launchNofile: number): Notice[] {
  const notices: Notice[] = [];
  if (daemon.user !== null) {
    dropPrivileges(daemon.user);
    notices.push({ level: 'info', text: `Set uid to user ${daemon.user.uid} succeeded` });
  } else if (process.getuid?.() === 0) {
    notices.push({ level: 'critical', text: RUNNING_AS_ROOT });
  }
  for (const text of raiseLimits(daemon, launchNofile)) notices.push({ level: 'info', text });
  return notices;
}

const RUNNING_AS_ROOT =
  'Supervisor is running as root.  Privileges were not dropped because no user is specified in the config file.  If you intend to run as root, you can set user=root in the config file to avoid this message.';
