import { masked } from '../fleet/masked.ts';
import type { ProcessOptions } from '../fleet/process-options.ts';
import { signalName } from '../fleet/signal.ts';

/** Members of a config info that are no option, or are told elsewhere. Contract: RPC-105. */
const LEFT_OUT: ReadonlySet<string> = new Set(['group', 'name', 'inuse', 'environment_names', 'program']);
/** Where the member is called otherwise than the option it comes from. */
const OPTION_OF: Readonly<Record<string, string>> = {
  process_prio: 'priority',
  group_prio: 'group priority',
  uid: 'user',
};
const LONGEST_VALUE = 4_000;
const MOST_NAMES = 1_000;

/** The processes of a `getAllConfigInfo` answer, or a page of an agent's own; null when it is something else. */
export function toldConfig(answer: unknown): ProcessOptions[] | null {
  if (!Array.isArray(answer)) return null;
  const told = answer.map(optionsOf);
  return told.every((one) => one !== null) ? told : null;
}

function optionsOf(info: unknown): ProcessOptions | null {
  if (typeof info !== 'object' || info === null) return null;
  const members = info as Readonly<Record<string, unknown>>;
  const { group, name, environment_names: names } = members;
  if (typeof group !== 'string' || typeof name !== 'string') return null;
  const options: Record<string, string> = Object.create(null);
  for (const member of Object.keys(members).sort()) {
    const value = LEFT_OUT.has(member) ? null : written(member, members[member]);
    if (value !== null) options[OPTION_OF[member] ?? member] = value.slice(0, LONGEST_VALUE);
  }
  return {
    group,
    name,
    options,
    environment: Array.isArray(names) ? names.slice(0, MOST_NAMES).map(String) : null,
  };
}

/** As it would stand in the file; null for what says nothing. */
function written(member: string, value: unknown): string | null {
  if (typeof value === 'boolean') return String(value);
  if (Array.isArray(value)) return value.map(String).join(',');
  if (typeof value === 'number') return numberWritten(member, value);
  if (typeof value !== 'string') return null;
  if (member === 'command') return masked(value);
  return member.endsWith('_logfile') && isAutoPath(value) ? 'AUTO' : value;
}

function numberWritten(member: string, value: number): string {
  if (member === 'stopsignal') return signalName(value) ?? String(value);
  return member.endsWith('_maxbytes') ? bytesWritten(value) : String(value);
}

/** A file supervisord named itself: another name at every start. */
function isAutoPath(path: string): boolean {
  return path === 'auto' || /-(stdout|stderr)---[^/]*-[^/-]{6,}\.log$/.test(path);
}

/** `50MB`, as supervisord reads it. */
function bytesWritten(bytes: number): string {
  for (const [unit, size] of [
    ['GB', 2 ** 30],
    ['MB', 2 ** 20],
    ['KB', 2 ** 10],
  ] as const)
    if (bytes >= size && bytes % size === 0) return `${bytes / size}${unit}`;
  return String(bytes);
}
