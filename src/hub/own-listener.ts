import { networkInterfaces } from 'node:os';

/** Whether a connection to there would reach this hub itself. Names other than localhost are not resolved here. */
export function isOwnListener(hostname: string, port: number, listeningOn: number): boolean {
  if (port !== listeningOn) return false;
  if (hostname === 'localhost' || hostname === '::1' || hostname.startsWith('127.')) return true;
  return Object.values(networkInterfaces()).some((all) => all?.some(({ address }) => address === hostname));
}
