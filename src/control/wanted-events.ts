import { mayEverywhere, mayI, type Person } from '../accounts/rights.ts';
import type { FleetEvent } from '../fleet/event.ts';
import { type Selector, selects, selectsHost } from '../fleet/selector.ts';
import type { FleetState } from './fleet-state.ts';
import { placeOf } from './seen-fleet.ts';

type Fleet = Pick<FleetState, 'host' | 'processesOf'>;

/**
 * Whether an event is about something a selector names and a person may see. Hosts are taken as they are today; of one
 * that is gone its name at the time is left. A host is named when anything that could be on it is.
 */
export function aboutTargets(
  selector: Selector,
  person: Person,
  fleet: Fleet,
): (event: FleetEvent) => boolean {
  const seesAll = mayEverywhere(person, 'see-fleet');
  return (event) => {
    const host = fleet.host(event.hostId) ?? { name: event.host, environment: null, tags: [] };
    if (event.kind === 'process') {
      const place = { host, group: event.group, process: event.process };
      return selects(selector, place) && (seesAll || mayI(person, 'see-fleet', place));
    }
    return selectsHost(selector, host) && (seesAll || seesHost(person, event.hostId, fleet));
  };
}

/** All of it, or anything on it. */
function seesHost(person: Person, hostId: string, fleet: Fleet): boolean {
  const host = fleet.host(hostId);
  if (host === null) return false;
  if (mayI(person, 'see-fleet', { host })) return true;
  return fleet.processesOf(hostId).some((process) => mayI(person, 'see-fleet', placeOf(host, process)));
}
