import { readFileSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createSecureServer, Server as SecureServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { HubConfig } from '../config.ts';
import { ListenProblem } from './listen-problem.ts';

const LIMITS = { maxHeaderSize: 16 * 1024, headersTimeout: 10_000, requestTimeout: 30_000 } as const;

/** A server for the app, not listening yet. Throws `ListenProblem` for a certificate that cannot be read. */
export function httpServer(config: HubConfig, app: RequestListener): Server {
  const { tls } = config;
  if (tls === null) return tracked(createServer(LIMITS, app));
  return tracked(readable(() => createSecureServer({ ...LIMITS, ...pair(tls) }, app)));
}

/** Shows the certificate that the files hold now; open connections stay. Throws `ListenProblem`, and nothing changed. */
export function renewCertificate(server: Server, { tls }: HubConfig): void {
  if (tls === null || !(server instanceof SecureServer)) return;
  readable(() => server.setSecureContext(pair(tls)));
}

const pair = ({ certFile, keyFile }: NonNullable<HubConfig['tls']>) => ({
  cert: readFileSync(certFile),
  key: readFileSync(keyFile),
});

function readable<T>(use: () => T): T {
  try {
    return use();
  } catch (error) {
    throw new ListenProblem(tlsProblem(error));
  }
}

function tlsProblem(error: unknown): string {
  const { code = '', path = '', message } = error as NodeJS.ErrnoException;
  if (path !== '')
    return `--tls-cert, --tls-key: ${path} cannot be read (${code}): see that it is there and this user may read it`;
  return `--tls-cert, --tls-key: ${message}: see that both are PEM and belong together`;
}

const sockets = new WeakMap<Server, Set<Socket>>();

function tracked(server: Server): Server {
  const open = new Set<Socket>();
  sockets.set(server, open);
  return server.on('connection', (socket) => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
  });
}

/** Ends what is still connected, WebSockets too, without a goodbye. */
export function dropSockets(server: Server): void {
  for (const socket of sockets.get(server) ?? []) socket.destroy();
}

const SAYS: Readonly<Record<string, (at: string) => string>> = {
  EADDRINUSE: (at) =>
    `${at} is in use: end the program that listens there, or choose another port with --port`,
  EACCES: (at) =>
    `${at} needs more rights than this user has: choose a port above 1023 with --port, or give it CAP_NET_BIND_SERVICE, as docs/running.md says`,
  EADDRNOTAVAIL: (at) => `${at} is no address of this machine: choose another with --host`,
  ENOTFOUND: (at) => `${at} cannot be resolved: choose another with --host`,
};

/** Listens, and resolves with the port. Rejects with `ListenProblem`. */
export function listen(server: Server, { host, port }: HubConfig): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const says = SAYS[error.code ?? ''];
      reject(says === undefined ? error : new ListenProblem(says(`${host}:${port}`)));
    });
    server.listen(port, host, () => resolve((server.address() as AddressInfo).port));
  });
}
