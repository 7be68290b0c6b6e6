import { decodeResponse, encodeCall, MalformedXmlRpc, REPLY_LIMITS } from '@fleetvisor/agent/xmlrpc';
import type { Clock } from '../clock.ts';
import type { Endpoint } from './endpoint.ts';
import { REQUEST_DEADLINE_MS } from './link-failure.ts';
import { post } from './post.ts';
import { TransportError } from './transport-error.ts';
import { FaultAnswer, xmlrpcCall } from './xmlrpc-call.ts';

const MAX_CALL_BYTES = 8 * 1024 * 1024;

/** Asks one supervisord. Questions may be repeated and are read with the fast codec; calls are sent once. */
export class SupervisordClient {
  readonly #endpoint: Endpoint;
  readonly #clock: Clock;
  readonly #closing = new AbortController();

  constructor(endpoint: Endpoint, clock: Clock) {
    this.#endpoint = endpoint;
    this.#clock = clock;
  }

  /** The bytes of the answer. Asked again once when a kept connection turns out to be closed. */
  async askBytes(method: string, params: readonly unknown[] = []): Promise<Buffer> {
    const body = encodeCall(method, params);
    const guards = {
      deadlineMs: REQUEST_DEADLINE_MS,
      maxBytes: REPLY_LIMITS.maxBytes,
      signal: this.#closing.signal,
    };
    try {
      return await post(this.#endpoint, body, guards, this.#clock);
    } catch (error) {
      const stale = error instanceof TransportError && error.kind === 'closed' && error.onOldConnection;
      if (!stale) throw error;
      return post(this.#endpoint, body, guards, this.#clock);
    }
  }

  /** Throws `FaultAnswer` or `TransportError`. */
  async ask(method: string, params: readonly unknown[] = []): Promise<unknown> {
    return readAnswer(await this.askBytes(method, params));
  }

  /** Sent once, never again. Throws `FaultAnswer` or `TransportError`. */
  call(
    method: string,
    params: readonly unknown[],
    deadlineMs: number,
    signal?: AbortSignal,
  ): Promise<unknown> {
    const signals = signal === undefined ? [this.#closing.signal] : [this.#closing.signal, signal];
    const guards = { deadlineMs, maxBytes: MAX_CALL_BYTES, signal: AbortSignal.any(signals) };
    return xmlrpcCall(this.#endpoint, method, params, guards, this.#clock);
  }

  /** Ends every request under way with kind `cancelled`. */
  close(): void {
    this.#closing.abort();
    this.#endpoint.close();
  }
}

/** The value of a reply. Throws `FaultAnswer`, or `TransportError` for bytes that are none. */
export function readAnswer(reply: Buffer): unknown {
  try {
    const answer = decodeResponse(reply, REPLY_LIMITS);
    if (answer.kind === 'value') return answer.value;
    throw new FaultAnswer(answer.faultCode, answer.faultString);
  } catch (error) {
    if (error instanceof MalformedXmlRpc) throw new TransportError('not-a-supervisor', { sent: true });
    throw error;
  }
}
