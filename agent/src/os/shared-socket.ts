import { chmodSync, chownSync, rmSync } from 'node:fs';
import { isIPv4 } from 'node:net';
import { lastErrnoName, libc } from './libc.ts';
import type { SharedSocket, SharedSocketRequest } from './os.ts';
import { closeQuietly, SystemRefusal } from './pipe.ts';

const AF_UNIX = 1;
const AF_INET = 2;
const SOCK_STREAM = 1;
const SOCK_CLOEXEC = 0o2000000;
const SOL_SOCKET = 1;
const SO_REUSEADDR = 2;
const SOMAXCONN = 4096;

/**
 * A socket that is bound and listens but is never accepted on here: Node does not know it.
 * A unix socket file is removed before, and left in place after. Throws SystemRefusal.
 * Contract: PROC-119 to PROC-123.
 */
export function listenShared(request: SharedSocketRequest): SharedSocket {
  const path = request.url.startsWith('unix://') ? request.url.slice('unix://'.length) : null;
  const fd: number = libc.socket(path === null ? AF_INET : AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0) throw new SystemRefusal('socket', lastErrnoName());
  try {
    if (path === null) bindInet(fd, request.url);
    else bindUnix(fd, path, request);
    checked('listen', libc.listen(fd, request.backlog ?? SOMAXCONN));
  } catch (error) {
    closeQuietly(fd);
    throw error;
  }
  return { fd, close: () => closeQuietly(fd) };
}

function checked(call: string, result: number): void {
  if (result !== 0) throw new SystemRefusal(call, lastErrnoName());
}

function bindInet(fd: number, url: string): void {
  const yes = Buffer.alloc(4);
  yes.writeInt32LE(1);
  checked('setsockopt', libc.setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, yes, 4));
  const address = inetAddress(url);
  checked('bind', libc.bind(fd, address, address.length));
}

/** struct sockaddr_in. A host name other than localhost is not looked up: that would stop the daemon. */
function inetAddress(url: string): Buffer {
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

function bindUnix(fd: number, path: string, { mode, owner }: SharedSocketRequest): void {
  rmSync(path, { force: true });
  const address = unixAddress(path);
  checked('bind', libc.bind(fd, address, address.length));
  if (mode !== null) chmodSync(path, mode);
  if (owner !== null) chownSync(path, owner.uid, owner.gid);
}

/** struct sockaddr_un. */
function unixAddress(path: string): Buffer {
  const bytes = Buffer.from(`${path}\0`);
  if (bytes.length > 108) throw new SystemRefusal('bind', 'ENAMETOOLONG');
  const family = Buffer.alloc(2);
  family.writeUInt16LE(AF_UNIX);
  return Buffer.concat([family, bytes]);
}
