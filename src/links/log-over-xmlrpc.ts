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
  readonly startOffset: number;
  readonly endOffset: number;
}

/**
 * Reads at most `length` bytes from `offset`. supervisord refuses a slice that is not UTF-8 (RPC-121), so a cut
 * character is left for the next piece, and bytes that are none are passed over, the fewest possible at a time.
 */
export async function readPiece(
  client: SupervisordClient,
  log: RemoteLog,
  offset: number,
  length: number,
): Promise<RemotePiece> {
  for (let wanted = length; wanted > 0; wanted = Math.floor(wanted / 2)) {
    for (let less = 0; less < Math.min(LONGEST_CHARACTER, wanted); less++) {
      const text = await readOrRefused(client, log, offset, wanted - less);
      if (text !== null) return { text, startOffset: offset, endOffset: offset + wanted - less };
    }
  }
  return { text: null, startOffset: offset, endOffset: offset + 1 };
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
