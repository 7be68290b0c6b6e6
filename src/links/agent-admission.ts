import { type HelloRefusal, UPLINK_VERSIONS } from '@fleetvisor/agent/protocol';
import type { Host } from '../fleet/host.ts';
import { type HubKeyPair, isProved } from './agent-proof.ts';
import type { AgentRegistry } from './agent-registry.ts';
import { type CheckedHello, helloSchema } from './uplink-schemas.ts';

export type Admission =
  | { readonly ok: true; readonly hello: CheckedHello; readonly host: Host }
  | {
      readonly ok: false;
      readonly reason: HelloRefusal;
      readonly says: string;
      readonly hostName: string | null;
      readonly hostId: string | null;
    };

/** What the connection itself says. */
export interface Visit {
  /** What the hub asked to have signed. */
  readonly nonce: string;
  readonly from: string;
}

const SAYS: Record<Exclude<HelloRefusal, 'version' | 'name-taken'>, string> = {
  malformed: 'the hub does not understand this agent: update the older of the two',
  'bad-signature': 'the key of this agent did not prove itself',
  'unknown-key': 'the hub does not know this host: give it a join token (join_token= in [fleetvisor])',
  'token-invalid': 'the join token is not one of this hub',
  'token-expired': 'the join token has expired: make a new one',
  'token-used': 'the join token was used already: make a new one',
  'duplicate-identity':
    'another agent is connected with the same key: remove the identity file of the copy and join it anew',
  revoked: 'the key of this host was revoked: give it a new join token',
  disabled: 'this host is disabled at the hub',
  overloaded: 'the hub has no room for another connection now',
};

const REMOVED =
  'this host was removed at the hub: bring it back there with "fleetvisor hosts restore", or give it a new join token';

/** Who says hello, and whether they may come in. Joins them when they have a token that is good. */
export function admit(raw: unknown, visit: Visit, registry: AgentRegistry, hubKey: HubKeyPair): Admission {
  const parsed = helloSchema.safeParse(raw);
  if (!parsed.success) return refusal('malformed', null);
  const hello = parsed.data;
  if (hello.version < UPLINK_VERSIONS.oldest || hello.version > UPLINK_VERSIONS.newest) {
    const says = `the hub speaks uplink versions ${UPLINK_VERSIONS.oldest} to ${UPLINK_VERSIONS.newest}`;
    return { ok: false, reason: 'version', says, hostName: hello.hostName, hostId: null };
  }
  if (!isProved(hello, visit.nonce, hubKey)) return refusal('bad-signature', hello);
  const known = registry.findByKey(hello.publicKey);
  if (known?.revoked === true) return refusal('revoked', hello, known.host);
  if (known?.removed === true) return { ...refusal('unknown-key', hello, known.host), says: REMOVED };
  if (known?.disabled === true) return refusal('disabled', hello, known.host);
  return known === null ? join(hello, visit, registry) : { ok: true, hello, host: known.host };
}

function join(hello: CheckedHello, visit: Visit, registry: AgentRegistry): Admission {
  const { joinToken: token, publicKey, hostName } = hello;
  if (token === undefined) return refusal('unknown-key', hello);
  const joined = registry.join({ token, publicKey, hostName, from: visit.from });
  if (joined.ok) return { ok: true, hello, host: joined.host };
  return { ok: false, reason: joined.reason, says: joined.says, hostName, hostId: null };
}

/** A refusal in the words the agent will log. */
export function refusal(
  reason: keyof typeof SAYS,
  hello: Pick<CheckedHello, 'hostName'> | null,
  host: Host | null = null,
): Admission & { readonly ok: false } {
  return {
    ok: false,
    reason,
    says: SAYS[reason],
    hostName: hello?.hostName ?? null,
    hostId: host?.id ?? null,
  };
}
