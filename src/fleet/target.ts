import type { Target } from './action.ts';

type Named = Pick<Target, 'host' | 'group' | 'process'>;

/** `host/group:process`, or `host` for a supervisor; raw: for `only`, for keys and for reading. */
export function targetText({ host, group, process }: Named): string {
  return group === '' ? host : `${host}/${group}:${process}`;
}

/** Selector text that names exactly this target: quoted where the names need it. */
export function targetSelector({ host, group, process }: Named): string {
  if (group === '') return quoted(host);
  return `${quoted(host)}/${quoted(group)}:${quoted(process)}`;
}

function quoted(name: string): string {
  return /^[\p{L}\p{N}._@%+-]+$/u.test(name) ? name : `"${name.replace(/["\\]/g, '\\$&')}"`;
}
