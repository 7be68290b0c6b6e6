import { createPublicKey, randomBytes, verify } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import type { FleetvisorConfig } from '../config/config.ts';
import {
  agentProofText,
  type Challenge,
  type Hello,
  hubProofText,
  hubVouchText,
  UPLINK_VERSIONS,
} from '../protocol/uplink.ts';
import { type Identity, signText, tokenHash } from './identity.ts';

/** A number used once, for the hub to sign. */
export function newNonce(): string {
  return randomBytes(32).toString('base64');
}

/** Why the hub is not the one this agent joined, or speaks another protocol; null when all is well. */
export function distrust(challenge: Challenge, nonce: string, pinnedHubKey: string | null): string | null {
  if (!isPinned(challenge, nonce, pinnedHubKey)) {
    return 'the hub shows another key than the one pinned when this host joined; nothing was told to it. If that is as it should be, remove the identity file and join again with a new token';
  }
  const { hubKey, hubSignature } = challenge;
  if (!isSigned(hubKey, hubProofText(nonce), hubSignature))
    return 'the hub could not prove its own key; nothing was told to it';
  if (commonVersion(challenge) === null) {
    return `the hub speaks uplink versions ${challenge.oldest} to ${challenge.newest}, this agent ${UPLINK_VERSIONS.oldest} to ${UPLINK_VERSIONS.newest}: update the older one`;
  }
  return null;
}

/** Whether the hub's key is the pinned one, or one that the pinned one vouches for on this connection. */
function isPinned({ hubKey, former = [] }: Challenge, nonce: string, pinned: string | null): boolean {
  if (pinned === null || pinned === hubKey) return true;
  const vouching = former.find((key) => key.hubKey === pinned);
  return vouching !== undefined && isSigned(pinned, hubVouchText(nonce, hubKey), vouching.signature);
}

function isSigned(publicKey: string, text: string, signature: string): boolean {
  try {
    const key = createPublicKey({ key: Buffer.from(publicKey, 'base64'), format: 'der', type: 'spki' });
    return (
      key.asymmetricKeyType === 'ed25519' &&
      verify(null, Buffer.from(text), key, Buffer.from(signature, 'base64'))
    );
  } catch {
    return false; // bytes that are no key prove nothing
  }
}

function commonVersion({ newest, oldest }: Pick<Challenge, 'newest' | 'oldest'>): number | null {
  const version = Math.min(newest, UPLINK_VERSIONS.newest);
  return version >= Math.max(oldest, UPLINK_VERSIONS.oldest) ? version : null;
}

export interface AboutAgent {
  readonly config: FleetvisorConfig;
  readonly version: string;
  readonly epoch: string;
  readonly wallMs: number;
}

/** The answer to a challenge that is trusted. Carries the join token only while there is no host id. */
export function helloTo(challenge: Challenge, identity: Identity, about: AboutAgent): Hello {
  const joinToken = identity.hostId === null ? readJoinToken(about.config) : null;
  return {
    version: commonVersion(challenge) ?? UPLINK_VERSIONS.newest,
    publicKey: identity.publicKey,
    signature: signText(identity, agentProofText(challenge.nonce, challenge.hubKey)),
    ...(joinToken === null ? {} : { joinToken }),
    hostName: about.config.hostName,
    agentVersion: about.version,
    capabilities: ['tails', 'metrics', 'last-lines'],
    allow: about.config.allow,
    epoch: about.epoch,
    wallMs: about.wallMs,
  };
}

/** Whether somebody gave this host a token since it joined: another one, or the same put there anew. */
export function hasFreshToken(config: FleetvisorConfig, { joinedWith }: Identity): boolean {
  const token = readJoinToken(config);
  if (token === null || token === '') return false;
  return tokenHash(token) !== joinedWith || isNewer(config.joinTokenFile, config.identityFile);
}

function isNewer(file: string | null, than: string): boolean {
  const [a, b] = [file, than].map((path) => path && statSync(path, { throwIfNoEntry: false })?.mtimeMs);
  return typeof a === 'number' && typeof b === 'number' && a > b;
}

/** The token as configured; a file is read anew each time, so that one put there later is found. */
function readJoinToken({ joinToken, joinTokenFile }: FleetvisorConfig): string | null {
  if (joinToken !== null) return joinToken;
  if (joinTokenFile === null) return null;
  try {
    return readFileSync(joinTokenFile, 'utf8').trim();
  } catch {
    return null; // without a token the hub says what it misses, and that is logged
  }
}
