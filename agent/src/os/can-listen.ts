import { accessSync, constants, lstatSync } from 'node:fs';
import { dirname } from 'node:path';
import { thrownErrno } from './errno.ts';
import { lastErrnoName, libc } from './libc.ts';
import { closeQuietly } from './pipe.ts';
import { AF_INET, AF_UNIX, inetAddress, unixAddress } from './socket-address.ts';

const SOCK_STREAM = 1;
const SOCK_CLOEXEC = 0o2000000;
const SOL_SOCKET = 1;
const SO_REUSEADDR = 2;

/** Why a TCP port could not be listened on now, as the system's name of the error; null when it could. */
export function portObstacle(host: string, port: number): string | null {
  return withSocket(AF_INET, (fd) => {
    const yes = Buffer.alloc(4);
    yes.writeInt32LE(1);
    libc.setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, yes, 4);
    const address = inetAddress(`tcp://${host}:${port}`);
    return libc.bind(fd, address, address.length) === 0 ? null : lastErrnoName();
  });
}

/** The same of a unix socket; a file nobody listens on is none. */
export function socketFileObstacle(path: string): string | null {
  const there = lstatSync(path, { throwIfNoEntry: false });
  if (there !== undefined && !there.isSocket()) return 'EEXIST';
  if (there !== undefined && isListenedOn(path)) return 'EADDRINUSE';
  try {
    accessSync(dirname(path), constants.W_OK | constants.X_OK);
    return null;
  } catch (error) {
    return thrownErrno(error);
  }
}

function isListenedOn(path: string): boolean {
  return withSocket(AF_UNIX, (fd) => {
    const address = unixAddress(path);
    return libc.connect(fd, address, address.length) === 0;
  });
}

function withSocket<T>(family: number, ask: (fd: number) => T): T {
  const fd: number = libc.socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0);
  try {
    return ask(fd);
  } finally {
    closeQuietly(fd);
  }
}
