import type { Cancel, Clock } from '../clock.ts';
import type { Host, LinkFailure, Reachability } from '../fleet/host.ts';
import { told } from '../fleet/said.ts';
import { Endpoint, type SupervisordCredentials } from './endpoint.ts';
import {
  type HostLink,
  type LinkCall,
  LinkError,
  type LinkSink,
  type LinkTail,
  type TailRequest,
} from './host-link.ts';
import { linkFailure, REQUEST_DEADLINE_MS } from './link-failure.ts';
import { PollPace } from './poll-pace.ts';
import { parseSupervisordAddress, type SupervisordAddress } from './supervisord-address.ts';
import { SupervisordClient } from './supervisord-client.ts';
import { asTransportError } from './supervisord-failure.ts';
import { SupervisordPoll } from './supervisord-poll.ts';
import { SupervisordTail } from './supervisord-tail.ts';
import type { TlsTrust } from './tls-trust.ts';
import { TransportError } from './transport-error.ts';
import { FaultAnswer } from './xmlrpc-call.ts';

export interface SupervisordLinkOptions {
  readonly host: Host;
  readonly credentials: SupervisordCredentials | null;
  readonly sink: LinkSink;
  readonly clock: Clock;
  /** From 0 up to, not including, 1: spreads the polls of many hosts. */
  readonly random: () => number;
  /** By what an `https` host is believed; left out: by the authorities the system knows. */
  readonly trust?: TlsTrust | null;
}

/**
 * The link to a supervisord by its URL; does nothing before `open()`.
 * Throws for a URL that registering would have refused.
 */
export function openSupervisordLink(options: SupervisordLinkOptions): HostLink {
  const address = parseSupervisordAddress(options.host.url ?? '');
  if (!address.ok) throw new Error(`host ${options.host.name}: the address ${address.problems[0].says}`);
  return new SupervisordLink(options, address.value);
}

const FIRST_POLL_WITHIN_MS = 200;
/** Calls to one host come together, and few things are over sooner. */
const AFTER_CALL_MS = 40;

class SupervisordLink implements HostLink {
  readonly host: Host;
  readonly #address: SupervisordAddress;
  readonly #sink: LinkSink;
  readonly #clock: Clock;
  readonly #random: () => number;
  readonly #client: SupervisordClient;
  readonly #poll: SupervisordPoll;
  readonly #pace: PollPace;
  #reachability: Reachability;
  #cancelNext: Cancel = () => {};
  #nextAtMs = 0;
  #round: Promise<void> | null = null;
  #calls: Promise<unknown> = Promise.resolve();
  #tailTurn: Promise<unknown> = Promise.resolve();
  readonly #tails = new Set<SupervisordTail>();
  #state: 'new' | 'open' | 'closed' = 'new';

  constructor(options: SupervisordLinkOptions, address: SupervisordAddress) {
    const { host, credentials, sink, clock, random, trust } = options;
    this.host = host;
    this.#address = address;
    this.#sink = sink;
    this.#clock = clock;
    this.#random = random;
    this.#client = new SupervisordClient(new Endpoint(address, credentials, trust ?? null), clock);
    this.#poll = new SupervisordPoll(host.id, this.#client, { sink: this.#guardedSink(), clock });
    this.#pace = new PollPace(random);
    this.#reachability = { kind: 'connecting', sinceMs: clock.wallMs() };
  }

