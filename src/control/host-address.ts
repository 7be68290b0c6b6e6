import { normalize, sep } from 'node:path';
import type { Clock } from '../clock.ts';
import type { Host } from '../fleet/host.ts';
import type { Parsed, Problem } from '../fleet/problem.ts';
import { resolveName } from '../links/resolve-name.ts';
import {
  isForbiddenAddress,
  parseSupervisordAddress,
  type SupervisordAddress,
} from '../links/supervisord-address.ts';

export interface AddressPorts {
  readonly hosts: { all(): readonly Host[] };
  readonly clock: Clock;
  /** Folders below which sockets may lie. */
  readonly socketFolders: readonly string[];
  /** Whether the hub itself listens there: it would end up asking itself. */
  readonly isOwnListener: (hostname: string, port: number) => boolean;
}

const ENGINE_SOCKET = /(docker|containerd|podman|crio|buildkitd)[^/]*\.sock$/;
const RESOLVE_WITHIN_MS = 5_000;

/** An address a supervisord may be registered at, as far as can be told without asking anybody. */
export function usableAddress(
  url: string,
  ports: AddressPorts,
  except: string | null = null,
): Parsed<SupervisordAddress> {
  const address = parseSupervisordAddress(url);
  if (!address.ok) return address;
  const [first, ...rest] = placeProblems(address.value, ports, except);
  return first === undefined ? address : { ok: false, problems: [first, ...rest] };
}

/** What only the DNS tells: a name that leads nowhere, back to this hub, or where no supervisor may be. */
export async function resolvedProblem(
  address: SupervisordAddress,
  ports: Pick<AddressPorts, 'clock' | 'isOwnListener'>,
): Promise<Problem | null> {
  if (address.kind === 'unix') return null;
  const { hostname, port } = address;
  const resolved = await resolveName(hostname, RESOLVE_WITHIN_MS, ports.clock);
  if (!resolved.ok) {
    const says = resolved.why === 'slow' ? 'is not resolved within 5 s' : 'does not resolve';
    return {
      where: 'url',
      says: `the name ${hostname} ${says}`,
      hint: 'Correct the name, give its IP address, or see whether the DNS this hub asks knows it.',
    };
  }
  if (resolved.addresses.some((one) => ports.isOwnListener(one, port))) return LOOP;
  if (!resolved.addresses.every(isForbiddenAddress)) return null;
  return {
    where: 'url',
    says: `the name ${hostname} leads to a link-local, multicast or cloud metadata address`,
    hint: 'Use the name or address of the host itself.',
  };
}

const LOOP: Problem = { where: 'url', says: 'is the hub itself', hint: "Give the supervisord's own port." };

/** The same for every way to write where one supervisord listens. */
export function sameSupervisor(left: SupervisordAddress, right: SupervisordAddress): boolean {
  if (left.kind === 'unix' || right.kind === 'unix')
    return left.kind === 'unix' && right.kind === 'unix' && socketOf(left) === socketOf(right);
  return machineOf(left) === machineOf(right) && left.port === right.port && left.path === right.path;
}

/** Other names may lead to another supervisor behind one address, as at a proxy; this one leads nowhere else. */
const machineOf = ({ hostname }: { readonly hostname: string }): string =>
  hostname.toLowerCase() === 'localhost' ? '127.0.0.1' : hostname.toLowerCase();

/** `/var/run` is `/run` on every system that has both. */
const socketOf = ({ socketPath }: { readonly socketPath: string }): string =>
  normalize(socketPath).replace(/^\/var\/run\//, '/run/');

function placeProblems(address: SupervisordAddress, ports: AddressPorts, except: string | null): Problem[] {
  const problems: Problem[] = [];
  const twin = twinOf(address, ports.hosts.all(), except);
  if (twin !== null)
    problems.push({
      where: 'url',
      says: `is registered already, as ${twin.name}`,
      hint: 'One host is enough: change that one, or remove it first.',
    });
  if (address.kind === 'tcp' && ports.isOwnListener(address.hostname, address.port)) problems.push(LOOP);
  if (address.kind === 'unix' && !isAllowedSocket(address.socketPath, ports.socketFolders))
    problems.push({
      where: 'url',
      says: `is not below ${ports.socketFolders.join(', ')}, or is a container engine's socket`,
      hint: 'Start the hub with --socket-folders to allow another folder.',
    });
  return problems;
}

function twinOf(address: SupervisordAddress, hosts: readonly Host[], except: string | null): Host | null {
  const isTwin = ({ id, url }: Host): boolean => {
    if (id === except || url === null) return false;
    const known = parseSupervisordAddress(url);
    return known.ok && sameSupervisor(known.value, address);
  };
  return hosts.find(isTwin) ?? null;
}

function isAllowedSocket(path: string, folders: readonly string[]): boolean {
  const normal = normalize(path);
  return (
    !ENGINE_SOCKET.test(normal) && folders.some((folder) => normal.startsWith(normalize(`${folder}${sep}`)))
  );
}
