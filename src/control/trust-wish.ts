import type { HostTrust } from '../fleet/host.ts';
import type { Parsed } from '../fleet/problem.ts';
import type { SupervisordAddress } from '../links/supervisord-address.ts';
import { certificateSha256, fingerprint } from '../links/tls-trust.ts';

/** How somebody wants an `https` host to be believed: by an authority of their own, or by one certificate. */
export type TrustWish = { readonly authority: string } | { readonly sha256: string };

/** `trust` for the row, left out for the system's authorities, and the PEM that goes with it. */
export interface ReadTrust {
  readonly trust?: HostTrust;
  readonly authority: string | null;
}

/** Checks a wish against the address it is for; null for an address that is wrong itself. */
export function readTrust(
  wish: TrustWish | undefined,
  address: SupervisordAddress | null,
): Parsed<ReadTrust> {
  if (wish === undefined) return { ok: true, value: { authority: null } };
  if (address !== null && !(address.kind === 'tcp' && address.secure))
    return wrong('is for https:// addresses alone', 'Leave it out, or write the address with https://.');
  if ('sha256' in wish) {
    const sha256 = fingerprint(wish.sha256);
    return sha256 === null
      ? wrong(
          'is no SHA-256 of a certificate',
          'Give 64 hexadecimal digits, as "openssl x509 -fingerprint -sha256" prints.',
        )
      : { ok: true, value: { trust: { kind: 'pinned', sha256 }, authority: null } };
  }
  const sha256 = certificateSha256(wish.authority);
  return sha256 === null
    ? wrong('is no certificate in PEM', 'Give the whole file, from -----BEGIN CERTIFICATE----- on.')
    : { ok: true, value: { trust: { kind: 'authority', sha256 }, authority: wish.authority } };
}

function wrong(says: string, hint: string): Parsed<never> {
  return { ok: false, problems: [{ where: 'trust', says, hint }] };
}
