import type { Clock } from '../clock.ts';
import type { Host } from '../fleet/host.ts';
import type { HostLink } from '../links/host-link.ts';
import type { Credentials } from '../store/credentials.ts';
import type { Store } from '../store/store.ts';
import type { FleetState } from './fleet-state.ts';

export interface RosterPorts {
  readonly store: Pick<Store, 'hosts' | 'credentials' | 'agentKeys' | 'inTransaction'>;
  readonly fleet: FleetState;
  readonly clock: Clock;
  /** Makes the right link for a host; the roster opens it. */
  readonly linkTo: (host: Host) => HostLink;
  /** Ends the connection of an agent whose key was revoked. */
  readonly revoke: (hostId: string) => void;
}

/** What a host is signed in to with from now on: `keep` what it has, or these, or nothing. */
export type NewCredentials = 'keep' | Credentials | null;

/** How a host is reached, beside what its row says. */
export interface HostSecrets {
  readonly credentials: NewCredentials;
  /** PEM for `trust` of kind `authority`; left out: the one it has. */
  readonly authority?: string | null;
}

/** A removed host can be put back for this long. */
export const UNDO_REMOVE_MS = 10 * 60_000;

/** Which hosts there are, each with its one link. */
export class Roster {
  readonly #ports: RosterPorts;
  readonly #links = new Map<string, HostLink>();
  readonly #known = new Map<string, Host>();

  constructor(ports: RosterPorts) {
    this.#ports = ports;
  }

  /** Opens a link to every host that is registered and not disabled. */
  open(): void {
    for (const host of this.#ports.store.hosts.all()) this.attach(host);
  }

  /** Takes over what others changed in the registry, as `fleetvisor hub add-host` does. */
  async reread(): Promise<void> {
    const hosts = this.#ports.store.hosts.all();
    const registered = new Set(hosts.map((host) => host.id));
    for (const host of hosts) {
      if (this.#known.has(host.id)) await this.#takeOver(host, 'same secrets');
      else this.attach(host);
    }
    await Promise.all(
      [...this.#known.keys()].filter((id) => !registered.has(id)).map((id) => this.#drop(id)),
    );
  }

  /** Registers a host and opens its link. */
  add(host: Host, credentials: Credentials | null, authority: string | null = null): void {
    const { store } = this.#ports;
    store.inTransaction(() => {
      store.hosts.add(host, authority);
      if (credentials !== null) store.credentials.put(host.id, credentials);
    });
    this.attach(host);
  }

  /** Makes a registered host known and opens its link; a second time it does nothing. */
  attach(host: Host): void {
    if (this.#known.has(host.id)) return;
    this.#known.set(host.id, host);
    this.#ports.fleet.putHost(host);
    if (!host.disabled) this.#link(host);
  }

  /** Writes what an operator changed; the link is made anew only when it is concerned. */
  async update(host: Host, { credentials, authority }: HostSecrets = { credentials: 'keep' }): Promise<void> {
    const { store } = this.#ports;
    store.inTransaction(() => {
      store.hosts.update(host, authority);
      if (credentials === null) store.credentials.remove(host.id);
      else if (credentials !== 'keep') store.credentials.put(host.id, credentials);
    });
    const same = credentials === 'keep' && authority === undefined;
    await this.#takeOver(host, same ? 'same secrets' : 'new secrets');
  }

  /** Ends a host's link and sets the host aside for `UNDO_REMOVE_MS`. False: there was none. */
  async remove(hostId: string): Promise<boolean> {
    const removed = this.#ports.store.hosts.setAside(hostId, this.#ports.clock.wallMs());
    await this.#drop(hostId);
    return removed;
  }

  /** Puts a removed host back with its keys and credentials. Null: there is none, or no more. */
  restore(hostId: string): Host | null {
    const host = this.#ports.store.hosts.restore(hostId);
    if (host !== null) this.attach(host);
    return host;
  }

  /** Forgets what was removed longer than the undo window ago, and ends maintenance whose time is over. */
  async tidy(): Promise<void> {
    const { store, clock } = this.#ports;
    const nowMs = clock.wallMs();
    store.hosts.purgeRemoved(nowMs - UNDO_REMOVE_MS);
    for (const { maintenance, ...host } of this.#known.values())
      if (typeof maintenance?.untilMs === 'number' && maintenance.untilMs <= nowMs) await this.update(host);
  }

  /** Takes an agent's key back: it is sent away at once and every time it comes. */
  revoke(hostId: string): void {
    this.#ports.store.agentKeys.revokeOfHost(hostId, this.#ports.clock.wallMs());
    this.#ports.revoke(hostId);
  }

  link(hostId: string): HostLink | null {
    return this.#links.get(hostId) ?? null;
  }

  async close(): Promise<void> {
    const links = [...this.#links.values()];
    this.#links.clear();
    await Promise.all(links.map((link) => link.close()));
  }

  #link(host: Host): void {
    const link = this.#ports.linkTo(host);
    this.#links.set(host.id, link);
    link.open();
  }

  async #takeOver(host: Host, secrets: 'same secrets' | 'new secrets'): Promise<void> {
    const before = this.#known.get(host.id);
    this.#known.set(host.id, host);
    const same = before !== undefined && JSON.stringify(before) === JSON.stringify(host);
    if (!same) this.#ports.fleet.putHost(host);
    const concerned = before === undefined || secrets === 'new secrets' || concernsLink(before, host);
    if (concerned) await this.#relink(host);
  }

  async #relink(host: Host): Promise<void> {
    const link = this.#links.get(host.id);
    this.#links.delete(host.id);
    await link?.close();
    const now = this.#known.get(host.id); // it may have been changed again, or removed, meanwhile
    if (now === undefined || this.#links.has(host.id)) return;
    const sinceMs = this.#ports.clock.wallMs();
    if (now.disabled) this.#ports.fleet.reachability(host.id, { kind: 'disabled', sinceMs });
    else this.#link(now);
  }

  async #drop(hostId: string): Promise<void> {
    const link = this.#links.get(hostId);
    this.#links.delete(hostId);
    this.#known.delete(hostId);
    this.#ports.fleet.removeHost(hostId);
    await link?.close();
  }
}

/** A supervisord's link says the host's name in its sentences; an agent's connection must outlive a new name. */
function concernsLink(before: Host, host: Host): boolean {
  const renamed = host.kind === 'supervisord' && before.name !== host.name;
  return (
    renamed ||
    before.disabled !== host.disabled ||
    before.url !== host.url ||
    JSON.stringify(before.trust) !== JSON.stringify(host.trust)
  );
}
