import type { IncomingMessage } from 'node:http';
import { equal } from './basic-auth.ts';

/** True when a browser says that the request was made by a page of another site. */
export function isForeign({ headers }: IncomingMessage): boolean {
  const site = headers['sec-fetch-site'];
  if (site !== undefined) return site !== 'same-origin' && site !== 'none';
  return headers.origin !== undefined && !isOwn(headers.origin, headers);
}

/**
 * Whether a request may change something: it knows the token of our pages, or a browser says it comes from
 * one of them, or it does not come from a browser at all. Contract: RPC-170.
 */
export function mayAct(req: IncomingMessage, given: string | undefined, pageToken: string): boolean {
  if (given !== undefined) return equal(given, pageToken);
  const { headers } = req;
  if (headers['sec-fetch-site'] !== undefined || headers.origin !== undefined) return !isForeign(req);
  if (headers.referer !== undefined) return isOwn(headers.referer, headers);
  return !/^Mozilla\//.test(headers['user-agent'] ?? '');
}

/** A proxy may have changed Host; what it puts in X-Forwarded-Host no foreign page can. */
function isOwn(url: string, headers: IncomingMessage['headers']): boolean {
  const host = URL.canParse(url) ? new URL(url).host : null;
  return host !== null && (host === headers.host || host === headers['x-forwarded-host']);
}
