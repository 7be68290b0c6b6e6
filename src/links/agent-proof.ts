import { createPublicKey, type KeyObject, sign, verify } from 'node:crypto';
import { agentProofText, hubProofText } from '@fleetvisor/agent/protocol';

/** The hub's own Ed25519 key, which agents pin when they join. */
export interface HubKeyPair {
  /** Base64 SPKI. */
  readonly publicKey: string;
  readonly privateKey: KeyObject;
}

/** Base64 signature that shows an agent that this hub has its key. */
export function proveHub(hubKey: HubKeyPair, agentNonce: string): string {
  return sign(null, Buffer.from(hubProofText(agentNonce)), hubKey.privateKey).toString('base64');
}

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
