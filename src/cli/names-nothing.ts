import type { HostView, Plan } from '../api/contract.ts';
import { CliFailure } from './failure.ts';
import type { HubApi } from './hub-api.ts';

/** That a selector names no process; the name alone of a host, a group or a process is what people write then. */
export async function namesNoProcess(selector: string, hub: HubApi): Promise<CliFailure> {
  const says = `"${selector}" names no process that is known`;
  return new CliFailure('nothing', says, (await meantBy(selector, hub)) ?? 'See all: fleetvisor status');
}

async function meantBy(selector: string, hub: HubApi): Promise<string | null> {
  const hosts = await hub.get<readonly HostView[]>('/hosts');
  if (hosts.some(({ name }) => name === selector)) return `All of that host: '${selector}/*'`;
  if (!/^[\w.-]+$/.test(selector)) return null;
  const names = async (other: string): Promise<boolean> => {
    const plan = await hub.post<Plan>('/plans', { verb: 'restart', selector: other });
    return plan.targets.length + plan.leftAlone.length > 0;
  };
  if (await names(`group ${selector}`)) return `All of that group: '${selector}:*'`;
  return (await names(`*:${selector}`)) ? `All processes of that name: '*:${selector}'` : null;
}
