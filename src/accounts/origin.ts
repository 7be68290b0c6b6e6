import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';

/**
 * Whether a request came from a page of this hub, or from no page at all (a program). Behind a trusted proxy
 * the name the browser used may be in `x-forwarded-host`.
 */
export function isOwnOrigin(headers: IncomingHttpHeaders, trustedProxies: number): boolean {
  const site = headers['sec-fetch-site'];
  if (headers.origin === undefined) return site === undefined || site === 'same-origin' || site === 'none';
  if (!URL.canParse(headers.origin)) return false;
  const forwarded = trustedProxies > 0 ? String(headers['x-forwarded-host'] ?? '') : '';
  const names = [headers.host ?? '', ...forwarded.split(',').map((name) => name.trim())];
  return names.includes(new URL(headers.origin).host);
}

/** How the browser asked, of what is no request of Express: as that tells it, a trusted proxy is believed. */
export function schemeOver({ socket, headers }: IncomingMessage, trustedProxies: number): 'https' | 'http' {
  if ('encrypted' in socket && socket.encrypted === true) return 'https';
  const forwarded = trustedProxies > 0 ? String(headers['x-forwarded-proto'] ?? '') : '';
  return forwarded.split(',')[0]?.trim() === 'https' ? 'https' : 'http';
}
