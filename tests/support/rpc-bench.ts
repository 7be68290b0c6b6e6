import type { Config, ProcessConfig } from '../../agent/src/config/config.ts';
import type { Supervisor } from '../../agent/src/process/supervisor.ts';
import type { DaemonState } from '../../agent/src/protocol/states.ts';
import { createMethods } from '../../agent/src/rpc/methods.ts';
import { bench, groupConfig, heardLog, processConfig } from './process-parts.ts';

function unexpected(): never {
  throw new Error('not part of this bench');
}

/** The methods over real groups whose children and time are in the test's hands: `{ group: [members…] }`. */
export function rpcBench(groups: Readonly<Record<string, readonly Partial<ProcessConfig>[]>>) {
  const world = bench();
  const made = Object.entries(groups).map(([name, members]) =>
    world.group(
      groupConfig(
        name,
        999,
        members.map((member) => processConfig({ group: name, name, ...member })),
      ),
    ),
  );
  const daemon = { state: 'RUNNING' as DaemonState };
  // only what the methods under test look at
  const config = {
    rpcInterfaces: ['supervisor'],
    groups: made.map((group) => group.config),
  } as unknown as Config;
  const supervisor: Supervisor = {
    events: world.bus,
    mainLog: heardLog(world.lines),
    daemonState: () => daemon.state,
    config: () => config,
    groups: () => made,
    group: (name) => made.find((group) => group.name === name),
    reread: unexpected,
    addGroup: unexpected,
    removeGroup: unexpected,
    shutdown: unexpected,
    restart: unexpected,
    strays: () => [],
    reopenLogs: unexpected,
  };
  const methods = createMethods({ supervisor, clock: world.clock, pid: 1 });
  return {
    ...world,
    daemon,
    /** Lets a child end, and whatever waits for that hear of it. */
    exit: (name: string, code: number) => {
      const process = made.flatMap((group) => group.processes).find((one) => one.name === name);
      world.os.exit(process?.pid ?? 0, code);
      world.clock.advance(0);
    },
    call: (method: string, ...params: unknown[]) =>
      methods.call(method.includes('.') ? method : `supervisor.${method}`, params),
  };
}
