import type { Host } from '../fleet/host.ts';
import type { HostLink } from '../links/host-link.ts';
import type { Credentials } from '../store/credentials.ts';
import type { Store } from '../store/store.ts';
import type { FleetState } from './fleet-state.ts';

export interface RosterPorts {
  readonly store: Pick<Store, 'hosts' | 'credentials' | 'agentKeys' | 'inTransaction'>;
  readonly fleet: FleetState;
  /** Makes the right link for a host; the roster opens it. */
  readonly linkTo: (host: Host) => HostLink;
}

/** Which hosts there are, each with its one link. */
export class Roster {
  readonly #ports: RosterPorts;
  readonly #links = new Map<string, HostLink>();

  constructor(ports: RosterPorts) {
    this.#ports = ports;
  }

  /** Opens a link to every host that is registered and not disabled. */
  open(): void {
    for (const host of this.#ports.store.hosts.all()) this.attach(host);
  }

  /** Takes over what was added to or removed from the registry by others, as `fleetvisor hub add-host` does. */
  async reread(): Promise<void> {
    const hosts = this.#ports.store.hosts.all();
    const registered = new Set(hosts.map((host) => host.id));
    for (const host of hosts) this.attach(host);
    await Promise.all(
      [...this.#links.keys()].filter((id) => !registered.has(id)).map((id) => this.remove(id)),
    );
  }

  /** Registers a host and opens its link. */
  add(host: Host, credentials: Credentials | null): void {
    const { store } = this.#ports;
    store.inTransaction(() => {
      store.hosts.add(host);
      if (credentials !== null) store.credentials.put(host.id, credentials);
    });
    this.attach(host);
  }

  /** Makes a registered host known and opens its link; a second time it does nothing. */
  attach(host: Host): void {
    if (this.#links.has(host.id)) return;
    this.#ports.fleet.putHost(host);
    if (host.disabled) return;
    const link = this.#ports.linkTo(host);
    this.#links.set(host.id, link);
    link.open();
  }

  /** Forgets a host, its keys and credentials, and ends its link. False: there was none. */
  async remove(hostId: string): Promise<boolean> {
    const removed = this.#ports.store.hosts.remove(hostId);
    const link = this.#links.get(hostId);
    this.#links.delete(hostId);
    this.#ports.fleet.removeHost(hostId);
    await link?.close();
    return removed;
  }

  link(hostId: string): HostLink | null {
    return this.#links.get(hostId) ?? null;
  }

  async close(): Promise<void> {
    const links = [...this.#links.values()];
    this.#links.clear();
    await Promise.all(links.map((link) => link.close()));
  }
}
