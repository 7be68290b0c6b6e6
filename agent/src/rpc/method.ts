import type { Clock } from '../os/clock.ts';
import type { Supervisor } from '../process/supervisor.ts';
import type { ProcessWaits } from './process-waits.ts';

export type WireType = 'array' | 'boolean' | 'int' | 'string' | 'struct';

export interface Param {
  readonly type: WireType;
  readonly name: string;
  readonly about: string;
}

/** What every method may use. */
export interface MethodContext {
  readonly supervisor: Supervisor;
  readonly clock: Clock;
  readonly waits: ProcessWaits;
  /** The daemon's own process id. */
  readonly pid: number;
}

/** One remote method: its documentation is its signature. */
export interface Method {
  /** First paragraph of the help text. */
  readonly help: string;
  readonly params: readonly Param[];
  /** How many of `params` must be given; all of them unless said. */
  readonly required?: number;
  readonly returns: readonly [type: WireType, about: string];
  /** `never`: answers in every state of the daemon; otherwise stopping is fault 6. Contract: RPC-030, RPC-031. */
  readonly stateCheck?: 'never';
  /** Answers, but is not in `system.listMethods`: the list is supervisord's. Contract: RPC-039. */
  readonly unlisted?: true;
  run(context: MethodContext, params: readonly unknown[]): unknown;
}

/** Methods by full name, as `supervisor.startProcess`. */
export type MethodTable = ReadonlyMap<string, Method>;

/** Documentation text in the form of supervisord's own: tags give the signature. Contract: RPC-040. */
export function helpText(method: Method): string {
  const params = method.params.map(({ type, name, about }) => `@param ${type} ${name} ${about}`);
  return [method.help, '', ...params, `@return ${method.returns[0]} result ${method.returns[1]}`].join('\n');
}

/** `[return type, parameter types…]`. Contract: RPC-041. */
export function signature(method: Method): readonly WireType[] {
  return [method.returns[0], ...method.params.map((param) => param.type)];
}