  open(): void {
    if (this.#state !== 'new') return;
    this.#state = 'open';
    this.#report({ kind: 'connecting', sinceMs: this.#clock.wallMs() });
    this.#schedule(this.#random() * FIRST_POLL_WITHIN_MS);
  }

  async close(): Promise<void> {
    this.#state = 'closed';
    this.#cancelNext();
    for (const tail of [...this.#tails]) tail.close();
    this.#client.close();
    await this.#round;
  }

  pushed(changed: boolean): void {
    this.#pace.pushed(this.#clock.uptimeMs());
    if (changed) this.#expectChange(0);
  }

  /** One call at a time: a supervisord has one thread, and answers in turn. */
  call(call: LinkCall): Promise<unknown> {
    if (call.looks === true) return this.#inTurn(() => this.#look(call));
    const dueMs = this.#clock.uptimeMs() + call.deadlineMs;
    const mine = this.#calls.then(() => this.#send(call, dueMs - this.#clock.uptimeMs()));
    this.#calls = mine.catch(() => {}); // told to its own caller; the next one only waits for its end
    return mine;
  }

  tail(request: TailRequest): LinkTail {
    const tail: SupervisordTail = new SupervisordTail(
      request,
      { client: this.#client, clock: this.#clock, inTurn: (ask) => this.#inTurn(ask) },
      () => this.#tails.delete(tail),
    );
    this.#tails.add(tail);
    return tail;
  }

  /** All tails and looks of this host share one place in its queue. */
  #inTurn<T>(ask: () => Promise<T>): Promise<T> {
    const mine = this.#tailTurn.then(ask);
    this.#tailTurn = mine.catch(() => {}); // told to its own tail
    return mine;
  }

  async #look({ method, params }: LinkCall): Promise<unknown> {
    if (this.#state === 'closed') throw new LinkError('cancelled', 'the link is closed');
    if (this.#reachability.kind === 'unreachable')
      throw new LinkError('unreachable', this.#reachability.failure.says);
    try {
      return await this.#client.ask(method, params);
    } catch (error) {
      throw this.#linkError(error);
    }
  }

  async #send({ method, params, signal }: LinkCall, leftMs: number): Promise<unknown> {
    if (this.#state === 'closed' || signal?.aborted === true)
      throw new LinkError('cancelled', told('call.cancelledBefore'));
    if (leftMs <= 0) throw new LinkError('unreachable', told('call.queueTooLong'));
    if (this.#reachability.kind === 'unreachable')
      throw new LinkError('unreachable', this.#reachability.failure);
    try {
      return await this.#client.call(method, params, Math.min(leftMs, REQUEST_DEADLINE_MS), signal);
    } catch (error) {
      throw this.#linkError(error);
    } finally {
      this.#expectChange(AFTER_CALL_MS);
    }
  }

  #linkError(error: unknown): unknown {
    if (error instanceof FaultAnswer) return new LinkError('fault', error.faultString, error.faultCode);
    if (!(error instanceof TransportError)) return error;
    const why = linkFailure(error, this.host.name, this.#address);
    if (error.kind === 'cancelled') {
      return error.sent
        ? new LinkError('unknown', told('call.cancelledAfter'))
        : new LinkError('cancelled', why);
    }
    return new LinkError(error.sent && !NEVER_RUN.has(error.kind) ? 'unknown' : 'unreachable', why);
  }

  /** Looks again soon, and often for a while. */
  #expectChange(inMs: number): void {
    const nowMs = this.#clock.uptimeMs();
    this.#pace.expectChange(nowMs);
    if (this.#state === 'open' && this.#round === null && this.#nextAtMs > nowMs + inMs) this.#schedule(inMs);
  }

  #schedule(inMs: number): void {
    this.#cancelNext();
    this.#nextAtMs = this.#clock.uptimeMs() + inMs;
    this.#cancelNext = this.#clock.after(inMs, () => {
      this.#round = this.#pollOnce().finally(() => {
        this.#round = null;
      });
    });
  }

  async #pollOnce(): Promise<void> {
    const beganMs = this.#clock.uptimeMs();
    try {
      const changed = await this.#poll.round();
      this.#reached();
      const nowMs = this.#clock.uptimeMs();
      if (changed) this.#pace.changed(nowMs);
      this.#again(this.#pace.afterAnswer(nowMs, nowMs - beganMs, this.#poll.states()));
    } catch (error) {
      this.#lost(this.#failure(error));
      this.#again(this.#pace.afterFailure(this.#clock.uptimeMs()));
    }
  }

  #again(inMs: number): void {
    if (this.#state === 'open') this.#schedule(inMs);
  }

  #failure(error: unknown): LinkFailure {
    return linkFailure(asTransportError(error), this.host.name, this.#address);
  }

  #reached(): void {
    if (this.#reachability.kind === 'reachable') return;
    this.#report({ kind: 'reachable', sinceMs: this.#clock.wallMs() });
  }

  #lost(failure: LinkFailure): void {
    this.#poll.forget();
    const now = this.#reachability;
    const sinceMs = now.kind === 'unreachable' ? now.sinceMs : this.#clock.wallMs();
    const same =
      now.kind === 'unreachable' && now.failure.kind === failure.kind && now.failure.says === failure.says;
    if (!same) this.#report({ kind: 'unreachable', sinceMs, failure });
  }

  #report(reachability: Reachability): void {
    this.#reachability = reachability;
    if (this.#state === 'open') this.#sink.reachability(this.host.id, reachability);
  }

  /** A round that ends after `close()` reports nothing; one that brings news shows the host reachable first. */
  #guardedSink(): LinkSink {
    const sink = this.#sink;
    const told = (tell: () => void): void => {
      if (this.#state !== 'open') return;
      this.#reached();
      tell();
    };
    return {
      reachability: () => {},
      snapshot: (...news) => told(() => sink.snapshot(...news)),
      changed: (...news) => told(() => sink.changed(...news)),
      groupRemoved: (...news) => told(() => sink.groupRemoved(...news)),
      metrics: (...news) => told(() => sink.metrics(...news)),
      heard: (...news) => told(() => sink.heard(...news)),
    };
  }
}

/** Answers that show the method cannot have run. */
const NEVER_RUN: ReadonlySet<TransportError['kind']> = new Set([
  'unauthorized',
  'wrong-path',
  'not-a-supervisor',
]);
