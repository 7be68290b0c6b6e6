import { DAEMON_STATE_CODES, type DaemonState, FAULT_CODES } from '@fleetvisor/agent/protocol';
import type { HostFacts } from '../fleet/host.ts';
import type { SupervisordClient } from './supervisord-client.ts';
import { FaultAnswer } from './xmlrpc-call.ts';

export type ToldFacts = Omit<HostFacts, 'clockSkewMs'>;

const STATES = Object.keys(DAEMON_STATE_CODES) as DaemonState[];

/** What a supervisord says of itself. A method it lacks leaves a gap; throws `TransportError`. */
export async function askFacts(client: SupervisordClient): Promise<ToldFacts> {
  const state = await askIfKnown(client, 'supervisor.getState');
  const identifier = await askIfKnown(client, 'supervisor.getIdentification');
  const version = await askIfKnown(client, 'supervisor.getSupervisorVersion');
  const pid = await askIfKnown(client, 'supervisor.getPID');
  return {
    identifier: shortText(identifier),
    version: shortText(version),
    daemonState: daemonState(state),
    pid: typeof pid === 'number' ? pid : null,
  };
}

async function askIfKnown(client: SupervisordClient, method: string): Promise<unknown> {
  try {
    return await client.ask(method);
  } catch (error) {
    if (error instanceof FaultAnswer && error.faultCode === FAULT_CODES.UNKNOWN_METHOD) return null;
    throw error;
  }
}

function shortText(value: unknown): string {
  return typeof value === 'string' ? value.slice(0, 200) : '';
}

function daemonState(answer: unknown): DaemonState {
  const name =
    typeof answer === 'object' && answer !== null && 'statename' in answer ? answer.statename : null;
  return STATES.find((state) => state === name) ?? 'RUNNING';
}

export function sameFacts(a: ToldFacts, b: ToldFacts): boolean {
  return (
    a.identifier === b.identifier &&
    a.version === b.version &&
    a.daemonState === b.daemonState &&
    a.pid === b.pid
  );
}
