import { Agent, type ClientRequest, request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest, Agent as TlsAgent } from 'node:https';
import type { ServerAddress } from './server-address.ts';
import { Unconnected } from './server-faults.ts';

export interface Credentials {
  readonly username: string | null;
  readonly password: string | null;
}

export interface HttpQuestion {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly body?: Buffer;
  readonly signal?: AbortSignal;
}

/** Connections kept for one server; `close` lets the program end. */
export interface Connections {
  ask(question: HttpQuestion, credentials: Credentials): Promise<IncomingMessage>;
  close(): void;
}

/** Opens keep-alive connections to an address. `ask` rejects with `Unconnected` when nothing answers. */
export function connectTo(address: ServerAddress): Connections {
  const tls = address.kind === 'tcp' && address.tls === 'verified';
  const agent = tls ? new TlsAgent({ keepAlive: true }) : new Agent({ keepAlive: true });
  const where =
    address.kind === 'unix'
      ? { socketPath: address.socketPath, headers: { host: 'localhost' } }
      : { host: address.host, port: address.port, headers: {} };
  const request = tls ? httpsRequest : httpRequest;
  return {
    ask: ({ method, path, body, signal }, credentials) =>
      answerOf(
        request({
          ...where,
          agent,
          method,
          path,
          ...(signal ? { signal } : {}),
          headers: { ...where.headers, ...bodyHeaders(body), ...authorization(credentials) },
        }),
        body,
      ),
    close: () => agent.destroy(),
  };
}

function bodyHeaders(body: Buffer | undefined): Record<string, string> {
  if (body === undefined) return {};
  return { 'content-type': 'text/xml', accept: 'text/xml', 'content-length': String(body.length) };
}

/** Contract: CTL-015. */
function authorization({ username, password }: Credentials): Record<string, string> {
  if (username === null || password === null) return {};
  return { authorization: `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}` };
}

function answerOf(request: ClientRequest, body: Buffer | undefined): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    request.on('response', resolve);
    request.on('error', (error: NodeJS.ErrnoException) => {
      if (error.name === 'AbortError') reject(error);
      else reject(new Unconnected(error.code ?? 'EIO', error.message));
    });
    request.end(body);
  });
}
