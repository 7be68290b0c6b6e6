import type { AlertRule, AlertSubject, Ending } from '../fleet/alert.ts';
import type { Host } from '../fleet/host.ts';
import { type Selector, selects, selectsHost } from '../fleet/selector.ts';
import type { Watch } from './watch.ts';

/** A watch with what it is of. */
export interface Watched extends Watch {
  readonly subject: AlertSubject;
  /** When it is well without anything happening, by the clock that never steps back. */
  endsAtMs: number;
  /** It ended so, and that is still to be written; null: it goes on. */
  ending: Ending | null;
}

/** A rule that counts, with all that is not simply well by it. */
export interface Ruled {
  readonly rule: AlertRule;
  readonly selector: Selector;
  /** By host id, then by `group:name`; of the host itself under the empty name. */
  readonly watches: Map<string, Map<string, Watched>>;
}

export const keyOf = (group: string, process: string): string =>
  group === '' && process === '' ? '' : `${group}:${process}`;

export function watchesOf({ watches }: Ruled, hostId: string): Map<string, Watched> {
  const known = watches.get(hostId);
  if (known !== undefined) return known;
  const made = new Map<string, Watched>();
  watches.set(hostId, made);
  return made;
}

/** Whether the rule's selector names this process, or the host where group and process are empty. */
export function names(
  { selector }: Ruled,
  host: Pick<Host, 'name' | 'environment' | 'tags'>,
  group: string,
  process: string,
): boolean {
  return group === '' && process === ''
    ? selectsHost(selector, host)
    : selects(selector, { host, group, process });
}
