import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { API_ROOT } from '../api/contract.ts';
import type { Clock } from '../clock.ts';
import type { HubLogin } from './credentials.ts';
import { CliFailure } from './failure.ts';
import { refusal } from './hub-refusals.ts';
import { jsonLines, serverSentEvents } from './streams.ts';

/** Milliseconds the hub has to begin its answer; it answers from memory. */
const PATIENCE_MS = 15_000;

/** When it asks hosts first: five steps of five seconds each, several in a row. */
const ASKS_HOSTS_MS = 120_000;

interface Sending {
  readonly headers?: Headers;
  readonly body?: string | undefined;
  readonly signal?: AbortSignal;
  readonly patienceMs?: number | undefined;
}

type Headers = Readonly<Record<string, string>>;
type Query = Readonly<Record<string, string | number>>;

/** The hub's JSON API, as whoever is signed in. Everything it throws is a CliFailure. */
export class HubApi {
  readonly login: HubLogin;
  #clock: Clock;

  constructor(login: HubLogin, clock: Clock) {
    this.login = login;
    this.#clock = clock;
  }

  get<T>(path: string, query: Query = {}): Promise<T> {
    return this.#json('GET', path + queryText(query));
  }

  post<T>(path: string, body: unknown, headers: Headers = {}): Promise<T> {
    return this.#json('POST', path, body, { headers });
  }

  patch<T>(path: string, body: unknown): Promise<T> {
    return this.#json('PATCH', path, body);
  }

  /** A POST the hub answers only after it asked hosts. */
  patient<T>(path: string, body: unknown): Promise<T> {
    return this.#json('POST', path, body, { patienceMs: ASKS_HOSTS_MS });
  }

  async delete(path: string): Promise<void> {
    await this.#json('DELETE', path);
  }

  /** Server-sent events, each parsed from its JSON, until the hub ends them or `signal` aborts. */
  async *events<T>(path: string, signal: AbortSignal): AsyncGenerator<T> {
    yield* serverSentEvents<T>(await this.#open(path, signal), signal);
  }

  /** Newline-delimited JSON, until the hub ends it or `signal` aborts. */
  async *lines<T>(path: string, query: Query, signal: AbortSignal): AsyncGenerator<T> {
    yield* jsonLines<T>(await this.#open(path + queryText(query), signal), signal);
  }

  async #open(path: string, signal: AbortSignal): Promise<IncomingMessage> {
    const answer = await this.#send('GET', path, { signal });
    if (answer.statusCode !== 200)
      throw refusal(answer.statusCode ?? 0, await textOf(answer), this.login, answer.headers['retry-after']);
    return answer;
  }

  async #json<T>(method: string, path: string, body?: unknown, more: Sending = {}): Promise<T> {
    const sent = body === undefined ? undefined : JSON.stringify(body);
    const answer = await this.#send(method, path, { ...more, body: sent });
    const text = await textOf(answer);
    const status = answer.statusCode ?? 0;
    if (status < 200 || status > 299) throw refusal(status, text, this.login, answer.headers['retry-after']);
    try {
      return JSON.parse(text === '' ? 'null' : text);
    } catch {
      throw notAHub(this.login.hub);
    }
  }

  #send(
    method: string,
    path: string,
    { body, headers: more = {}, signal, patienceMs = PATIENCE_MS }: Sending,
  ): Promise<IncomingMessage> {
    const url = new URL(`${this.login.hub}${API_ROOT}${path}`);
    const headers = {
      ...more,
      accept: 'application/json',
      'user-agent': 'fleetvisor-cli',
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(this.login.token === null ? {} : { authorization: `Bearer ${this.login.token}` }),
    };
    return new Promise((resolve, reject) => {
      const request = url.protocol === 'https:' ? httpsRequest : httpRequest;
      const sent = request(url, { method, headers, ...(signal ? { signal } : {}) });
      const impatience = this.#clock.after(patienceMs, () =>
        sent.destroy(Object.assign(new Error(), { code: 'ETIMEDOUT' })),
      );
      sent.on('response', (answer) => {
        impatience();
        resolve(answer);
      });
      sent.on('error', (error) => {
        impatience();
        reject(unreachable(this.login.hub, error));
      });
      sent.end(body);
    });
  }
}

/** What a connection ends with that was there. */
export const LOST_CODES: ReadonlySet<string> = new Set([
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ERR_STREAM_PREMATURE_CLOSE',
]);

const CAUSES: Record<string, string> = {
  ECONNREFUSED: 'nothing listens there',
  ENOTFOUND: 'no such host name',
  EAI_AGAIN: 'the host name cannot be looked up now',
  ETIMEDOUT: `no answer within ${PATIENCE_MS / 1000} s`,
  ECONNRESET: 'the connection was closed',
  EHOSTUNREACH: 'no route to it',
  ENETUNREACH: 'no network to it',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is signed by itself: name it in NODE_EXTRA_CA_CERTS',
  SELF_SIGNED_CERT_IN_CHAIN: 'its certificate is not trusted here: name its authority in NODE_EXTRA_CA_CERTS',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    'its certificate is not trusted here: name its authority in NODE_EXTRA_CA_CERTS',
  CERT_HAS_EXPIRED: 'its certificate has expired',
  EPROTO: 'it does not speak TLS: try http://',
};

function unreachable(hub: string, error: NodeJS.ErrnoException): Error {
  if (error.name === 'AbortError') return error;
  const known = CAUSES[error.code ?? ''] ?? `${error.code ?? ''} ${error.message}`.trim();
  const plain = error.code === 'ECONNRESET' && hub.startsWith('http:');
  const cause = plain ? `${known}; if it speaks TLS, try https://` : known;
  return new CliFailure(
    'hubUnreachable',
    `the hub at ${hub} cannot be reached: ${cause}`,
    cause.includes('certificate')
      ? 'For one command: NODE_EXTRA_CA_CERTS=authority.pem fleetvisor …'
      : 'Start it ("fleetvisor hub run", or "npm start" for the demo), or name another with --hub URL.',
  );
}

function notAHub(hub: string): CliFailure {
  return new CliFailure('hubUnreachable', `${hub} answers, but not as a Fleetvisor hub`, 'Look at the URL.');
}

async function textOf(answer: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of answer) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

function queryText(query: Query): string {
  const pairs = Object.entries(query).map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
  return pairs.length === 0 ? '' : `?${pairs.join('&')}`;
}
