import {
  type AgentToHub,
  type Call,
  type HubToAgent,
  type TailOpen,
  UPLINK_LIMITS,
} from '@fleetvisor/agent/protocol';
import type { Socket } from 'socket.io';
import type { z } from 'zod';
import type { Clock } from '../clock.ts';
import { type Told, told } from '../fleet/said.ts';
import type { SentenceKey } from '../fleet/sentences.ts';
import { RateLimit } from './rate-limit.ts';
import {
  acceptedSchema,
  type CheckedEvents,
  type CheckedOutcome,
  type CheckedSnapshot,
  type CheckedTailPart,
  eventsSchema,
  openedSchema,
  outcomeSchema,
  snapshotSchema,
  tailPartSchema,
} from './uplink-schemas.ts';

export type AgentSocket = Socket<AgentToHub, HubToAgent>;

/** What an agent tells over one connection, already checked. */
export interface SessionEvents {
  snapshot(part: CheckedSnapshot): void;
  events(events: CheckedEvents): void;
  outcome(outcome: CheckedOutcome): void;
  tailPart(part: CheckedTailPart): void;
  alive(): void;
  /** The connection ended, in our own words. */
  ended(why: Told): void;
}

const MESSAGES = { burst: 2_000, perSecond: 500 };
const ANSWER_MS = 10_000;
const TELL_STORED_EVERY = UPLINK_LIMITS.eventsInFlight / 4;

/** One welcomed connection of an agent. Whoever sends what the protocol does not know is sent away. */
export class AgentSession {
  readonly epoch: string;
  readonly #socket: AgentSocket;
  readonly #rate: RateLimit;
  #verdict: Told | null = null;
  #over = false;
  #toldSeq = Number.NEGATIVE_INFINITY;

  constructor(socket: AgentSocket, epoch: string, clock: Clock) {
    this.#socket = socket;
    this.epoch = epoch;
    this.#rate = new RateLimit(MESSAGES, clock);
  }

  begin(events: SessionEvents): void {
    const socket = this.#socket;
    socket.on('snapshot', (raw: unknown) => this.#take(snapshotSchema, raw, (part) => events.snapshot(part)));
    socket.on('events', (raw: unknown) => this.#take(eventsSchema, raw, (news) => events.events(news)));
    socket.on('tail:part', (raw: unknown) =>
      this.#takeUnmetered(tailPartSchema, raw, (part) => events.tailPart(part)),
    );
    socket.on('outcome', (raw: unknown, stored: unknown) =>
      this.#take(outcomeSchema, raw, (outcome) => {
        events.outcome(outcome);
        if (typeof stored === 'function') stored();
      }),
    );
    const alive = (): void => events.alive();
    socket.conn.on('heartbeat', alive);
    socket.on('disconnect', (reason) => {
      this.#over = true;
      socket.conn.off('heartbeat', alive);
      const known = WORDS[reason];
      events.ended(
        this.#verdict ?? (known === undefined ? told('link.connectionEnded', { why: reason }) : told(known)),
      );
    });
  }

  /** Sends a call; `vetoed` is called when the host's own configuration says no. */
  call(call: Call, vetoed: (says: string) => void): void {
    this.#socket.timeout(ANSWER_MS).emit('call', call, (error: Error | null, raw: unknown) => {
      if (error !== null) return; // no answer yet: the outcome or the deadline will tell
      this.#take(acceptedSchema, raw, (accepted) => {
        if (accepted.kind === 'vetoed') vetoed(accepted.says);
      });
    });
  }

  /** Asks for a tail; `refused` is called when the host says no. */
  openTail(open: TailOpen, refused: (says: string) => void): void {
    this.#socket.timeout(ANSWER_MS).emit('tail:open', open, (error: Error | null, raw: unknown) => {
      if (error !== null) return; // told by the end of the connection
      this.#take(openedSchema, raw, (opened) => {
        if (!opened.ok) refused(opened.says ?? 'the host refuses this tail');
      });
    });
  }

  grant(tailId: string, bytes: number): void {
    this.#socket.emit('tail:credit', { tailId, bytes });
  }

  closeTail(tailId: string): void {
    this.#socket.emit('tail:close', { tailId });
  }

  /** Lets the agent send more; while it has few events on their way it need not hear of each. */
  stored(seq: number): void {
    if (seq - this.#toldSeq < TELL_STORED_EVERY) return;
    this.#toldSeq = seq;
    this.#socket.emit('stored', { seq });
  }

  resync(): void {
    this.#socket.emit('resync');
  }

  /** Whether the agent still answers on this connection. */
  answers(withinMs: number): Promise<boolean> {
    return new Promise((done) => {
      this.#socket
        .timeout(withinMs)
        .emit('probe', (error: Error | null) => done(error === null && !this.#over));
    });
  }

  /** Ends the connection at once. */
  end(why: Told | string): void {
    this.#verdict ??= typeof why === 'string' ? { says: why } : why;
    this.#socket.disconnect(true);
  }

  #take<T>(schema: z.ZodType<T>, raw: unknown, take: (value: T) => void): void {
    if (this.#over) return;
    if (this.#rate.take()) this.#takeUnmetered(schema, raw, take);
    else this.end('the agent sent too many messages and was cut off');
  }

  /** Parts of tails are limited by their credit. */
  #takeUnmetered<T>(schema: z.ZodType<T>, raw: unknown, take: (value: T) => void): void {
    if (this.#over) return;
    const checked = schema.safeParse(raw);
    if (checked.success) take(checked.data);
    else this.end('the agent sent what the protocol does not know and was cut off');
  }
}

const WORDS: Partial<Record<string, SentenceKey>> = {
  'ping timeout': 'link.agentSilent',
  'transport close': 'link.agentBroke',
  'transport error': 'link.agentBroke',
  'client namespace disconnect': 'link.agentStopped',
  'server shutting down': 'link.hubStops',
};
