import { type Channel, FAULT_CODES } from '@fleetvisor/agent/protocol';
import type { SupervisordClient } from './supervisord-client.ts';
import { TransportError } from './transport-error.ts';
import { FaultAnswer } from './xmlrpc-call.ts';

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
/** How the fault of a call begins that failed in a way nobody foresaw. */
const BROKE = 'FAILED: ';
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
  const lengths = Array.from({ length: LONGEST_CHARACTER }, (_, less) => bytes - less);
  const texts = await readSlices(
    client,
    log,
    lengths.map((length) => [-length, 0]),
  );
  return texts.find((text) => text !== null) ?? null;
}

/** A piece of a log: `text`, which ends at `endOffset`, or null for bytes supervisord cannot send. */
export interface RemotePiece {
  readonly text: string | null;
  readonly endOffset: number;
}

const PIECE = 64 * 1024;
/** Near bytes that are no text a log is read in pieces of this size, and looked at in so many steps. */
const NEAR_PIECE = 4 * 1024;
const STEPS = 16;
/** After so many bytes in a row that are no text the log is taken for binary, and passed over in blocks. */
const BINARY_AFTER = 8;
const BINARY_BLOCK = 256;

/**
 * Reads a log piece by piece. supervisord refuses a slice that is not UTF-8 (RPC-121), so a cut character is left for
 * the next piece, and bytes that are none are passed over, as few as can be.
 */
export class PieceReader {
  readonly #client: SupervisordClient;
  readonly #log: RemoteLog;
  readonly #mostBytes: number;
  #isNear = false;
  #refusedInARow = 0;

  constructor(client: SupervisordClient, log: RemoteLog, mostBytes: number = Number.POSITIVE_INFINITY) {
    this.#client = client;
    this.#log = log;
    this.#mostBytes = Math.max(BINARY_BLOCK, mostBytes);
  }

  /** The next piece of `[offset, end)`, at least one byte of it. */
  async next(offset: number, end: number): Promise<RemotePiece> {
    const piece = await this.#read(offset, Math.min(end - offset, this.#mostBytes));
    if (piece !== null) {
      this.#refusedInARow = 0;
      return { text: piece.text, endOffset: offset + piece.length };
    }
    this.#refusedInARow++;
    const passed = this.#refusedInARow > BINARY_AFTER ? BINARY_BLOCK : 1;
    return { text: null, endOffset: Math.min(end, offset + passed) };
  }

  async #read(offset: number, most: number): Promise<Slice | null> {
    if (!this.#isNear)
      for (const length of uncut(Math.min(PIECE, most))) {
        const whole = await this.#longest(offset, [length]);
        if (whole !== null) return whole;
      }
    const near = Math.min(NEAR_PIECE, most);
    const whole = await this.#longest(offset, uncut(near));
    this.#isNear = whole === null;
    return whole ?? this.#before(offset, near);
  }

  /** What can be read before the first byte that is no text, which is among `length`. */
  async #before(offset: number, length: number): Promise<Slice | null> {
    let best: Slice | null = null;
    for (let bad = length; ; ) {
      const good: number = best?.length ?? 0;
      const lengths = between(good, bad);
      const found = await this.#longest(offset, lengths);
      if (found === null) return best;
      best = found;
      bad = Math.min(bad, ...lengths.filter((one) => one > found.length));
    }
  }

  async #longest(offset: number, lengths: readonly number[]): Promise<Slice | null> {
    if (lengths.length === 0) return null;
    const texts = await readSlices(
      this.#client,
      this.#log,
      lengths.map((length) => [offset, length]),
    );
    const slices = texts.flatMap((text, at) => (text === null ? [] : { text, length: lengths[at] ?? 0 }));
    return slices.sort((one, other) => other.length - one.length)[0] ?? null;
  }
}

interface Slice {
  readonly text: string;
  readonly length: number;
}

/** The last character of a slice may be cut: up to three bytes less, it is whole. */
function uncut(wanted: number): number[] {
  return Array.from({ length: LONGEST_CHARACTER }, (_, less) => wanted - less).filter((length) => length > 0);
}

/** Lengths to try: the next character, and even steps as far as `bad`. */
function between(good: number, bad: number): number[] {
  const step = Math.ceil((bad - good) / STEPS);
  const steps = Array.from({ length: STEPS }, (_, at) => good + (at + 1) * step);
  const next = Array.from({ length: LONGEST_CHARACTER }, (_, at) => good + at + 1);
  return [...new Set([...steps, ...next])].filter((length) => length < bad);
}

/** Throws the fault there is when a process has no such log. */
export async function touchLog(client: SupervisordClient, log: RemoteLog): Promise<void> {
  await client.ask(READ[log.channel], [log.namespec, 0, 1]);
}

/**
 * Slices of a log, all by one question; null for one that is not UTF-8. Asked in a `system.multicall`, supervisord
 * answers so: asked alone it writes a traceback into its own log for each.
 */
async function readSlices(
  client: SupervisordClient,
  log: RemoteLog,
  slices: readonly (readonly [offset: number, length: number])[],
): Promise<readonly (string | null)[]> {
  const calls = slices.map(([offset, length]) => ({
    methodName: READ[log.channel],
    params: [log.namespec, offset, length],
  }));
  const answers = await client.ask('system.multicall', [calls]);
  if (!Array.isArray(answers) || answers.length !== slices.length)
    throw new TransportError('not-a-supervisor', { sent: true });
  return answers.map(textOrRefused);
}

function textOrRefused(answer: unknown): string | null {
  if (typeof answer === 'string') return answer;
  const { faultCode, faultString } = (answer ?? {}) as { faultCode?: unknown; faultString?: unknown };
  if (typeof faultCode !== 'number' || typeof faultString !== 'string')
    throw new TransportError('not-a-supervisor', { sent: true });
  if (faultCode === FAULT_CODES.FAILED && faultString.startsWith(BROKE)) return null;
  throw new FaultAnswer(faultCode, faultString);
}
