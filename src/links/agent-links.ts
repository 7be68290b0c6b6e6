import {
  type AgentToHub,
  type HelloAnswer,
  type HubToAgent,
  UPLINK_LIMITS,
  UPLINK_NAMESPACE,
  UPLINK_VERSIONS,
} from '@fleetvisor/agent/protocol';
import type { Namespace, Server } from 'socket.io';
import type { Clock } from '../clock.ts';
import type { Host } from '../fleet/host.ts';
import { told } from '../fleet/said.ts';
import { type Admission, admit, refusal } from './agent-admission.ts';
import { AgentLink } from './agent-link.ts';
import { type HubKeyPair, type HubKeyPairs, proveHub } from './agent-proof.ts';
import type { AgentRegistry, RefusedUplink } from './agent-registry.ts';
import { AgentSession, type AgentSocket } from './agent-session.ts';
import type { HostLink, LinkSink } from './host-link.ts';
import { handshakeSchema } from './uplink-schemas.ts';

export interface AgentLinksOptions {
  readonly io: Server;
  readonly registry: AgentRegistry;
  readonly sink: LinkSink;
  readonly clock: Clock;
  /** Asked at every connection: it may have been rotated. */
  readonly hubKeys: () => HubKeyPairs;
  /** Base64 of 32 random bytes, new at every call. */
  readonly nonce: () => string;
  /** Connections of agents at most: browsers and hosts need descriptors too. Left out: as many as come. */
  readonly mostAgents?: () => number;
  /** Hears of every agent that is sent away. */
  readonly refused: (refusal: RefusedUplink) => void;
  /** Hears of a registry that failed: the agent concerned is sent away for now, the others notice nothing. */
  readonly bug?: (error: unknown) => void;
}

/** What the Socket.IO server needs to be told so that the uplink keeps its promises. */
export const UPLINK_SERVER_OPTIONS = {
  perMessageDeflate: false,
  maxHttpBufferSize: UPLINK_LIMITS.messageBytes,
  pingInterval: 10_000,
  pingTimeout: 8_000,
} as const;

const HELLO_WITHIN_MS = 10_000;
const PROBE_MS = 2_000;
const NO_ROOM_MS = 50;
/** Connections that have not said hello yet, of all agents together. */
const MOST_STRANGERS = 2_000;

type Answer = (answer: HelloAnswer) => void;
/** What a stranger was asked to sign. */
interface Challenged {
  readonly nonce: string;
  readonly hubKey: HubKeyPair;
}
type Admitted = Admission & { readonly ok: true };

/** All agents of this hub: the one owner of the uplink namespace. */
export class AgentLinks {
  readonly #options: AgentLinksOptions;
  readonly #namespace: Namespace<AgentToHub, HubToAgent>;
  readonly #links = new Map<string, AgentLink>();
  #strangers = 0;
  #tellFullAtMs = 0;

