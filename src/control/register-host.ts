import type { Host } from '../fleet/host.ts';
import type { Parsed, Problem } from '../fleet/problem.ts';
import type { SupervisordAddress } from '../links/supervisord-address.ts';
import type { Hosts } from '../store/hosts.ts';
import { randomId } from '../store/secret.ts';
import { type AddressPorts, resolvedProblem, usableAddress } from './host-address.ts';
import { readTrust, type TrustWish } from './trust-wish.ts';

export interface NewHostWish {
  readonly name: string;
  readonly url: string;
  readonly environment?: string | undefined;
  readonly tags?: readonly string[] | undefined;
  readonly notes?: string | undefined;
  readonly trust?: TrustWish | undefined;
}

export interface RegisterPorts extends AddressPorts {
  readonly hosts: Hosts;
}

/** A host as it may be added, with the PEM its `trust` names. */
export interface CheckedHost {
  readonly host: Host;
  readonly authority: string | null;
}

/**
 * Checks a supervisord somebody wants registered: the host as it may be added, or all that is wrong with it.
 * Asks the DNS, and nobody else.
 */
export async function hostFrom(wish: NewHostWish, ports: RegisterPorts): Promise<Parsed<CheckedHost>> {
  const address = usableAddress(wish.url, ports);
  const problems: Problem[] = address.ok ? [] : [...address.problems];
  if (ports.hosts.byName(wish.name) !== null) problems.push(nameTaken(wish.name));
  const trust = readTrust(wish.trust, address.ok ? address.value : null);
  if (!trust.ok) problems.push(...trust.problems);
  if (address.ok && problems.length === 0) {
    const unresolved = await resolvedProblem(address.value, ports);
    if (unresolved !== null) problems.push(unresolved);
  }
  const [first, ...rest] = problems;
  if (first !== undefined || !address.ok || !trust.ok)
    return { ok: false, problems: [first ?? { where: 'url', says: 'is wrong' }, ...rest] };
  const { authority, ...believed } = trust.value;
  return { ok: true, value: { host: { ...newHost(wish, address.value, ports), ...believed }, authority } };
}

/** The one refusal of a name, wherever names are given. */
export function nameTaken(name: string): Problem {
  return { where: 'name', says: `${name} is taken`, hint: 'Choose another name; case makes no difference.' };
}

function newHost(wish: NewHostWish, address: SupervisordAddress, { clock }: RegisterPorts): Host {
  return {
    id: randomId('h'),
    name: wish.name,
    kind: 'supervisord',
    url: address.shown,
    environment: wish.environment ?? null,
    tags: [...new Set(wish.tags ?? [])],
    disabled: false,
    createdAtMs: clock.wallMs(),
    ...(wish.notes === undefined || wish.notes === '' ? {} : { notes: wish.notes }),
  };
}
