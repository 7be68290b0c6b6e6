import type { HostView } from '../../fleet/host.ts';
import { type ProcessView, processKey } from '../../fleet/process.ts';
import { programOf } from '../../fleet/process-options.ts';
import type { FleetNow } from '../fleet-now.ts';
import { countedAs, type Mark, markOf } from './marks.ts';

/** A process with what every list asks of it, found once per change. */
export interface Member {
  readonly key: string;
  readonly process: ProcessView;
  readonly host: HostView;
  readonly mark: Mark;
  readonly counted: readonly Mark[];
  /** `gunicorn_02` belongs to `gunicorn`. */
  readonly program: string;
  /** By which it is sorted: plain text compares, and `web_2` still comes before `web_10`. */
  readonly nameKey: string;
  readonly hostKey: string;
  /** What the text filter looks at, in lower case. */
  readonly haystack: string;
}

/** The fleet, indexed for the views. Rebuilt on a change; a process that did not change keeps its Member. */
export interface World {
  readonly fleet: FleetNow;
  readonly hosts: readonly HostView[];
  readonly members: readonly Member[];
  readonly byKey: ReadonlyMap<string, Member>;
  readonly byHost: ReadonlyMap<string, readonly Member[]>;
  readonly byGroup: ReadonlyMap<string, readonly Member[]>;
}

export function worldOf(fleet: FleetNow, before?: World): World {
  const hosts = [...fleet.hosts].sort((a, b) => compareNames(a.name, b.name));
  const hostOf = new Map(hosts.map((host) => [host.id, host]));
  const members: Member[] = [];
  for (const process of fleet.processes) {
    const host = hostOf.get(process.hostId);
    if (host !== undefined) members.push(memberOf(process, host, before));
  }
  return {
    fleet,
    hosts,
    members,
    byKey: new Map(members.map((member) => [member.key, member])),
    byHost: gathered(members, (member) => member.host.id),
    byGroup: gathered(members, (member) => member.process.group),
  };
}

function memberOf(process: ProcessView, host: HostView, before: World | undefined): Member {
  const key = processKey(process);
  const known = before?.byKey.get(key);
  if (known?.process === process && known.host === host) return known;
  return {
    key,
    process,
    host,
    mark: markOf(process),
    nameKey: `${naturalKey(process.group)}:${naturalKey(process.name)}`,
    hostKey: naturalKey(host.name),
    counted: countedAs(process),
    program: programOf(process.name),
    haystack:
      `${host.name}/${process.group}:${process.name} ${process.spawnError} ${process.crash?.lines.at(-1) ?? ''}`.toLowerCase(),
  };
}

export function gathered<T>(items: readonly T[], nameOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const name = nameOf(item);
    const group = groups.get(name);
    if (group === undefined) groups.set(name, [item]);
    else group.push(item);
  }
  return groups;
}

/** By it plain text compares as `compareNames` does. */
export const naturalKey = (name: string): string =>
  name.toLowerCase().replace(/\d+/g, (digits) => digits.padStart(12, '0'));

/** `web-2` before `web-10`. */
export function compareNames(a: string, b: string): number {
  return NAMES.compare(a, b);
}

const NAMES = new Intl.Collator('en', { numeric: true });

/** The group in front of a process; nothing where a program is a group of its own, as supervisorctl writes it. */
export function groupBefore({ group, name }: Pick<ProcessView, 'group' | 'name'>): string {
  return group === name ? '' : group;
}

/** `group:name`, or the name alone. */
export function shortName(process: Pick<ProcessView, 'group' | 'name'>): string {
  const group = groupBefore(process);
  return group === '' ? process.name : `${group}:${process.name}`;
}

/** `host/group:name`, as the API names it. */
export function targetOf({ host, process }: Pick<Member, 'host' | 'process'>): string {
  return `${host.name}/${process.group}:${process.name}`;
}
