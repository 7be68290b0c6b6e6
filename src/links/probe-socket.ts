import { connect, type Socket } from 'node:net';
import tls from 'node:tls';
import type { Clock } from '../clock.ts';
import type { SupervisordAddress } from './supervisord-address.ts';
import { pinProblem, shownSha256, type TlsTrust, tlsOptions } from './tls-trust.ts';
import { failureKindOfCode, TransportError } from './transport-error.ts';

export type PlainSocket = Socket;

/** Opens one connection and nothing more. Throws `TransportError`, by `withinMs`. */
export function openPlain(
  address: SupervisordAddress,
  ip: string | null,
  withinMs: number,
  clock: Clock,
): Promise<PlainSocket> {
  const socket =
    address.kind === 'unix'
      ? connect({ path: address.socketPath })
      : connect({ host: ip ?? address.hostname, port: address.port });
  return new Promise((done, fail) => {
    const cancel = clock.after(withinMs, () =>
      socket.destroy(Object.assign(new Error('no connection in time'), { code: 'ETIMEDOUT' })),
    );
    socket.once('connect', () => {
      cancel();
      done(socket);
    });
    socket.on('error', (error) => {
      cancel();
      fail(asTransport(error));
    });
  });
}

export interface SecureProbe {
  /** Why the certificate or the handshake is not good enough; null: it is. */
  readonly error: TransportError | null;
  readonly sha256: string | null;
  readonly protocol: string;
}

/** Shakes hands over an open connection. Tells the certificate also when it is not believed. */
export function openSecure(
  socket: PlainSocket,
  { hostname, trust }: { readonly hostname: string; readonly trust: TlsTrust | null },
  withinMs: number,
  clock: Clock,
): Promise<SecureProbe> {
  const secure = tls.connect({ ...tlsOptions(hostname, trust), socket, rejectUnauthorized: false });
  return new Promise((done) => {
    const cancel = clock.after(withinMs, () =>
      secure.destroy(Object.assign(new Error('no handshake in time'), { code: 'ERR_TLS_HANDSHAKE_TIMEOUT' })),
    );
    secure.once('secureConnect', () => {
      cancel();
      const problem = trust?.kind === 'pinned' ? pinProblem(secure, trust) : unauthorized(secure);
      const probe = { sha256: shownSha256(secure), protocol: secure.getProtocol() ?? 'TLS' };
      secure.end();
      done({ ...probe, error: problem === null ? null : asTransport(problem) });
    });
    secure.on('error', (error) => {
      cancel();
      done({ error: asTransport(error), sha256: null, protocol: 'TLS' });
    });
  });
}

function unauthorized(socket: tls.TLSSocket): NodeJS.ErrnoException | null {
  if (socket.authorized) return null;
  const why: unknown = socket.authorizationError; // an Error or its code, whatever the types say
  const code = why instanceof Error && 'code' in why ? String(why.code) : String(why);
  return Object.assign(new Error('the certificate is not believed'), { code });
}

function asTransport(error: NodeJS.ErrnoException): TransportError {
  const kind = failureKindOfCode(error.code);
  if (kind === 'timeout') return new TransportError(kind, { sent: false, detail: 'connect' });
  const detail = kind === 'tls' || kind === 'other' ? error.code : undefined;
  return new TransportError(kind, { sent: false, ...(detail === undefined ? {} : { detail }) });
}
