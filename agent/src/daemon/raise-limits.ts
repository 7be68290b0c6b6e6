import type { DaemonConfig } from '../config/config.ts';
import { type Limit, type Resource, readLimit, setLimit } from '../os/limits.ts';
import { UsageError } from './usage-error.ts';

interface LimitRow {
  readonly resource: Resource;
  readonly option: 'minFds' | 'minProcs';
  readonly says: (wanted: number, hard: number) => string;
}

const LIMITS: readonly LimitRow[] = [
  {
    resource: 'RLIMIT_NOFILE',
    option: 'minFds',
    says: (wanted, hard) =>
      `The minimum number of file descriptors required to run this process is ${wanted} as per the "minfds" command-line argument or config file setting. The current environment will only allow you to open ${hard} file descriptors.  Either raise the number of usable file descriptors in your environment (see README.rst) or lower the minfds setting in the config file to allow the process to start.`,
  },
  {
    resource: 'RLIMIT_NPROC',
    option: 'minProcs',
    says: (wanted, hard) =>
      `The minimum number of available processes required to run this program is ${wanted} as per the "minprocs" command-line argument or config file setting. The current environment will only allow you to open ${hard} processes.  Either raise the number of usable processes in your environment (see README.rst) or lower the minprocs setting in the config file to allow the program to start.`,
  },
];

/**
 * Raises the soft limits to what the configuration needs, the hard ones too where that is allowed. Answers the
 * lines to log. Descriptors count from what the daemon was launched with: Node raised its own before.
 * Throws UsageError. Contract: CFG-141, CFG-142, CFG-150.
 */
export function raiseLimits(config: DaemonConfig, launchNofile: number): string[] {
  return LIMITS.flatMap(({ resource, option, says }) => {
    const wanted = config[option];
    const now = readLimit(resource);
    const soft = resource === 'RLIMIT_NOFILE' ? Math.min(launchNofile, now.soft) : now.soft;
    if (soft >= wanted) return [];
    const problem = setLimit(resource, raised(now, wanted));
    if (problem !== null) throw new UsageError(says(wanted, now.hard));
    return [`Increased ${resource} limit to ${wanted}`];
  });
}

function raised({ soft, hard }: Limit, wanted: number): Limit {
  return { soft: Math.max(soft, wanted), hard: Math.max(hard, wanted) };
}
