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
import { isSameLog, openConfiguredLog } from './main-log.ts';
import { heedMishaps } from './mishaps.ts';
import { PidHolder } from './pid-holder.ts';
import { raiseLimits } from './raise-limits.ts';
import { obeySignals } from './signals.ts';
import { stackOf } from './stack-of.ts';
import { UsageError } from './usage-error.ts';

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
 * Throws UsageError when it cannot begin; then nothing was started. Whatever else it throws is a bug, and in the
 * log with its stack: every child is stopped then. Contract: PROC-074 to PROC-081.
 */
export async function runDaemon(options: RunOptions): Promise<void> {
  const { launchNofile, readConfig, version } = options;
  let { config } = options;
  closeInheritedOnExec();
  if (config.daemon.user !== null) dropPrivileges(config.daemon.user);
  let notices = [...aboutUser(config.daemon), ...aboutLimits(config.daemon, launchNofile)];
  let log = openConfiguredLog(config, systemClock);
  const mishaps = heedMishaps((error) => log.critical(`uncaught error: ${stackOf(error)}`));
  const os = realOs({
    childNofile: Math.max(launchNofile, config.daemon.minFds),
    foreignReaped: (pid, end) => log.info(`reaped unknown pid ${pid} (${describeEnd(end)})`),
  });
  const pidFile = new PidHolder();
  const lasting = { clock: systemClock, os, serials: createSerials(), pidFile, version, readConfig };
  const orders = obeySignals();
  keepAlive();
  for (let isFirst = true; ; isFirst = false) {
    const { daemon } = config;
    const committed = (supervisor: LocalSupervisor): void => {
      mishaps.surviveFromNow();
      orders.obeyFor(supervisor);
      if (isFirst && options.inBackground) takeOver(daemon, log);
    };
    const over = (): void => {
      orders.hold();
      mishaps.endWithNext();
    };
    const generation = runGeneration(lasting, { config, log, notices, committed, over });
    const next = await mishaps.orMishap(generation).catch((error: unknown) => {
      if (!(error instanceof UsageError)) log.critical(`supervisord ends: ${stackOf(error)}`);
      pidFile.remove(); // held, perhaps still empty: nobody lives here
      throw error;
    });
    if (next.kind === 'exit') break;
    log = reopenedIfChanged(log, config, next.config);
    config = next.config;
    notices = aboutUser(config.daemon);
  }
  pidFile.remove();
}

function aboutUser({ user }: DaemonConfig): Notice[] {
  if (user !== null) return [{ level: 'info', text: `Set uid to user ${user.uid} succeeded` }];
  return process.getuid?.() === 0 ? [{ level: 'critical', text: RUNNING_AS_ROOT }] : [];
}

function aboutLimits(daemon: DaemonConfig, launchNofile: number): Notice[] {
  return raiseLimits(daemon, launchNofile).map((text) => ({ level: 'info', text }));
}

function reopenedIfChanged(log: MainLog, before: Config, now: Config): MainLog {
  if (isSameLog(before.daemon, now.daemon)) return log;
  const next = openConfiguredLog(now, systemClock);
  log.close();
  return next;
}

const RUNNING_AS_ROOT =
  'Supervisor is running as root.  Privileges were not dropped because no user is specified in the config file.  If you intend to run as root, you can set user=root in the config file to avoid this message.';
