import type { ClientRequestArgs } from 'node:http';
import https from 'node:https';
import type { Duplex } from 'node:stream';
import tls from 'node:tls';
import { pinProblem, type TlsTrust, tlsOptions } from './tls-trust.ts';

type Made = (error: Error | null, socket: Duplex) => void;

/** Hands out a connection only once the certificate on it is the pinned one: no password is sent before. */
export class PinnedAgent extends https.Agent {
  readonly #trust: TlsTrust;
  readonly #handshakeMs: number;

  constructor(options: https.AgentOptions, trust: TlsTrust, handshakeMs: number) {
    super(options);
    this.#trust = trust;
    this.#handshakeMs = handshakeMs;
  }

  // Node calls this for every new connection and takes the socket from the callback when none is returned.
  override createConnection(options: ClientRequestArgs & tls.ConnectionOptions, made: Made): undefined {
    const socket = tls.connect({
      ...options,
      ...tlsOptions(options.host ?? '', this.#trust),
      session: undefined,
    });
    const fail = (error: Error): void => {
      socket.destroy();
      made(error, socket);
    };
    socket.once('error', fail);
    socket.setTimeout(this.#handshakeMs, () => socket.destroy(timedOut()));
    socket.once('secureConnect', () => {
      socket.off('error', fail);
      socket.setTimeout(0);
      const problem = pinProblem(socket, this.#trust);
      if (problem === null) made(null, socket);
      else fail(problem);
    });
  }
}

function timedOut(): NodeJS.ErrnoException {
  return Object.assign(new Error('no TLS handshake in time'), { code: 'ERR_TLS_HANDSHAKE_TIMEOUT' });
}
