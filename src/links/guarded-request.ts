import type { ClientRequest, IncomingMessage } from 'node:http';
import type { Clock } from '../clock.ts';
import { failureKindOfCode, failureKindOfStatus, NO_USER, TransportError } from './transport-error.ts';

export interface RequestGuards {
  readonly deadlineMs: number;
  readonly maxBytes: number;
  readonly signal?: AbortSignal | undefined;
}

/** Watches one request: status before body, a deadline for the whole of it, no more bytes than allowed. */
export class RequestGuard {
  readonly #guards: RequestGuards;
  readonly #giveUp: () => void;
  readonly #stop: Array<() => void> = [];
  #request: ClientRequest | null = null;
  #stage: 'connect' | 'answer' | 'partial' = 'connect';
  #verdict: TransportError | null = null;

  /** `ended` is called once at the latest when the deadline or the signal says so, even if nothing else happens. */
  constructor(guards: RequestGuards, clock: Clock, ended: (error: TransportError) => void) {
    this.#guards = guards;
    this.#giveUp = () => this.#end(this.#error('cancelled'), ended);
    this.#stop.push(
      clock.after(guards.deadlineMs, () => this.#end(this.#error('timeout', this.#stage), ended)),
    );
    const { signal } = guards;
    signal?.addEventListener('abort', this.#giveUp);
    this.#stop.push(() => signal?.removeEventListener('abort', this.#giveUp));
  }

  watch(request: ClientRequest): void {
    this.#request = request;
    if (this.#verdict !== null) request.destroy();
    request.once('socket', (socket) => {
      const ready = 'encrypted' in socket ? 'secureConnect' : 'connect';
      if (request.reusedSocket || !socket.connecting) this.#stage = 'answer';
      else
        socket.once(ready, () => {
          this.#stage = 'answer';
        });
    });
    request.prependListener('response', (response) => this.#look(response));
  }

  /** No more deadline: the answer is there, or the error is. Returns why the answer must not be used, if so. */
  done(): TransportError | null {
    for (const stop of this.#stop) stop();
    return this.#verdict;
  }

  /** What a failed request failed of: the guard's own verdict first, then the system's. */
  explain(error: unknown): TransportError {
    if (this.#verdict !== null) return this.#verdict;
    if (error instanceof TransportError) return error;
    const code = error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined;
    const kind = failureKindOfCode(code);
    return this.#error(kind, kind === 'tls' || kind === 'other' ? code : undefined);
  }

  #look(response: IncomingMessage): void {
    this.#stage = 'partial';
    const status = response.statusCode ?? 0;
    const kind = failureKindOfStatus(status);
    if (kind !== null)
      this.#refuse(this.#error(kind, this.#isAnonymous(kind) ? NO_USER : ` (HTTP ${status})`));
    const announced = Number(response.headers['content-length'] ?? 0);
    if (announced > this.#guards.maxBytes) this.#refuse(this.#error('too-large'));
    let bytes = 0;
    response.on('data', (chunk: Buffer | string) => {
      bytes += chunk.length;
      if (bytes > this.#guards.maxBytes) this.#refuse(this.#error('too-large'));
    });
  }

  #isAnonymous(kind: TransportError['kind']): boolean {
    return kind === 'unauthorized' && this.#request?.hasHeader('authorization') === false;
  }

  #refuse(verdict: TransportError): void {
    this.#verdict ??= verdict;
    this.#request?.destroy(verdict);
  }

  #end(verdict: TransportError, ended: (error: TransportError) => void): void {
    this.#refuse(verdict);
    ended(this.#verdict ?? verdict);
  }

  #error(kind: TransportError['kind'], detail?: string): TransportError {
    const onOldConnection = this.#request?.reusedSocket ?? false;
    const sent = this.#stage !== 'connect';
    return new TransportError(kind, { sent, onOldConnection, ...(detail === undefined ? {} : { detail }) });
  }
}
