import http, { type RequestOptions } from 'node:http';
import https from 'node:https';
import { guardedLookup } from './guarded-lookup.ts';
import { REQUEST_DEADLINE_MS } from './link-failure.ts';
import { PinnedAgent } from './pinned-agent.ts';
import type { SupervisordAddress } from './supervisord-address.ts';
import type { TlsTrust } from './tls-trust.ts';

export interface SupervisordCredentials {
  readonly username: string;
  readonly password: string;
}

/** One supervisord to send requests to: its address, its password, and connections that stay open. */
export class Endpoint {
  readonly address: SupervisordAddress;
  readonly agent: http.Agent;
  readonly #authorization: string | null;

  constructor(
    address: SupervisordAddress,
    credentials: SupervisordCredentials | null,
    trust: TlsTrust | null = null,
  ) {
    this.address = address;
    this.agent = agentFor(address, trust);
    this.#authorization =
      credentials === null
        ? null
        : `Basic ${Buffer.from(`${credentials.username}:${credentials.password}`).toString('base64')}`;
  }

  /** The module that speaks this address's scheme. */
  get transport(): typeof http | typeof https {
    return secure(this.address) ? https : http;
  }

  get secure(): boolean {
    return secure(this.address);
  }

  /** Where and how to POST, without a body or its headers. */
  requestOptions(): RequestOptions & { headers: Record<string, string> } {
    const { address } = this;
    const headers: Record<string, string> = { 'content-type': 'text/xml', accept: 'text/xml' };
    if (this.#authorization !== null) headers.authorization = this.#authorization;
    const where =
      address.kind === 'unix'
        ? { socketPath: address.socketPath, host: 'localhost' }
        : { host: address.hostname, port: address.port, lookup: guardedLookup };
    return { ...where, method: 'POST', path: address.path, headers, agent: this.agent };
  }

  /** Closes every connection, also those in use. */
  close(): void {
    this.agent.destroy();
  }
}

const KEPT_ALIVE = { keepAlive: true, maxSockets: 4, maxFreeSockets: 2, scheduling: 'lifo' } as const;

function agentFor(address: SupervisordAddress, trust: TlsTrust | null): http.Agent {
  if (!secure(address)) return new http.Agent(KEPT_ALIVE);
  if (trust?.kind === 'pinned') return new PinnedAgent(KEPT_ALIVE, trust, REQUEST_DEADLINE_MS);
  return new https.Agent({ ...KEPT_ALIVE, ...(trust === null ? {} : { ca: trust.pem }) });
}

function secure(address: SupervisordAddress): boolean {
  return address.kind === 'tcp' && address.secure;
}
