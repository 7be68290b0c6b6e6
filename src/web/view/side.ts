import type { HostView } from '../../fleet/host.ts';
import { roughly } from './format.ts';
import { linkTo } from './links.ts';
import { hostMark, isTrouble, type Mark, worstOf } from './marks.ts';
import type { Reader } from './reader.ts';
import { compareNames, gathered, type World } from './world.ts';

/** The tree beside overview, host and process pages. Only troubled entries carry a mark. */
export interface Tree {
  readonly total: number;
  readonly all: boolean;
  readonly environments: readonly {
    readonly name: string;
    readonly n: number;
    readonly hosts: readonly TreeHost[];
    readonly more: number;
  }[];
  readonly groups: readonly TreeGroup[];
}

export interface TreeHost {
  readonly name: string;
  readonly link: string;
  readonly mark: Mark;
  readonly current: boolean;
  readonly n: number;
  /** Age of the data of an unreachable host. */
  readonly age: string;
  readonly trouble: { readonly mark: Mark; readonly n: number } | null;
}

export interface TreeGroup {
  readonly name: string;
  readonly link: string;
  readonly mark: Mark;
  readonly trouble: boolean;
  readonly current: boolean;
  readonly n: number;
  readonly hosts: number;
}

const MOST = 60;

export function tree(
  world: World,
  reader: Reader,
  current: { readonly host?: string; readonly all?: boolean },
): Tree {
  const environments = [...gathered(world.hosts, (host) => host.environment ?? '')].sort(([a], [b]) =>
    a === '' ? 1 : b === '' ? -1 : compareNames(a, b),
  );
  return {
    total: world.members.length,
    all: current.all ?? false,
    environments: environments.map(([name, hosts]) => {
      const shown =
        hosts.length <= MOST
          ? hosts
          : hosts.filter((host) => host.name === current.host || !isQuiet(host, world)).slice(0, MOST);
      return {
        name: name || reader.say('env.none'),
        n: hosts.length,
        hosts: shown.map((host) => treeHost(host, world, reader, host.name === current.host)),
        more: hosts.length - shown.length,
      };
    }),
    groups: treeGroups(world, null),
  };
}

function isQuiet(host: HostView, world: World): boolean {
  return (
    hostMark(host) === 'running' && !(world.byHost.get(host.id) ?? []).some(({ mark }) => isTrouble(mark))
  );
}

function treeHost(host: HostView, world: World, reader: Reader, current: boolean): TreeHost {
  const members = world.byHost.get(host.id) ?? [];
  const worst = worstOf(members.map(({ mark }) => mark));
  const lost = host.reachability.kind === 'unreachable';
  return {
    name: host.name,
    link: linkTo.host(host),
    mark: hostMark(host),
    current,
    n: members.length,
    age: lost ? roughly(reader.nowMs - host.reachability.sinceMs, reader) : '',
    trouble:
      !lost && isTrouble(worst)
        ? { mark: worst, n: members.filter(({ mark }) => mark === worst).length }
        : null,
  };
}

export function treeGroups(world: World, current: string | null): TreeGroup[] {
  return [...world.byGroup]
    .map(([name, members]) => {
      const mark = worstOf(members.map((member) => member.mark));
      const up = members.some((member) => member.mark === 'running' || member.mark === 'flapping');
      return {
        name,
        link: linkTo.group(name),
        mark: up && !isTrouble(mark) ? ('running' as const) : mark,
        trouble: isTrouble(mark),
        current: name === current,
        n: members.length,
        hosts: new Set(members.map(({ host }) => host.id)).size,
      };
    })
    .sort((a, b) => Number(b.trouble) - Number(a.trouble) || compareNames(a.name, b.name));
}
