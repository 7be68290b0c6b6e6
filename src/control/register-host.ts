import { normalize, sep } from 'node:path';
import type { Clock } from '../clock.ts';
import type { Host } from '../fleet/host.ts';
import type { Parsed, Problem } from '../fleet/problem.ts';
import { parseSupervisordAddress, type SupervisordAddress } from '../links/supervisord-address.ts';
import type { Hosts } from '../store/hosts.ts';
import { randomId } from '../store/secret.ts';

export interface NewHostWish {
  readonly name: string;
  readonly url: string;
  readonly environment?: string | undefined;
  readonly tags?: readonly string[] | undefined;
}

export interface RegisterPorts {
  readonly hosts: Hosts;
  readonly clock: Clock;
  /** Folders below which sockets may lie. */
  readonly socketFolders: readonly string[];
  /** Whether the hub itself listens there: it would end up asking itself. */
  readonly isOwnListener: (hostname: string, port: number) => boolean;
}

const ENGINE_SOCKET = /(docker|containerd|podman|crio|buildkitd)[^/]*\.sock$/;

/** Checks a supervisord somebody wants registered: the host as it may be added, or all that is wrong with it. */
export function hostFrom(wish: NewHostWish, ports: RegisterPorts): Parsed<Host> {
  const address = parseSupervisordAddress(wish.url);
  const problems: Problem[] = address.ok ? placeProblems(address.value, ports) : [...address.problems];
  if (ports.hosts.byName(wish.name) !== null)
    problems.push({
      where: 'name',
      says: `${wish.name} is taken`,
      hint: 'Choose another name; case makes no difference.',
    });
  const [first, ...rest] = problems;
  if (first !== undefined || !address.ok)
    return { ok: false, problems: [first ?? { where: 'url', says: 'is wrong' }, ...rest] };
  return {
    ok: true,
    value: {
      id: randomId('h'),
      name: wish.name,
      kind: 'supervisord',
      url: address.value.shown,
      environment: wish.environment ?? null,
      tags: [...new Set(wish.tags ?? [])],
      disabled: false,
      createdAtMs: ports.clock.wallMs(),
    },
  };
}

function placeProblems(address: SupervisordAddress, ports: RegisterPorts): Problem[] {
  const problems: Problem[] = [];
  const twin = ports.hosts.byUrl(address.shown);
  if (twin !== null) problems.push({ where: 'url', says: `is registered already, as ${twin.name}` });
  if (address.kind === 'tcp' && ports.isOwnListener(address.hostname, address.port))
    problems.push({ where: 'url', says: 'is the hub itself', hint: "Give the supervisord's own port." });
  if (address.kind === 'unix' && !isAllowedSocket(address.socketPath, ports.socketFolders))
    problems.push({
      where: 'url',
      says: `is not below ${ports.socketFolders.join(', ')}, or is a container engine's socket`,
      hint: 'Start the hub with --socket-folders to allow another folder.',
    });
  return problems;
}

function isAllowedSocket(path: string, folders: readonly string[]): boolean {
  const normal = normalize(path);
  return (
    !ENGINE_SOCKET.test(normal) && folders.some((folder) => normal.startsWith(normalize(`${folder}${sep}`)))
  );
}
