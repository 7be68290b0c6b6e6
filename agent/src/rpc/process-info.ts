import type { Process } from '../process/supervisor.ts';
import type { ProcessInfo } from '../protocol/info.ts';
import { PROCESS_STATE_CODES } from '../protocol/states.ts';
import { describeProcess } from './description.ts';

const LATEST_S = 2 ** 31 - 1;

/** The wire struct of one process. Contract: RPC-094 to RPC-103, RPC-018. */
export function processInfo(process: Process, nowMs: number): ProcessInfo {
  const start = seconds(process.startedAtMs);
  const now = seconds(nowMs);
  const stop = seconds(process.stoppedAtMs);
  const stdout = process.log('stdout')?.path ?? '';
  return {
    name: process.name,
    group: process.group,
    start,
    stop,
    now,
    state: PROCESS_STATE_CODES[process.state],
    statename: process.state,
    spawnerr: process.spawnError,
    exitstatus: exitStatus(process),
    logfile: stdout,
    stdout_logfile: stdout,
    stderr_logfile: process.log('stderr')?.path ?? '',
    pid: process.pid,
    description: describeProcess(process, { start, stop, now }),
  };
}

/** Contract: RPC-096. */
function exitStatus({ exit }: Process): number {
  if (exit === null) return 0;
  return exit.code ?? -1;
}

function seconds(ms: number): number {
  return Math.min(Math.floor(ms / 1_000), LATEST_S);
}
