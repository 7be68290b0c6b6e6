import { X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import type tls from 'node:tls';

/** By what an `https` host is believed, where the authorities the system knows are not it. */
export type TlsTrust =
  | { readonly kind: 'authority'; readonly pem: string }
  /** Exactly one certificate, by the SHA-256 of its DER in lower-case hex. */
  | { readonly kind: 'pinned'; readonly sha256: string };

/** The SHA-256 of a PEM's first certificate in lower-case hex; null for text that holds none. */
export function certificateSha256(pem: string): string | null {
  try {
    return plainHex(new X509Certificate(pem).fingerprint256);
  } catch {
    return null; // no certificate: that is the answer
  }
}

/** `AB:CD…`, `sha256:ab…` or plain hex as 64 lower-case digits; null for anything else. */
export function fingerprint(text: string): string | null {
  const hex = plainHex(text.trim().replace(/^sha256[:=/ ]/i, ''));
  return /^[0-9a-f]{64}$/.test(hex) ? hex : null;
}

const plainHex = (text: string): string => text.replaceAll(':', '').toLowerCase();

/** A pin replaces the authorities: it is compared once the connection stands, before a byte is sent over it. */
export function tlsOptions(hostname: string, trust: TlsTrust | null): tls.ConnectionOptions {
  return {
    servername: isIP(hostname) === 0 ? hostname : '',
    host: hostname,
    ...(trust?.kind === 'authority' ? { ca: trust.pem } : {}),
    ...(trust?.kind === 'pinned' ? { rejectUnauthorized: false } : {}),
  };
}

/** Null when the certificate on this connection is the one that was pinned, or none was. */
export function pinProblem(socket: tls.TLSSocket, trust: TlsTrust | null): NodeJS.ErrnoException | null {
  if (trust?.kind !== 'pinned' || shownSha256(socket) === trust.sha256) return null;
  return Object.assign(new Error('the certificate is not the pinned one'), { code: 'CERT_NOT_PINNED' });
}

/** The SHA-256 of the certificate the other end showed; null while it has shown none. */
export function shownSha256(socket: tls.TLSSocket): string | null {
  const { fingerprint256 } = socket.getPeerCertificate();
  return typeof fingerprint256 === 'string' ? plainHex(fingerprint256) : null;
}
