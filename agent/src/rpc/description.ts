import { localStamp } from '../os/local-time.ts';
import type { Process } from '../process/supervisor.ts';
import type { ProcessState } from '../protocol/states.ts';

interface Times {
  /** Epoch seconds, 0 for never. */
  readonly start: number;
  readonly stop: number;
  readonly now: number;
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

const DESCRIBE: Readonly<Record<ProcessState, (process: Process, times: Times) => string>> = {
  RUNNING: ({ pid }, { start, now }) => `pid ${pid}, uptime ${formatUptime(now - start)}`,
  FATAL: describeFailure,
  BACKOFF: describeFailure,
  STOPPED: describeEnd,
  EXITED: describeEnd,
  STARTING: () => '',
  STOPPING: () => '',
  UNKNOWN: () => '',
};

/** The `description` of a process, the text people read in `status`. Contract: RPC-099 to RPC-103. */
export function describeProcess(process: Process, times: Times): string {
  return DESCRIBE[process.state](process, times);
}

/** `1:02:03`, with `1 day, ` or `N days, ` in front; a clock set back shows 0:00:00. Contract: RPC-099. */
export function formatUptime(seconds: number): string {
  const s = Math.max(0, seconds);
  const days = Math.floor(s / 86_400);
  const clock = `${Math.floor((s % 86_400) / 3_600)}:${two(Math.floor((s % 3_600) / 60))}:${two(s % 60)}`;
  if (days === 0) return clock;
  return `${days} ${days === 1 ? 'day' : 'days'}, ${clock}`;
}

/** `Jan 31 09:05 AM` in local time. Contract: RPC-101. */
export function formatStopTime(epochSeconds: number): string {
  const [, month, day, hour, minute] = localStamp(epochSeconds * 1_000).split(/[- :]/);
  const half = Number(hour) < 12 ? 'AM' : 'PM';
  return `${MONTHS[Number(month) - 1]} ${day} ${two(Number(hour) % 12 || 12)}:${minute} ${half}`;
}

function describeFailure({ name, spawnError }: Process): string {
  return spawnError === '' ? `unknown error (try "tail ${name}")` : spawnError;
}

function describeEnd(_: Process, { start, stop }: Times): string {
  return start === 0 ? 'Not started' : formatStopTime(stop);
}

function two(n: number): string {
  return String(n).padStart(2, '0');
}
