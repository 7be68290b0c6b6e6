import type { HostView } from '../api/contract.ts';
import { CliFailure } from './failure.ts';
import type { HubApi } from './hub-api.ts';

/** The host of this name; case makes no difference. Throws CliFailure when there is none. */
export async function namedHost(api: HubApi, name: string): Promise<HostView> {
  const list = await api.get<readonly HostView[]>('/hosts');
  const host = list.find((one) => one.name.toLowerCase() === name.toLowerCase());
  if (host === undefined)
    throw new CliFailure('nothing', `no host is called "${name}"`, 'See: fleetvisor hosts');
  return host;
}

export const hostPath = ({ id }: Pick<HostView, 'id'>, rest = ''): string =>
  `/hosts/${encodeURIComponent(id)}${rest}`;
