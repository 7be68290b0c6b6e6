import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';

/**
 * True when a browser asks for this machine under a name that may be anybody's: an address, `localhost`, a name
 * without a dot, and the machine's own name are not. Whoever owns a name can let it lead here, and his page would
 * then pass for one of ours (DNS rebinding); only a password stops that, because the browser keeps it for its site.
 */
export function isOtherName({ headers }: IncomingMessage, machineName: string): boolean {
  if (!isFromBrowser(headers)) return false;
  const name = nameIn(headers.host ?? '');
  const [first = '', ...domain] = name.split('.');
  if (isIP(name) !== 0 || domain.length === 0 || domain.at(-1) === 'localhost') return false;
  return first !== machineName.toLowerCase().split('.')[0];
}

export const OTHER_NAME =
  "this server asks for no password, so a browser may use it only under the machine's own name or address: " +
  'set username and password in the configuration, or let the proxy in front of it send that name as Host';

function isFromBrowser(headers: IncomingMessage['headers']): boolean {
  if (headers.origin !== undefined || headers['sec-fetch-site'] !== undefined) return true;
  return /^Mozilla\//.test(headers['user-agent'] ?? '');
}

/** The name of `name:port` or `[address]:port`, in lower case. */
function nameIn(host: string): string {
  const address = /^\[(.*)\](:\d+)?$/.exec(host)?.[1];
  return (address ?? host.replace(/:\d*$/, '').replace(/\.$/, '')).toLowerCase();
}
