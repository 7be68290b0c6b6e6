import type { IncomingHttpHeaders } from 'node:http';

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
