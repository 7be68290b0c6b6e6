import type { HostView } from '../api/contract.ts';
import { CliFailure } from './failure.ts';
import type { HubApi } from './hub-api.ts';

/** That a selector names no process; a host's name alone is what people write then. */
export async function namesNoProcess(selector: string, hub: HubApi): Promise<CliFailure> {
  const hosts = await hub.get<readonly HostView[]>('/hosts');
  const says = `"${selector}" names no process that is known`;
  const isHost = hosts.some(({ name }) => name === selector);
  return new CliFailure(
    'nothing',
    says,
    isHost ? `All of that host: '${selector}/*'` : 'See all: fleetvisor status',
  );
}
