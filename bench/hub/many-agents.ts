import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../../agent/src/os/clock.ts';
import { startUplink } from '../../agent/src/uplink/uplink.ts';
import { heardLog } from '../../tests/support/process-parts.ts';
import { ScriptedSupervisor } from '../../tests/support/scripted-supervisor.ts';

/**
 * Plays `count` agents in one process, with the shipped uplink and a supervisor that obeys at once:
 * four processes each, one event every ten seconds. Until its parent goes.
 */
export async function playAgents(
  hub: string,
  joinToken: string,
  first: number,
  count: number,
): Promise<void> {
  const dir = mkdtempSync(join(tmpdir(), 'fleetvisor-agents-'));
  for (let index = first; index < first + count; index += 1) {
    playAgent({ hub, joinToken, dir, name: `host-${index}` });
    await new Promise((done) => setTimeout(done, 3));
  }
  process.on('disconnect', () => process.exit(0));
}

function playAgent({
  hub,
  joinToken,
  dir,
  name,
}: {
  hub: string;
  joinToken: string;
  dir: string;
  name: string;
}): void {
  const names = ['web:p00', 'web:p01', 'web:p02', 'web:p03'];
  const supervisor = new ScriptedSupervisor(null, names);
  const pid = 2 ** 22 + 1; // beyond every real one
  for (const each of names) supervisor.move(each, 'RUNNING', { pid });
  const flip = (): void => {
    if (supervisor.process('web:p03').state === 'RUNNING') supervisor.move('web:p03', 'RUNNING', { pid });
    systemClock.after(10_000, flip);
  };
  systemClock.after(Math.random() * 10_000, flip);
  startUplink({
    config: {
      fleetvisor: {
        hub,
        joinToken,
        joinTokenFile: null,
        identityFile: join(dir, `${name}.json`),
        hostName: name,
        allow: 'control',
      },
    },
    supervisor,
    callMethod: async (method, [target]) => {
      const to = method === 'supervisor.stopProcess' ? 'STOPPED' : 'RUNNING';
      supervisor.move(String(target), to, { pid });
      return true;
    },
    clock: systemClock,
    version: '0.0.0',
    log: heardLog([]),
  });
}
