import { mayEverywhere, mayI, type Person } from '../accounts/rights.ts';
import { type Selector, selects, selectsHost } from '../fleet/selector.ts';
import type { FleetState } from './fleet-state.ts';
import { placeOf } from './seen-fleet.ts';

type Fleet = Pick<FleetState, 'host' | 'processesOf'>;

/** What an event, an alert or anything else is about; without group and process a whole host. */
export interface Subject {
  readonly hostId: string;
  /** The host's name at the time. */
  readonly host: string;
  readonly group?: string;
  readonly process?: string;
}

/**
 * Whether something is about what a selector names and a person may see. Hosts are taken as they are today; of one that
 * is gone its name at the time is left. A host is named when anything that could be on it is.
 */
export function aboutTargets(
  selector: Selector,
  person: Person,
  fleet: Fleet,
): (subject: Subject) => boolean {
  const sees = seesSubject(person, fleet);
  return (subject) => {
    const { group = '', process = '' } = subject;
    const host = hostOf(subject, fleet);
    const isNamed =
      group === '' && process === ''
        ? selectsHost(selector, host)
        : selects(selector, { host, group, process });
    return isNamed && sees(subject);
  };
}

/** Whether a person may see what something is about. */
export function seesSubject(person: Person, fleet: Fleet): (subject: Subject) => boolean {
  if (mayEverywhere(person, 'see-fleet')) return () => true;
  return (subject) => {
    const { group = '', process = '' } = subject;
    if (group === '' && process === '') return seesHost(person, subject.hostId, fleet);
    return mayI(person, 'see-fleet', { host: hostOf(subject, fleet), group, process });
  };
}

const hostOf = ({ hostId, host }: Subject, fleet: Fleet) =>
  fleet.host(hostId) ?? { name: host, environment: null, tags: [] };

/** All of it, or anything on it. */
function seesHost(person: Person, hostId: string, fleet: Fleet): boolean {
  const host = fleet.host(hostId);
  if (host === null) return false;
  if (mayI(person, 'see-fleet', { host })) return true;
  return fleet.processesOf(hostId).some((process) => mayI(person, 'see-fleet', placeOf(host, process)));
}
