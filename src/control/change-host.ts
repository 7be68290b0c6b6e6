import type { Host, Maintenance } from '../fleet/host.ts';
import type { Parsed, Problem } from '../fleet/problem.ts';
import { parseSupervisordAddress } from '../links/supervisord-address.ts';
import type { Credentials } from '../store/credentials.ts';
import { resolvedProblem, usableAddress } from './host-address.ts';
import { nameTaken, type RegisterPorts } from './register-host.ts';
import type { HostSecrets } from './roster.ts';
import { readTrust, type TrustWish } from './trust-wish.ts';

/** What an operator may change of a host; what is left out stays. */
export interface HostChange {
  readonly name?: string | undefined;
  readonly url?: string | undefined;
  readonly environment?: string | null | undefined;
  readonly tags?: readonly string[] | undefined;
  readonly notes?: string | undefined;
  readonly disabled?: boolean | undefined;
  readonly maintenance?: Maintenance | null | undefined;
  readonly trust?: TrustWish | null | undefined;
  /** Null: sign in with nothing. */
  readonly credentials?: Credentials | null | undefined;
}

export interface ChangedHost {
  readonly host: Host;
  readonly secrets: HostSecrets;
}

/**
 * A host as it is to be from now on, or all that is wrong with the change.
 * Another scheme, host or port drops the credentials and the trust that were given for the old one.
 */
export async function changedHost(
  host: Host,
  change: HostChange,
  ports: RegisterPorts,
): Promise<Parsed<ChangedHost>> {
  const problems: Problem[] = [];
  const { url: newUrl, credentials } = change;
  if (host.kind === 'agent' && (newUrl !== undefined || credentials != null || change.trust != null))
    problems.push({
      where: 'url',
      says: 'an agent dials in: it has no address, password or certificate here',
    });
  const namesake = change.name === undefined ? null : ports.hosts.byName(change.name);
  if (change.name !== undefined && namesake !== null && namesake.id !== host.id)
    problems.push(nameTaken(change.name));
  const address = await newAddress(host, newUrl, ports, problems);
  const moved = newUrl !== undefined && !sameOrigin(host.url, newUrl);
  const trust = readTrust(change.trust ?? undefined, address);
  if (!trust.ok) problems.push(...trust.problems);
  const [first, ...rest] = problems;
  if (first !== undefined || !trust.ok)
    return { ok: false, problems: [first ?? { where: 'trust', says: 'is wrong' }, ...rest] };
  const dropTrust = change.trust !== undefined || moved;
  const { trust: oldTrust, maintenance: oldMaintenance, notes: oldNotes, ...row } = host;
  const believed = dropTrust ? trust.value.trust : oldTrust;
  const maintenance = change.maintenance === undefined ? oldMaintenance : change.maintenance;
  const notes = change.notes ?? oldNotes ?? '';
  return {
    ok: true,
    value: {
      host: {
        ...row,
        name: change.name ?? host.name,
        url: address === null ? host.url : address.shown,
        environment: change.environment === undefined ? host.environment : change.environment,
        tags: change.tags === undefined ? host.tags : [...new Set(change.tags)],
        disabled: change.disabled ?? host.disabled,
        ...(notes === '' ? {} : { notes }),
        ...(maintenance == null ? {} : { maintenance }),
        ...(believed === undefined ? {} : { trust: believed }),
      },
      secrets: {
        credentials: credentials !== undefined ? credentials : moved ? null : 'keep',
        ...(dropTrust ? { authority: trust.value.authority } : {}),
      },
    },
  };
}

/** The address the host will have; null for an agent, or with its problems noted. */
async function newAddress(host: Host, url: string | undefined, ports: RegisterPorts, problems: Problem[]) {
  if (host.url === null) return null;
  if (url === undefined || url === host.url) {
    const now = parseSupervisordAddress(host.url);
    return now.ok ? now.value : null;
  }
  const address = usableAddress(url, ports, host.id);
  if (!address.ok) {
    problems.push(...address.problems);
    return null;
  }
  const unresolved = await resolvedProblem(address.value, ports);
  if (unresolved !== null) problems.push(unresolved);
  return address.value;
}

/** Same scheme, host and port, or the same socket: whoever answers there may hear the same password. */
function sameOrigin(before: string | null, after: string): boolean {
  const left = parseSupervisordAddress(before ?? '');
  const right = parseSupervisordAddress(after);
  if (!left.ok || !right.ok) return false;
  const [a, b] = [left.value, right.value];
  if (a.kind === 'unix' || b.kind === 'unix')
    return a.kind === 'unix' && b.kind === 'unix' && a.socketPath === b.socketPath;
  return a.secure === b.secure && a.hostname === b.hostname && a.port === b.port;
}
