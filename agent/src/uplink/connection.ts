import { io, type Socket } from 'socket.io-client';
import type { Cancel, Clock } from '../os/clock.ts';
import {
  type AgentToHub,
  type Hello,
  type HelloAnswer,
  type HelloRefusal,
  type HubToAgent,
  UPLINK_LIMITS,
  UPLINK_NAMESPACE,
} from '../protocol/uplink.ts';
import { checkChallenge, checkHelloAnswer } from './arrivals.ts';
import type { ComplaintKind, Complaints } from './complaints.ts';
import { newNonce } from './handshake.ts';
import type { RetryPace } from './retry-pace.ts';

export type HubSocket = Socket<HubToAgent, AgentToHub>;
export type Welcome = HelloAnswer & { readonly kind: 'welcome' };
type CheckedChallenge = NonNullable<ReturnType<typeof checkChallenge>>;

export interface ConnectionEvents {
  /** The hub proved itself, or the reason why not: then nothing is told to it. */
  meet(challenge: CheckedChallenge, nonce: string): Hello | { readonly distrust: string };
  welcomed(welcome: Welcome, challenge: CheckedChallenge, socket: HubSocket): void;
  /** The hub said no. `again`: the next hello will be another one, and is worth a try soon. */
  refused(reason: HelloRefusal): 'again' | 'later';
  /** A welcomed connection ended. */
  lost(): void;
}

export interface ConnectionPorts {
  readonly clock: Clock;
  readonly pace: RetryPace;
  readonly complaints: Complaints;
}

/** A step of the handshake that takes longer has failed. */
const STEP_MS = 10_000;

const MOST_UNSENT_BYTES = 16 * 1024 * 1024;

/** Dials the hub, goes through the handshake, and dials again whenever there is no connection. */
export class Connection {
  readonly #hub: string;
  readonly #events: ConnectionEvents;
  readonly #ports: ConnectionPorts;
  readonly #socket: HubSocket;
  #nonce = '';
  #welcomed = false;
  #closed = false;
  #cancel: Cancel = () => {};

  constructor(hub: string, events: ConnectionEvents, ports: ConnectionPorts) {
    this.#hub = hub;
    this.#events = events;
    this.#ports = ports;
    this.#socket = connect(hub, () => this.#nonce);
    this.#socket.on('connect', () => this.#within('the hub sent no challenge'));
    this.#socket.on('challenge', (raw: unknown) => this.#challenged(raw));
    this.#socket.onAny(() => this.#demandThatItListens());
    this.#socket.on('connect_error', (error) => this.#failed(reasonOf(error)));
    this.#socket.on('disconnect', (reason) => this.#failed(`the connection ended (${reason})`));
  }

  open(): void {
    if (this.#closed) return;
    this.#nonce = newNonce();
    this.#within('no connection');
    this.#socket.connect();
  }

  close(): void {
    this.#closed = true;
    this.#cancel();
    this.#socket.disconnect();
  }

  #challenged(raw: unknown): void {
    const challenge = checkChallenge(raw);
    if (challenge === null || this.#welcomed) return;
    const met = this.#events.meet(challenge, this.#nonce);
    if ('distrust' in met) {
      this.#giveUp(met.distrust, 'refused', this.#ports.pace.afterRefusalMs('unknown-key'));
      return;
    }
    this.#within('the hub did not answer hello');
    this.#socket.emit('hello', met, (answer: unknown) => this.#answered(answer, challenge));
  }

  #answered(raw: unknown, challenge: CheckedChallenge): void {
    const answer = checkHelloAnswer(raw);
    if (answer === null) this.#giveUp('the hub gave an answer this agent does not understand', 'refused');
    else if (answer.kind === 'welcome') this.#enter(answer, challenge);
    else this.#refused(answer.reason, answer.says);
  }

  #refused(reason: HelloRefusal, says: string): void {
    const { pace } = this.#ports;
    const isAgain = this.#events.refused(reason) === 'again';
    const againInMs = isAgain ? pace.afterFailureMs() : pace.afterRefusalMs(reason);
    this.#giveUp(`the hub refuses this host: ${says}`, 'refused', againInMs);
  }

  #enter(welcome: Welcome, challenge: CheckedChallenge): void {
    this.#cancel();
    this.#welcomed = true;
    this.#ports.pace.welcomed();
    this.#events.welcomed(welcome, challenge, this.#socket);
  }

  /** Whatever is sent answers the hub, so one that asks on and takes nothing is caught when it asks. */
  #demandThatItListens(): void {
    if (unsentBytes(this.#socket) > MOST_UNSENT_BYTES) this.#failed('the hub does not take what it asks for');
  }

  #failed(reason: string): void {
    if (this.#closed) return;
    this.#giveUp(`no connection to the hub at ${this.#hub}: ${reason}`, 'away');
  }

  #giveUp(text: string, kind: ComplaintKind, againInMs = this.#ports.pace.afterFailureMs()): void {
    const wasWelcomed = this.#welcomed;
    this.#welcomed = false;
    this.#cancel();
    this.#cancel = this.#ports.clock.after(againInMs, () => this.open());
    this.#closeQuietly();
    if (wasWelcomed) this.#events.lost();
    this.#ports.complaints.say(text, kind);
  }

  /** Ending it ourselves would be heard as one more failure. */
  #closeQuietly(): void {
    const closedBefore = this.#closed;
    this.#closed = true;
    this.#socket.disconnect();
    this.#closed = closedBefore;
  }

  #within(otherwise: string): void {
    this.#cancel();
    this.#cancel = this.#ports.clock.after(STEP_MS, () =>
      this.#failed(`${otherwise} within ${STEP_MS / 1000} s`),
    );
  }
}

function connect(hub: string, nonce: () => string): HubSocket {
  const url = new URL(hub);
  return io(`${url.origin}${UPLINK_NAMESPACE}`, {
    path: `${url.pathname.replace(/\/$/, '')}/socket.io`,
    transports: ['websocket'],
    reconnection: false,
    autoConnect: false,
    forceNew: true,
    auth: (give) => give({ nonce: nonce() }),
    ...{ maxPayload: UPLINK_LIMITS.messageBytes },
  });
}

/** What the system has not taken yet; the library keeps the socket to itself. */
function unsentBytes(socket: HubSocket): number {
  const { ws } = socket.io.engine.transport as { readonly ws?: { readonly bufferedAmount: number } };
  return ws?.bufferedAmount ?? 0;
}

/** The cause as far as it is known: the library wraps it twice. */
function reasonOf(error: Error): string {
  const { description } = error as { description?: unknown };
  const inner = typeof description === 'object' && description !== null && 'message' in description;
  return inner && description.message !== '' ? String(description.message) : error.message;
}
