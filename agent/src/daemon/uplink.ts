import type { Config } from '../config/config.ts';
import type { MainLog } from '../logs/main-log.ts';
import type { Clock } from '../os/clock.ts';
import type { Supervisor } from '../process/supervisor.ts';
import type { Methods } from '../rpc/methods.ts';
import { stackOf } from './stack-of.ts';

export interface UplinkPorts {
  readonly config: Config;
  readonly supervisor: Supervisor;
  readonly methods: Methods;
  readonly clock: Clock;
  readonly log: MainLog;
  readonly version: string;
}

/** Connects to the hub if one is configured. Its code is loaded only then, and its failure stops nothing. */
export async function beginUplink(ports: UplinkPorts): Promise<{ close(): Promise<void> }> {
  if (ports.config.fleetvisor.hub === null) return { close: async () => {} };
  try {
    const { startUplink } = await import('../uplink/uplink.ts');
    return startUplink({ ...ports, callMethod: ports.methods.call });
  } catch (error) {
    ports.log.error(`uplink: ${stackOf(error)}`);
    return { close: async () => {} };
  }
}
