import { createPublicKey, type KeyObject, sign, verify } from 'node:crypto';
import {
  agentProofText,
  type FormerHubKey,
  hubProofText,
  hubVouchText,
  UPLINK_LIMITS,
} from '@fleetvisor/agent/protocol';

/** The hub's own Ed25519 key, which agents pin when they join. */
export interface HubKeyPair {
  /** Base64 SPKI. */
  readonly publicKey: string;
  readonly privateKey: KeyObject;
}

/** The hub's key, and those it had before, newest first. */
export interface HubKeyPairs {
  readonly own: HubKeyPair;
  readonly former: readonly HubKeyPair[];
}

/** What shows an agent that this hub has its key, or the key that the pinned one vouches for. */
export interface HubProof {
  readonly hubKey: string;
  readonly hubSignature: string;
  readonly former: readonly FormerHubKey[];
}

export function proveHub({ own, former }: HubKeyPairs, agentNonce: string): HubProof {
  const vouching = former.slice(0, UPLINK_LIMITS.formerHubKeys);
  return {
    hubKey: own.publicKey,
    hubSignature: signature(own, hubProofText(agentNonce)),
    former: vouching.map((key) => ({
      hubKey: key.publicKey,
      signature: signature(key, hubVouchText(agentNonce, own.publicKey)),
    })),
  };
}

const signature = ({ privateKey }: HubKeyPair, text: string): string =>
  sign(null, Buffer.from(text), privateKey).toString('base64');

/** Whether whoever sent `signature` holds the private half of `publicKey`, and signed for this connection. */
export function isProved(
  proof: { readonly publicKey: string; readonly signature: string },
  nonce: string,
  hubKey: HubKeyPair,
): boolean {
  try {
    const key = createPublicKey({ key: Buffer.from(proof.publicKey, 'base64'), format: 'der', type: 'spki' });
    const text = Buffer.from(agentProofText(nonce, hubKey.publicKey));
    return (
      key.asymmetricKeyType === 'ed25519' && verify(null, text, key, Buffer.from(proof.signature, 'base64'))
    );
  } catch {
    return false; // bytes that are no key prove nothing
  }
}