  constructor(options: AgentLinksOptions) {
    this.#options = options;
    this.#namespace = options.io.of(UPLINK_NAMESPACE);
    this.#namespace.use((socket, next) => {
      const full = this.#strangers >= MOST_STRANGERS || this.#isFull();
      if (socket.conn.transport.name !== 'websocket') next(new Error('the uplink is WebSocket only'));
      else if (full) {
        next(new Error('the hub has no room for another connection now'));
        options.clock.after(NO_ROOM_MS, () => socket.conn.close()); // else it would stay open, and room is short
      } else next();
    });
    this.#namespace.on('connection', (socket) => this.#meet(socket));
  }

  /** Tells once a minute: whoever is refused comes again soon. */
  #isFull(): boolean {
    const { mostAgents, clock, refused } = this.#options;
    const most = mostAgents?.() ?? Number.POSITIVE_INFINITY;
    if (this.#namespace.sockets.size < most) return false;
    const nowMs = clock.uptimeMs();
    if (nowMs >= this.#tellFullAtMs) {
      const says = `${most} agents are connected, more would take the descriptors of browsers: raise the limit of open files`;
      refused({ reason: 'full', says, from: '', hostName: null, hostId: null });
      this.#tellFullAtMs = nowMs + 60_000;
    }
    return true;
  }

  /** The link of a registered agent; the same one for the same host until it is closed. */
  agentLink(host: Host): HostLink {
    return this.#linkOf(host, 'also-closed');
  }

  /** The key of a host was revoked: its connection ends at once, its waiting calls are cancelled. */
  revoke(hostId: string): void {
    this.#links.get(hostId)?.revoke();
  }

  /** Ends every connection and admits no more. */
  async close(): Promise<void> {
    this.#namespace.removeAllListeners('connection');
    await Promise.all([...this.#links.values()].map((link) => link.close()));
    this.#namespace.disconnectSockets(true);
  }

  #linkOf(host: Host, renew: 'also-closed' | 'never'): AgentLink {
    const known = this.#links.get(host.id);
    if (known !== undefined && (known.isWanted || renew === 'never')) return known;
    const { sink, clock, registry } = this.#options;
    const link = new AgentLink(host, {
      sink,
      clock,
      cursor: registry.cursor(host.id),
      keepCursor: (cursor) => registry.keepCursor(host.id, cursor),
    });
    this.#links.set(host.id, link);
    return link;
  }

  /** Challenges a stranger, who has one try to say who they are. */
  #meet(socket: AgentSocket): void {
    this.#strangers++;
    const cancel = this.#options.clock.after(HELLO_WITHIN_MS, () => socket.disconnect(true));
    let isStranger = true;
    const noStranger = (): void => {
      cancel();
      socket.off('disconnect', noStranger);
      if (isStranger) this.#strangers--;
      isStranger = false;
    };
    socket.once('disconnect', noStranger);
    const handshake = handshakeSchema.safeParse(socket.handshake.auth);
    if (!handshake.success) return void socket.disconnect(true);
    const nonce = this.#options.nonce();
    const hubKeys = this.#options.hubKeys();
    socket.once('hello', (raw: unknown, answer: unknown) => {
      noStranger();
      const challenged = { nonce, hubKey: hubKeys.own };
      if (typeof answer === 'function')
        void this.#helloOrBug(socket, raw, challenged, (said) => answer(said));
      else socket.disconnect(true);
    });
    socket.emit('challenge', { nonce, ...UPLINK_VERSIONS, ...proveHub(hubKeys, handshake.data.nonce) });
  }

  async #helloOrBug(
    socket: AgentSocket,
    raw: unknown,
    challenged: Challenged,
    answer: Answer,
  ): Promise<void> {
    try {
      await this.#hello(socket, raw, challenged, answer);
    } catch (error) {
      this.#options.bug?.(error);
      this.#refuse(socket, refusal('overloaded', null), answer);
    }
  }

  async #hello(
    socket: AgentSocket,
    raw: unknown,
    { nonce, hubKey }: Challenged,
    answer: Answer,
  ): Promise<void> {
    const { registry } = this.#options;
    const from = socket.handshake.address;
    const admission = admit(raw, { nonce, from }, registry, hubKey);
    const refused = admission.ok ? await this.#refusalOf(admission) : admission;
    if (refused === null && admission.ok) {
      this.#welcome(socket, admission, answer);
      registry.pins(admission.hello.publicKey, hubKey.publicKey);
    } else if (refused !== null) this.#refuse(socket, refused, answer);
  }

  /** A known agent is still refused when its host is disabled, or somebody else is connected with its key. */
  async #refusalOf({ hello, host }: Admitted): Promise<(Admission & { readonly ok: false }) | null> {
    const link = this.#linkOf(host, 'never');
    if (!link.isWanted) return refusal('disabled', hello, host);
    const { session } = link;
    if (session === null) return null;
    const stillThere = await session.answers(PROBE_MS);
    if (stillThere || (link.session !== null && link.session !== session)) {
      return refusal('duplicate-identity', hello, host);
    }
    return null;
  }

  #welcome(socket: AgentSocket, { hello, host }: Admitted, answer: Answer): void {
    if (!socket.connected) return;
    const { clock } = this.#options;
    const link = this.#linkOf(host, 'never');
    forgetHandshake(socket);
    const session = new AgentSession(socket, hello.epoch, clock);
    link.session?.end(told('link.anew'));
    const point = link.resumePoint(hello.epoch, hello.wallMs);
    answer({ kind: 'welcome', hostId: host.id, ...point, hubUptimeMs: clock.uptimeMs() });
    link.attach(session);
  }

  #refuse(socket: AgentSocket, refused: Admission & { readonly ok: false }, answer: Answer): void {
    const { reason, says, hostName, hostId } = refused;
    this.#options.refused({ reason, says, hostName, hostId, from: socket.handshake.address });
    answer({ kind: 'refused', reason, says });
    this.#options.clock.after(LAST_WORD_MS, () => socket.disconnect(true));
  }
}

/** Nobody asks again how a welcomed agent connected; kept, it is a tenth of what each costs. */
function forgetHandshake(socket: AgentSocket): void {
  // Whoever answered the upgrade holds the request itself for as long as the connection stands.
  Object.assign(socket.request, { headers: {}, rawHeaders: [], url: '', _query: {} });
  Object.assign(socket.conn, { request: null });
  Object.assign(socket.handshake, { headers: {}, query: {}, auth: {}, time: '', url: '' });
}

/** The refusal must reach the agent before the end does. */
const LAST_WORD_MS = 500;
