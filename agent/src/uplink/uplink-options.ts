import type { Config } from '../config/config.ts';
import type { MainLog } from '../logs/main-log.ts';
import type { Clock } from '../os/clock.ts';
import type { Supervisor } from '../process/supervisor.ts';
import type { CallMethod } from './calls.ts';

export interface UplinkOptions {
  readonly config: Pick<Config, 'fleetvisor'>;
  readonly supervisor: Supervisor;
  /** Calls a method by its XML-RPC name; throws `{faultCode, faultString}`. */
  readonly callMethod: CallMethod;
  readonly clock: Clock;
  /** The agent's own. */
  readonly version: string;
  readonly log: MainLog;
  /** From 0 up to, not including, 1: spreads reconnects. */
  readonly random?: () => number;
}
