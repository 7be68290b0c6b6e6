import type { Socket } from 'node:net';
import type { Clock } from '../os/clock.ts';

export interface ConnectionLimits {
  /** Open connections of one listener. */
  readonly maxOpen: number;
  /** From the connection, or from the first byte of a later request, to the end of the request. */
  readonly requestMs: number;
  /** A connection without a request. */
  readonly idleMs: number;
  /** An answer of which the client takes nothing. */
  readonly stalledMs: number;
}

export const DEFAULT_LIMITS: ConnectionLimits = {
  maxOpen: 400,
  requestMs: 10_000,
  idleMs: 30 * 60_000,
  stalledMs: 60_000,
};

type Phase = 'reading' | 'answering' | 'streaming' | 'idle';

interface Connection {
  readonly socket: Socket;
  phase: Phase;
  sinceMs: number;
  /** Bytes read or sent when last looked at: tells a slow client from one that does nothing. */
  seen: number;
}

const BUSY_SWEEP_MS = 1_000;
const IDLE_SWEEP_MS = 10_000;

/**
 * The open connections of one listener: bounded in number and in what they may take.
 * When it is full, whoever has waited longest without being answered makes room. Contract: RPC-173.
 */
export class Connections {
  readonly #clock: Clock;
  readonly #limits: ConnectionLimits;
  readonly #open = new Map<Socket, Connection>();
  #cancelSweep: (() => void) | null = null;

  constructor(clock: Clock, limits: ConnectionLimits = DEFAULT_LIMITS) {
    this.#clock = clock;
    this.#limits = limits;
  }

  /** Takes a new connection in, or closes it when nobody makes room. */
  add(socket: Socket): void {
    if (this.#open.size >= this.#limits.maxOpen && !this.#makeRoom()) {
      socket.destroy();
      return;
    }
    this.#open.set(socket, { socket, phase: 'reading', sinceMs: this.#clock.uptimeMs(), seen: 0 });
    socket.on('close', () => this.#remove(socket));
    this.#sweepSoon();
  }

  /** The connection goes into another phase; whatever it was late with is forgotten. */
  enter(socket: Socket, phase: Phase): void {
    const connection = this.#open.get(socket);
    if (connection === undefined) return;
    connection.phase = phase;
    connection.sinceMs = this.#clock.uptimeMs();
    connection.seen = phase === 'answering' ? takenBytes(socket) : socket.bytesRead;
    if (phase === 'reading') this.#sweepSoon();
  }

  /** Bytes that wait to be taken by slow clients. */
  unsentBytes(): number {
    let sum = 0;
    for (const { socket } of this.#open.values()) sum += socket.writableLength;
    return sum;
  }

  closeAll(): void {
    this.#cancelSweep?.();
    for (const socket of [...this.#open.keys()]) socket.destroy();
  }

  #remove(socket: Socket): void {
    this.#open.delete(socket);
    if (this.#open.size === 0) this.#endSweep();
  }

  /** Connections are kept in order of arrival: the first that is not being served has been here longest. */
  #makeRoom(): boolean {
    for (const phase of ['reading', 'idle', 'streaming'] as const) {
      for (const connection of this.#open.values()) {
        if (connection.phase !== phase) continue;
        this.#open.delete(connection.socket);
        connection.socket.destroy();
        return true;
      }
    }
    return false;
  }

  #sweepSoon(): void {
    this.#endSweep();
    this.#arm(BUSY_SWEEP_MS);
  }

  #endSweep(): void {
    this.#cancelSweep?.();
    this.#cancelSweep = null;
  }

  #arm(ms: number): void {
    this.#cancelSweep = this.#clock.after(ms, () => this.#sweep());
  }

  #sweep(): void {
    const nowMs = this.#clock.uptimeMs();
    let busy = false;
    for (const connection of [...this.#open.values()]) {
      if (isOverdue(connection, nowMs, this.#limits)) connection.socket.destroy();
      else busy ||= connection.phase === 'reading';
    }
    if (this.#open.size > 0) this.#arm(busy ? BUSY_SWEEP_MS : IDLE_SWEEP_MS);
    else this.#cancelSweep = null;
  }
}

/** Judges a connection, and notes what it has done since it was last looked at. */
function isOverdue(connection: Connection, nowMs: number, limits: ConnectionLimits): boolean {
  const { socket } = connection;
  switch (connection.phase) {
    case 'reading':
      return nowMs - connection.sinceMs > limits.requestMs;
    case 'idle':
      if (socket.bytesRead > connection.seen) {
        connection.phase = 'reading'; // the next request has begun and is not yet told
        connection.sinceMs = nowMs;
        return false;
      }
      return nowMs - connection.sinceMs > limits.idleMs;
    case 'answering':
      // a call may wait as long as it likes; an answer that is ready must be taken
      if (socket.writableLength === 0 || takenBytes(socket) > connection.seen) {
        connection.seen = takenBytes(socket);
        connection.sinceMs = nowMs;
        return false;
      }
      return nowMs - connection.sinceMs > limits.stalledMs;
    case 'streaming':
      return false;
    default:
      return connection.phase satisfies never;
  }
}

/** What the client has taken so far, or at least its system. */
function takenBytes(socket: Socket): number {
  return socket.bytesWritten - socket.writableLength;
}
