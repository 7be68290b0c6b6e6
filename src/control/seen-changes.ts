import { mayEverywhere, mayI, type Person } from '../accounts/rights.ts';
import type { HostView } from '../fleet/host.ts';
import { type ProcessView, processKey } from '../fleet/process.ts';
import type { FleetChange, FleetState } from './fleet-state.ts';
import { asSeen, placeOf, type ShownFleet, seenHosts, seenNames, seenProcesses } from './seen-fleet.ts';

type Fleet = ShownFleet & Pick<FleetState, 'processesOf'>;

/** Everything, the processes put together one by one as they are asked for. */
export interface FleetBegun {
  readonly hosts: readonly HostView[];
  readonly processes: Iterable<ProcessView>;
}

/**
 * The changes of the fleet as one person may hear of them. Remembers what was shown, so that what leaves their
 * sight, as when a host goes to another environment, is told as gone.
 */
export class SeenChanges {
  readonly #person: Person;
  readonly #fleet: Fleet;
  /** Keys of the shown processes by host; a host shown for itself has an entry too. */
  readonly #shown = new Map<string, Set<string>>();
  readonly #places = new Map<string, string>();

  constructor(person: Person, fleet: Fleet) {
    this.#person = person;
    this.#fleet = fleet;
  }

  /** Everything, as the changes that follow build on. */
  begin(): FleetBegun {
    const hosts = seenHosts(this.#person, this.#fleet);
    const begun = { hosts, processes: seenProcesses(this.#person, this.#fleet) };
    if (this.#seesAll()) return begun;
    this.#shown.clear();
    this.#places.clear();
    for (const host of this.#fleet.hosts()) this.#places.set(host.id, placeText(host));
    for (const host of hosts) this.#shown.set(host.id, new Set());
    for (const name of seenNames(this.#person, this.#fleet)) this.#show(name.hostId, processKey(name));
    return begun;
  }

  /** Null: nothing of it is for this person. */
  change(change: FleetChange): FleetChange | null {
    if (this.#seesAll()) return change;
    const before = new Set(this.#shown.keys());
    const processes: ProcessView[] = [];
    const gone: string[] = [];
    const touched = new Set(change.hosts.map(({ id }) => id));
    for (const process of this.#withMoved(change)) {
      const key = processKey(process);
      touched.add(process.hostId);
      if (this.#sees(process)) {
        this.#show(process.hostId, key);
        processes.push(process);
      } else if (this.#shown.get(process.hostId)?.delete(key)) gone.push(key);
    }
    for (const key of change.goneProcesses)
      if (this.#shown.get(key.slice(0, key.indexOf('/')))?.delete(key)) gone.push(key);
    const hosts = [...touched].flatMap((id) => this.#hostNow(id) ?? []);
    for (const id of change.goneHosts) this.#shown.delete(id);
    const goneHosts = [...before].filter((id) => !this.#shown.has(id));
    const isEmpty = hosts.length + processes.length + gone.length + goneHosts.length === 0;
    return isEmpty ? null : { ...change, hosts, goneHosts, processes, goneProcesses: gone };
  }

  /** The changed processes, and all of hosts that were renamed, retagged or moved. */
  *#withMoved({ hosts, processes }: FleetChange): Generator<ProcessView> {
    yield* processes;
    const moved = new Set<string>();
    for (const host of hosts) {
      if (this.#places.get(host.id) !== placeText(host)) moved.add(host.id);
      this.#places.set(host.id, placeText(host));
    }
    for (const id of moved) yield* this.#fleet.processesOf(id);
  }

  #hostNow(id: string): HostView | null {
    const host = this.#fleet.host(id);
    const seen = host === null ? null : asSeen(this.#person, host, this.#shown.get(id)?.size ?? 0);
    if (seen === null) this.#shown.delete(id);
    else if (!this.#shown.has(id)) this.#shown.set(id, new Set());
    return seen;
  }

  #show(hostId: string, key: string): void {
    const keys = this.#shown.get(hostId);
    if (keys === undefined) this.#shown.set(hostId, new Set([key]));
    else keys.add(key);
  }

  #sees(process: ProcessView): boolean {
    const host = this.#fleet.host(process.hostId);
    return host !== null && mayI(this.#person, 'see-fleet', placeOf(host, process));
  }

  #seesAll(): boolean {
    return mayEverywhere(this.#person, 'see-fleet');
  }
}

const placeText = ({ name, environment, tags }: HostView): string =>
  JSON.stringify([name, environment, tags]);
