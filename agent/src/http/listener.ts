import { lookup } from 'node:dns/promises';
import type { Server } from 'node:http';
import type { ListenOptions } from 'node:net';
import type { InetServerConfig } from '../config/config.ts';
import { thrownErrno } from '../os/errno.ts';
import { cannotListen } from './cannot-listen.ts';

/** One configured server that listens. */
export interface Listener {
  /** Stops listening; open connections are not its business. */
  close(): Promise<void>;
}

/** Opens a TCP server; like supervisord it speaks IPv4 unless the host is an IPv6 address. Rejects with `CannotListen`. */
export async function listenTcp(server: Server, { host, port }: InetServerConfig): Promise<Listener> {
  try {
    const address =
      host === '' ? '0.0.0.0' : host.includes(':') ? host : (await lookup(host, { family: 4 })).address;
    await listening(server, { host: address, port });
  } catch (error) {
    throw cannotListen(thrownErrno(error));
  }
  return { close: () => closing(server) };
}

/** Resolves once the server listens; rejects with the system's error. */
export function listening(server: Server, options: ListenOptions): Promise<void> {
  return new Promise((done, fail) => {
    server.once('error', fail);
    server.listen({ backlog: 1024, ...options }, () => {
      server.off('error', fail);
      done();
    });
  });
}

/** Resolves at once when nothing listens any more; connections may live on. */
export function closing(server: Server): Promise<void> {
  server.close();
  return Promise.resolve();
}
