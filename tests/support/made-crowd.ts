import { join } from 'node:path';
import { systemClock } from '../../agent/src/os/clock.ts';
import { startUplink } from '../../agent/src/uplink/uplink.ts';
import type { KillableHub } from './killable-hub.ts';
import { heardLog } from './process-parts.ts';
import { ScriptedSupervisor } from './scripted-supervisor.ts';
import { type Lifetime, tempDir } from './supervisors.ts';

export const BEYOND_EVERY_PID = 2 ** 22;

/** Agents of the shipped uplink in this process, each over a supervisor the test moves. */
export async function madeCrowd(
  t: Lifetime,
  hub: KillableHub,
  names: readonly string[],
  processes: readonly string[],
): Promise<ScriptedSupervisor[]> {
  const joinToken = await hub.verb('join-token', '--uses', `${names.length}`);
  const dir = tempDir(t);
  return names.map((hostName) => {
    const supervisor = new ScriptedSupervisor(null, processes);
    for (const name of processes) supervisor.move(name, 'RUNNING', { pid: BEYOND_EVERY_PID + 1 });
    const uplink = startUplink({
      config: {
        fleetvisor: {
          hub: hub.address,
          joinToken,
          joinTokenFile: null,
          identityFile: join(dir, `${hostName}.json`),
          hostName,
          allow: 'control',
        },
      },
      supervisor,
      callMethod: async () => true,
      clock: systemClock,
      version: '0.0.0',
      log: heardLog([]),
    });
    t.onTestFinished(() => uplink.close());
    return supervisor;
  });
}
