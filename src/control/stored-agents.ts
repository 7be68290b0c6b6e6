import type { Clock } from '../clock.ts';
import type { Host } from '../fleet/host.ts';
import type { AgentCursor, AgentRegistry, Joined, JoinRequest, KnownAgent } from '../links/agent-registry.ts';
import type { JoinGrant } from '../store/join-tokens.ts';
import { randomId } from '../store/secret.ts';
import type { Store } from '../store/store.ts';

type AgentStore = Pick<Store, 'hosts' | 'agentKeys' | 'joinTokens' | 'uplinkCursors' | 'inTransaction'>;

/** Where the cursors go. */
type Cursors = { cursor(hostId: string, cursor: AgentCursor): void };

const TOKEN_SAYS = {
  invalid: ['token-invalid', 'this join token is not known here'],
  expired: ['token-expired', 'this join token has expired: make a new one'],
  used: ['token-used', 'this join token is used up: make a new one'],
} as const;
const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/;

/** The registry of agents over the store: a join is one transaction, or nothing of it. */
export class StoredAgents implements AgentRegistry {
  readonly #store: AgentStore;
  readonly #clock: Clock;
  readonly #cursors: Cursors;
  readonly #joined: (host: Host) => void;

  /** `joined` hears of every new host before its agent is welcomed. */
  constructor(store: AgentStore, cursors: Cursors, clock: Clock, joined: (host: Host) => void) {
    this.#cursors = cursors;
    this.#store = store;
    this.#clock = clock;
    this.#joined = joined;
  }

  findByKey(publicKey: string): KnownAgent | null {
    const key = this.#store.agentKeys.byKey(publicKey);
    if (key === null) return null;
    const revoked = key.revokedAtMs !== null;
    const host = this.#store.hosts.byId(key.hostId);
    if (host !== null) return { host, revoked, disabled: host.disabled };
    const removed = this.#store.hosts.removedById(key.hostId); // its undo window is open: it may come back
    return removed === null ? null : { host: removed, revoked, removed: true };
  }

  join(request: JoinRequest): Joined {
    const joined = this.#store.inTransaction(() => this.#join(request));
    if (joined.ok) this.#joined(joined.host);
    return joined;
  }

  pins(publicKey: string, hubKey: string): void {
    if (this.#store.agentKeys.byKey(publicKey)?.hubKey !== hubKey)
      this.#store.agentKeys.pins(publicKey, hubKey);
  }

  cursor(hostId: string): AgentCursor | null {
    return this.#store.uplinkCursors.of(hostId);
  }

  keepCursor(hostId: string, cursor: AgentCursor): void {
    this.#cursors.cursor(hostId, cursor);
  }

  /**
   * Looks at everything that can be refused before the token is used up. The place of a host whose key was revoked is
   * free: who joins under its name goes on as that host, where it belonged and with its history.
   */
  #join({ token, publicKey, hostName }: JoinRequest): Joined {
    if (!NAME.test(hostName))
      return {
        ok: false,
        reason: 'name-taken',
        says: `${JSON.stringify(hostName)} cannot be the name of a host: letters, digits, ".", "_" and "-" only`,
      };
    const known = this.#store.hosts.byName(hostName);
    if (known !== null && !this.#store.agentKeys.isRevoked(known.id))
      return {
        ok: false,
        reason: 'name-taken',
        says: `there is a host called ${hostName} already: choose another name`,
      };
    const nowMs = this.#clock.wallMs();
    const redeemed = this.#store.joinTokens.redeem(token, nowMs);
    if (!redeemed.ok) {
      const [reason, says] = TOKEN_SAYS[redeemed.reason];
      return { ok: false, reason, says };
    }
    const host = known ?? this.#newHost(hostName, redeemed.grant, nowMs);
    this.#store.agentKeys.add(publicKey, host.id, nowMs);
    return { ok: true, host };
  }

  #newHost(name: string, grant: JoinGrant, nowMs: number): Host {
    const host: Host = {
      id: randomId('h'),
      name,
      kind: 'agent',
      url: null,
      ...grant,
      disabled: false,
      createdAtMs: nowMs,
    };
    this.#store.hosts.add(host);
    return host;
  }
}
