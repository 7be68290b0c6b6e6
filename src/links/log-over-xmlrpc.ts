import type { Channel } from '@fleetvisor/agent/protocol';
import type { SupervisordClient } from './supervisord-client.ts';
import { TransportError } from './transport-error.ts';

export interface RemoteLog {
  readonly namespec: string;
  readonly channel: Channel;
}

const READ: Record<Channel, string> = {
  stdout: 'supervisor.readProcessStdoutLog',
  stderr: 'supervisor.readProcessStderrLog',
};
const TAIL: Record<Channel, string> = {
  stdout: 'supervisor.tailProcessStdoutLog',
  stderr: 'supervisor.tailProcessStderrLog',
};
/** A UTF-8 character has at most this many bytes. */
const LONGEST_CHARACTER = 4;

/** The size of a log in bytes; 0 when there is none. A tail of no bytes tells it. Contract: RPC-122, RPC-127. */
export async function remoteLogSize(client: SupervisordClient, log: RemoteLog): Promise<number> {
  const answer = await client.ask(TAIL[log.channel], [log.namespec, 0, 0]);
  const size = Array.isArray(answer) ? answer[1] : null;
  if (typeof size !== 'number') throw new TransportError('not-a-supervisor', { sent: true });
  return size;
}

/** The last bytes of a log as text, or null when supervisord cannot send them. Contract: RPC-113. */
export async function readLogEnd(
  client: SupervisordClient,
  log: RemoteLog,
  bytes: number,
): Promise<string | null> {
  for (let less = 0; less < LONGEST_CHARACTER; less++) {
    const text = await readOrRefused(client, log, -(bytes - less), 0);
    if (text !== null) return text;
  }
  return null;
}

/** A piece of a log: `text`, which ends at `endOffset`, or null for bytes supervisord cannot send. */
export interface RemotePiece {
  readonly text: string | null;
  readonly endOffset: number;
}

const LENGTHS = [64 * 1024, 4 * 1024, 256, 16, LONGEST_CHARACTER];
/** After so many bytes in a row that are no text the log is taken for binary, and passed over in blocks. */
const BINARY_AFTER = 8;
const BINARY_BLOCK = 256;

/**
 * Reads a log piece by piece. supervisord refuses a slice that is not UTF-8 (RPC-121) and complains in its own log,
 * so a cut character is left for the next piece, and bytes that are none are passed over, as few as can be.
 */
export class PieceReader {
  readonly #client: SupervisordClient;
  readonly #log: RemoteLog;
  readonly #mostBytes: number;
  #level = 0;
  #refusedInARow = 0;

  constructor(client: SupervisordClient, log: RemoteLog, mostBytes: number = Number.POSITIVE_INFINITY) {
    this.#client = client;
    this.#log = log;
    this.#mostBytes = Math.max(BINARY_BLOCK, mostBytes);
  }

  /** The next piece of `[offset, end)`, at least one byte of it. */
  async next(offset: number, end: number): Promise<RemotePiece> {
    for (const length of LENGTHS.slice(this.#level)) {
      const piece = await this.#attempt(offset, Math.min(length, end - offset, this.#mostBytes));
      if (piece !== null) {
        this.#level = Math.max(0, LENGTHS.indexOf(length) - 1);
        this.#refusedInARow = 0;
        return piece;
      }
    }
    this.#refusedInARow++;
    this.#level = LENGTHS.length - 2;
    const passed = this.#refusedInARow > BINARY_AFTER ? BINARY_BLOCK : 1;
    return { text: null, endOffset: Math.min(end, offset + passed) };
  }

  /** The last character of a slice may be cut: up to three bytes less, it is whole. */
  async #attempt(offset: number, wanted: number): Promise<RemotePiece | null> {
    for (let length = wanted; length > Math.max(0, wanted - LONGEST_CHARACTER); length--) {
      const text = await readOrRefused(this.#client, this.#log, offset, length);
      if (text !== null) return { text, endOffset: offset + length };
    }
    return null;
  }
}

/** Throws the fault there is when a process has no such log. */
export async function touchLog(client: SupervisordClient, log: RemoteLog): Promise<void> {
  await client.ask(READ[log.channel], [log.namespec, 0, 1]);
}

async function readOrRefused(
  client: SupervisordClient,
  log: RemoteLog,
  offset: number,
  length: number,
): Promise<string | null> {
  try {
    const text = await client.ask(READ[log.channel], [log.namespec, offset, length]);
    if (typeof text !== 'string') throw new TransportError('not-a-supervisor', { sent: true });
    return text;
  } catch (error) {
    if (error instanceof TransportError && error.kind === 'server-error') return null;
    throw error;
  }
}
