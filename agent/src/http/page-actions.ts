import { ctime } from '../os/dates.ts';
import { FAULT_CODES } from '../protocol/faults.ts';
import { Fault } from '../rpc/faults.ts';
import { findProcess } from '../rpc/find-process.ts';
import type { HttpContext } from './exchange.ts';

type Run = (context: HttpContext, name: string) => Promise<string>;

const call = ({ methods }: HttpContext, method: string, name?: string) =>
  methods.call(`supervisor.${method}`, name === undefined ? [] : [name]);

/** Actions on everything. Contract: RPC-156, RPC-158. */
const ON_ALL: Readonly<Record<string, Run>> = {
  refresh: async (context) => `Page refreshed at ${now(context)}`,
  stopall: async (context) => {
    await call(context, 'stopAllProcesses');
    return `All stopped at ${now(context)}`;
  },
  restartall: async (context) => {
    await call(context, 'stopAllProcesses');
    await call(context, 'startAllProcesses');
    return `All restarted at ${now(context)}`;
  },
};

/** Actions on one process. Contract: RPC-156 to RPC-160. */
const ON_ONE: Readonly<Record<string, Run>> = {
  start: async (context, name) => {
    const fault = await faultOf(call(context, 'startProcess', name));
    return fault === null ? `Process ${name} started` : `ERROR: Process ${name}: ${startError(fault)}`;
  },
  stop: async (context, name) => {
    const fault = await faultOf(call(context, 'stopProcess', name));
    return fault === null ? `Process ${name} stopped` : unexpected(fault);
  },
  restart: async (context, name) => {
    await faultOf(call(context, 'stopProcess', name));
    await faultOf(call(context, 'startProcess', name));
    return `Process ${name} restarted`;
  },
  clearlog: async (context, name) => {
    const fault = await faultOf(call(context, 'clearProcessLogs', name));
    return fault === null ? `Log for ${name} cleared` : unexpected(fault);
  },
};

const START_ERRORS: ReadonlyMap<number, string> = new Map([
  [FAULT_CODES.NO_FILE, 'no such file'],
  [FAULT_CODES.NOT_EXECUTABLE, 'file not executable'],
  [FAULT_CODES.ALREADY_STARTED, 'already started'],
  [FAULT_CODES.SPAWN_ERROR, 'spawn error'],
  [FAULT_CODES.ABNORMAL_TERMINATION, 'abnormal termination'],
]);

/** Whether the page has such an action; one on a process needs its name. Contract: RPC-161. */
export function isAction(action: string, name: string): boolean {
  return Object.hasOwn(ON_ALL, action) || (name !== '' && Object.hasOwn(ON_ONE, action));
}

/** Acts, waits for the end of it and answers the sentence to show. Never throws a `Fault`. Contract: RPC-157 to RPC-162. */
export async function runPageAction(context: HttpContext, action: string, name: string): Promise<string> {
  const onAll = Object.hasOwn(ON_ALL, action) ? ON_ALL[action] : undefined;
  if (onAll !== undefined) return onAll(context, name).catch((error) => unexpected(asFault(error)));
  if (!isOneProcess(context, name)) return `No such process named ${name}`;
  return ON_ONE[action]?.(context, name) ?? '';
}

function isOneProcess({ supervisor }: HttpContext, name: string): boolean {
  try {
    findProcess(supervisor, name);
    return true;
  } catch (error) {
    asFault(error);
    return false;
  }
}

function faultOf(outcome: Promise<unknown>): Promise<Fault | null> {
  return outcome.then(() => null, asFault);
}

function asFault(error: unknown): Fault {
  if (error instanceof Fault) return error;
  throw error;
}

function startError(fault: Fault): string {
  return START_ERRORS.get(fault.faultCode) ?? unexpected(fault);
}

function unexpected({ faultCode, faultString }: Fault): string {
  return `unexpected rpc fault [${faultCode}] ${faultString}`;
}

function now({ clock }: HttpContext): string {
  return ctime(clock.wallMs());
}
