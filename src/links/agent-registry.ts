import type { Host } from '../fleet/host.ts';

/** An agent as the registry knows it by its key. */
export interface KnownAgent {
  readonly host: Host;
  readonly revoked: boolean;
  /** Not wanted now: it may come back later with the same key. */
  readonly disabled?: boolean;
  /** Taken out of the fleet a moment ago: it may be brought back with the same key, or join anew with another. */
  readonly removed?: boolean;
}

/** What an agent shows to become a host. */
export interface JoinRequest {
  readonly token: string;
  /** Base64 SPKI of its Ed25519 key; it has proved that it holds the private half. */
  readonly publicKey: string;
  /** Proposed; the registry decides about the name. */
  readonly hostName: string;
  /** Where the connection came from, for the audit. */
  readonly from: string;
}

export type Joined =
  | { readonly ok: true; readonly host: Host }
  | {
      readonly ok: false;
      readonly reason: 'token-invalid' | 'token-expired' | 'token-used' | 'name-taken';
      readonly says: string;
    };

/** How far the hub has the events of one run of an agent. */
export interface AgentCursor {
  readonly epoch: string;
  readonly seq: number;
}

/** Who the hub's agents are. Every call is one transaction: no two agents get one use of a token. */
export interface AgentRegistry {
  findByKey(publicKey: string): KnownAgent | null;
  /** Uses the token up by one, keeps the key and creates the host, or takes one over whose key was revoked; or does nothing of it. */
  join(request: JoinRequest): Joined;
  /** An agent was welcomed: from now on it demands this key (base64 SPKI) of the hub, or one that it vouches for. */
  pins(publicKey: string, hubKey: string): void;
  cursor(hostId: string): AgentCursor | null;
  /** Called with every message of every agent: to be written later, together. */
  keepCursor(hostId: string, cursor: AgentCursor): void;
}

/** An agent that was sent away, for logs and alarms. Holds no secret. */
export interface RefusedUplink {
  readonly reason: string;
  readonly says: string;
  readonly from: string;
  readonly hostName: string | null;
  /** The host whose identity it showed, if it showed one. */
  readonly hostId: string | null;
}
