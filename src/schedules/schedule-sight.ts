import { hasWithin, mayEverywhere, mayI, type Person, RIGHT_OF_VERB } from '../accounts/rights.ts';
import { type ShownFleet, seenHosts, seenNames } from '../control/seen-fleet.ts';
import { type AskedAction, isHostVerb } from '../fleet/action.ts';
import { parseHostSelector } from '../fleet/host-selector.ts';
import { parseSelector, selects, selectsHost } from '../fleet/selector.ts';
import type { StoredSchedule } from '../store/schedules.ts';

/** Whether somebody sees a schedule: it is theirs, or it names something they see. */
export function seesSchedule(
  person: Person,
  { schedule: { action }, ownerId }: StoredSchedule,
  fleet: ShownFleet,
): boolean {
  if (person.userId === ownerId || mayEverywhere(person, 'see-fleet')) return true;
  const parsed = (isHostVerb(action.verb) ? parseHostSelector : parseSelector)(namedBy(action));
  if (!parsed.ok) return false;
  if (isHostVerb(action.verb))
    return seenHosts(person, fleet).some((host) => selectsHost(parsed.value, host));
  for (const name of seenNames(person, fleet)) {
    const host = fleet.host(name.hostId);
    if (host !== null && selects(parsed.value, { host, group: name.group, process: name.name })) return true;
  }
  return false;
}

/** Whether somebody may pause, run, change or remove it: it is theirs, or they surely may all it ever does. */
export function mayChangeSchedule(person: Person, { schedule, ownerId, limit }: StoredSchedule): boolean {
  const { action } = schedule;
  const right = RIGHT_OF_VERB[action.verb];
  if (!mayI(person, right)) return false;
  const isNotNarrower = person.limit == null || JSON.stringify(person.limit) === JSON.stringify(limit);
  const isTheirs = person.userId === ownerId && isNotNarrower;
  return isTheirs || mayEverywhere(person, right) || hasWithin(person, right, scopeOfAction(action));
}

/** Everything an action may ever touch, as the text of a scope. */
function scopeOfAction(action: AskedAction): string {
  const named = namedBy(action);
  if (!isHostVerb(action.verb)) return named;
  return named
    .split(/[\s,]+/)
    .map((host) => `${host}/*`)
    .join(' ');
}

/** `only` stands instead of the selector. */
const namedBy = ({ selector, only }: AskedAction): string => only?.join(' ') ?? selector;
