import type { Channel } from '@fleetvisor/agent/protocol';
import type { Parsed } from '../fleet/problem.ts';
import type { FleetState } from './fleet-state.ts';
import { channelsOf, type Named, NONE_NAMED, nameOf, readTargets } from './tail-wish.ts';

/** One log of one process. */
export interface SearchedLog {
  /** `host/group:process` */
  readonly name: string;
  readonly hostId: string;
  readonly host: string;
  readonly group: string;
  readonly process: string;
  readonly channel: Channel;
}

/** The logs some targets name now, by name; problems when there are none. */
export function searchedLogs(
  wish: Named & { readonly channels: readonly Channel[] },
  { fleet }: { readonly fleet: FleetState },
): Parsed<readonly SearchedLog[]> {
  const now = { hosts: fleet.hosts(), processes: fleet.processes() };
  const wanted = readTargets(wish, now);
  if (!wanted.ok) return wanted;
  const hosts = new Map(now.hosts.map((host) => [host.id, host]));
  const logs = now.processes.flatMap((process) => {
    const host = hosts.get(process.hostId);
    if (host === undefined || !wanted.value.has(host, process)) return [];
    const { group, name } = process;
    return channelsOf(process, wish.channels).map((channel) => ({
      name: nameOf(host, process),
      hostId: host.id,
      host: host.name,
      group,
      process: name,
      channel,
    }));
  });
  if (logs.length === 0) return { ok: false, problems: [NONE_NAMED.log] };
  return { ok: true, value: logs.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0)) };
}
