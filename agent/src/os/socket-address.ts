import { isIPv4 } from 'node:net';
import { SystemRefusal } from './pipe.ts';

export const AF_UNIX = 1;
export const AF_INET = 2;

/** struct sockaddr_in. A host name other than localhost is not looked up: that would stop the daemon. */
export function inetAddress(url: string): Buffer {
  const [, host = '', port = '0'] = /^tcp:\/\/(.*):(\d+)$/.exec(url) ?? [];
  const ip = host === 'localhost' ? '127.0.0.1' : host === '' || host === '*' ? '0.0.0.0' : host;
  if (!isIPv4(ip)) throw new SystemRefusal('bind', 'EADDRNOTAVAIL');
  const address = Buffer.alloc(16);
  address.writeUInt16LE(AF_INET, 0);
  address.writeUInt16BE(Number(port), 2);
  ip.split('.').forEach((part, index) => {
    address.writeUInt8(Number(part), 4 + index);
  });
  return address;
}

/** struct sockaddr_un. */
export function unixAddress(path: string): Buffer {
  const bytes = Buffer.from(`${path}\0`);
  if (bytes.length > 108) throw new SystemRefusal('bind', 'ENAMETOOLONG');
  const family = Buffer.alloc(2);
  family.writeUInt16LE(AF_UNIX);
  return Buffer.concat([family, bytes]);
}
