import type { Supervisor } from '../process/supervisor.ts';
import { DAEMON_STATE_CODES } from '../protocol/states.ts';
import { Fault } from './faults.ts';

/** Faults with SHUTDOWN_STATE while the daemon shuts down or restarts. Contract: RPC-030. */
export function refuseWhileStopping(supervisor: Supervisor): void {
  if (DAEMON_STATE_CODES[supervisor.daemonState()] < DAEMON_STATE_CODES.RUNNING)
    throw new Fault('SHUTDOWN_STATE');
}
