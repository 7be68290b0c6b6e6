import type { Clock } from '../os/clock.ts';
import type { Supervisor } from '../process/supervisor.ts';
import { daemonMethods } from './daemon-methods.ts';
import { refuseWhileStopping } from './daemon-state.ts';
import { Fault } from './faults.ts';
import { infoMethods } from './info-methods.ts';
import { logMethods } from './log-methods.ts';
import type { Method, MethodContext, MethodTable } from './method.ts';
import { ProcessWaits } from './process-waits.ts';
import { signalMethods } from './signal-methods.ts';
import { startMethods } from './start-methods.ts';
import { stdinMethods } from './stdin-methods.ts';
import { stopMethods } from './stop-methods.ts';
import { strayMethods } from './stray-methods.ts';
import { systemMethods } from './system-methods.ts';

export interface MethodPorts {
  readonly supervisor: Supervisor;
  readonly clock: Clock;
  /** The daemon's own process id. */
  readonly pid: number;
}

/** The methods of the daemon, as XML-RPC and the uplink call them. */
export interface Methods {
  /**
   * Calls a method by its full name, as `supervisor.startProcess`; resolves when it has its answer.
   * Rejects with a `Fault`; any other rejection is a bug. Contract: RPC-020 to RPC-023.
   */
  call(method: string, params: readonly unknown[]): Promise<unknown>;
}

/** Older names that still answer. Contract: RPC-050, RPC-112, RPC-122, RPC-130. */
const ALIASES = {
  getVersion: 'getAPIVersion',
  readMainLog: 'readLog',
  readProcessLog: 'readProcessStdoutLog',
  tailProcessLog: 'tailProcessStdoutLog',
  clearProcessLog: 'clearProcessLogs',
} as const;

const SUPERVISOR_METHODS: Readonly<Record<string, Method>> = {
  ...daemonMethods,
  ...startMethods,
  ...stopMethods,
  ...signalMethods,
  ...infoMethods,
  ...logMethods,
  ...stdinMethods,
};

/** Makes the methods of a supervisor; without `[rpcinterface:supervisor]` there are only `system.*`. */
export function createMethods({ supervisor, clock, pid }: MethodPorts): Methods {
  const context: MethodContext = { supervisor, clock, pid, waits: new ProcessWaits(supervisor.events) };
  const call = async (name: string, params: readonly unknown[]): Promise<unknown> => {
    const method = table.get(name);
    if (method === undefined) throw new Fault('UNKNOWN_METHOD');
    checkCount(method, params.length);
    if (method.stateCheck !== 'never') refuseWhileStopping(supervisor);
    return method.run(context, params);
  };
  const table: MethodTable = new Map([
    ...(supervisor.config().rpcInterfaces.includes('supervisor') ? supervisorMethods() : []),
    ...named('fleetvisor', strayMethods),
    ...named(
      'system',
      systemMethods(() => table, call),
    ),
  ]);
  return { call };
}

function checkCount({ params, required = params.length }: Method, given: number): void {
  if (given < required || given > params.length) throw new Fault('INCORRECT_PARAMETERS');
}

function supervisorMethods(): readonly [string, Method][] {
  const aliases = Object.entries(ALIASES).flatMap(([alias, name]) => {
    const method = SUPERVISOR_METHODS[name];
    return method === undefined ? [] : [[`supervisor.${alias}`, method] as [string, Method]];
  });
  return [...named('supervisor', SUPERVISOR_METHODS), ...aliases];
}

function named(namespace: string, methods: Readonly<Record<string, Method>>): readonly [string, Method][] {
  return Object.entries(methods).map(([name, method]) => [`${namespace}.${name}`, method]);
}
