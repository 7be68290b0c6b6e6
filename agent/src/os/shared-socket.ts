import { chmodSync, chownSync, rmSync } from 'node:fs';
import { lastErrnoName, libc } from './libc.ts';
import type { SharedSocket, SharedSocketRequest } from './os.ts';
import { closeQuietly, SystemRefusal } from './pipe.ts';
import { AF_INET, AF_UNIX, inetAddress, unixAddress } from './socket-address.ts';

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

function bindUnix(fd: number, path: string, { mode, owner }: SharedSocketRequest): void {
  rmSync(path, { force: true });
  const address = unixAddress(path);
  checked('bind', libc.bind(fd, address, address.length));
  if (mode !== null) chmodSync(path, mode);
  if (owner !== null) chownSync(path, owner.uid, owner.gid);
}
