import { BlockList, isIP } from 'node:net';
import { networkInterfaces } from 'node:os';

/**
 * Whether a connection to there would reach this hub itself, however the address is written.
 * Names other than localhost are not resolved here.
 */
export function isOwnListener(hostname: string, port: number, listeningOn: number): boolean {
  if (port !== listeningOn) return false;
  const family = isIP(hostname);
  if (family === 0) return hostname === 'localhost';
  return ownAddresses().check(hostname, family === 4 ? 'ipv4' : 'ipv6');
}

/** A list knows an IPv4 address also as IPv6 writes it. */
function ownAddresses(): BlockList {
  const own = new BlockList();
  own.addSubnet('127.0.0.0', 8, 'ipv4');
  own.addAddress('::1', 'ipv6');
  for (const { address, family } of Object.values(networkInterfaces()).flatMap((all) => all ?? []))
    own.addAddress(address, family === 'IPv4' ? 'ipv4' : 'ipv6');
  return own;
}
