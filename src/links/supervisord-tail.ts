import { FAULT_CODES } from '@fleetvisor/agent/protocol';
import type { Clock } from '../clock.ts';
import type { LinkTail, LinkTailPart, TailRequest } from './host-link.ts';
import { PieceReader, type RemoteLog, remoteLogSize, touchLog } from './log-over-xmlrpc.ts';
import type { SupervisordClient } from './supervisord-client.ts';
import { toldKey } from './told-process.ts';
import { TransportError } from './transport-error.ts';
import { FaultAnswer } from './xmlrpc-call.ts';

export interface TailPorts {
  readonly client: SupervisordClient;
  readonly clock: Clock;
  /** Runs one question of a tail after the other: all tails of a host together take one place in its queue. */
  inTurn<T>(ask: () => Promise<T>): Promise<T>;
}

/** A reader this far behind is moved forward, and told how much it missed. */
const MOST_BEHIND_BYTES = 1024 * 1024;
const KEPT_WHEN_SKIPPING_BYTES = 64 * 1024;
const SOONEST_MS = 200;
const SLOWEST_MS = 2_000;
const AWAY_MS = 1_000;
const SLOWER = 1.5;

/**
 * A log of a supervisord, followed by offset: asked for often while it grows, seldom while it does not, and never
 * while the reader does not ask. A log replaced by a longer one between two looks cannot be told from one that grew.
 */
export class SupervisordTail implements LinkTail {
  readonly #request: TailRequest;
  readonly #ports: TailPorts;
  readonly #log: RemoteLog;
  readonly #reader: PieceReader;
  readonly #onClose: () => void;
  #closed = false;
  #endRest: () => void = () => {};
  #offset: number | null = null;
  /** Whether the last look left something unread. */
  #behind = false;
  #restMs = SOONEST_MS;
  #away = false;
  #passedOver = 0;

  constructor(request: TailRequest, ports: TailPorts, onClose: () => void) {
    this.#request = request;
    this.#ports = ports;
    this.#onClose = onClose;
    this.#log = {
      namespec: toldKey({ group: request.group, name: request.process }),
      channel: request.channel,
    };
    this.#reader = new PieceReader(ports.client, this.#log, request.windowBytes);
  }

  close(): void {
    this.#closed = true;
    this.#endRest();
    this.#onClose();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<LinkTailPart> {
    try {
      while (!this.#closed) {
        const parts = await this.#look();
        for (const part of parts) {
          if (this.#closed) return;
          yield part;
          if (part.kind === 'end') return;
        }
        if (!this.#behind) await this.#rest();
      }
    } finally {
      this.close();
    }
  }

  /** What is new, in order; empty when nothing is. */
  async #look(): Promise<LinkTailPart[]> {
    try {
      this.#behind = false;
      const parts = await this.#ports.inTurn(() => this.#ask());
      const back: LinkTailPart[] = this.#away ? [{ kind: 'back' }] : [];
      this.#away = false;
      this.#restMs = parts.length > 0 ? SOONEST_MS : Math.min(SLOWEST_MS, this.#restMs * SLOWER);
      return [...back, ...parts];
    } catch (error) {
      return this.#failed(error);
    }
  }

  #failed(error: unknown): LinkTailPart[] {
    if (error instanceof FaultAnswer && error.faultCode !== FAULT_CODES.SHUTDOWN_STATE) {
      return [{ kind: 'end', says: this.#whyNoLog(error) }];
    }
    if (!(error instanceof TransportError || error instanceof FaultAnswer)) throw error;
    this.#restMs = AWAY_MS;
    if (this.#away) return [];
    this.#away = true;
    return [{ kind: 'away' }];
  }

  async #ask(): Promise<LinkTailPart[]> {
    const size = await remoteLogSize(this.#ports.client, this.#log);
    if (this.#offset === null) return this.#begin(size);
    if (size < this.#offset) {
      this.#offset = 0;
      return [{ kind: 'replaced', mayLack: true }, ...(size > 0 ? await this.#read(0, size) : [])];
    }
    if (size === this.#offset) return this.#atEnd();
    return this.#read(this.#offset, size);
  }

  async #begin(size: number): Promise<LinkTailPart[]> {
    // an empty log and none at all look alike from their size: reading tells them apart
    if (size === 0) await this.#refuseWithoutLog();
    this.#offset = Math.max(0, size - this.#request.lastBytes);
    return this.#offset < size ? this.#read(this.#offset, size) : this.#atEnd();
  }

  #atEnd(): LinkTailPart[] {
    const told = this.#tellPassedOver();
    return this.#request.follow ? told : [...told, { kind: 'end', says: '' }];
  }

  async #read(from: number, size: number): Promise<LinkTailPart[]> {
    const skips = size - from > MOST_BEHIND_BYTES && this.#request.follow;
    const start = skips ? size - KEPT_WHEN_SKIPPING_BYTES : from;
    if (skips) this.#passedOver += start - from;
    const { text, endOffset } = await this.#reader.next(start, size);
    this.#offset = endOffset;
    this.#behind = endOffset < size;
    if (text !== null)
      return [...this.#tellPassedOver(), { kind: 'bytes', data: Buffer.from(text, 'utf8'), endOffset }];
    this.#passedOver += endOffset - start;
    return this.#passedOver > MOST_BEHIND_BYTES ? this.#tellPassedOver() : [];
  }

  /** Bytes passed over are counted up and told once, before the next that are shown. */
  #tellPassedOver(): LinkTailPart[] {
    if (this.#passedOver === 0) return [];
    const bytes = this.#passedOver;
    this.#passedOver = 0;
    return [{ kind: 'skipped', bytes }];
  }

  async #refuseWithoutLog(): Promise<void> {
    try {
      await touchLog(this.#ports.client, this.#log);
    } catch (error) {
      const notYet = error instanceof FaultAnswer && error.faultString.startsWith('NO_FILE: ');
      if (!notYet) throw error; // a file that is configured and not there may still come
    }
  }

  #whyNoLog({ faultCode, faultString }: FaultAnswer): string {
    if (faultCode === FAULT_CODES.BAD_NAME) return `there is no process ${this.#log.namespec}`;
    if (faultCode === FAULT_CODES.NO_FILE) return `${this.#log.namespec} has no ${this.#log.channel} log`;
    return faultString;
  }

  /** Waits before the next look; `close()` ends it. */
  #rest(): Promise<void> {
    return new Promise((done) => {
      const cancel = this.#ports.clock.after(this.#restMs, done);
      this.#endRest = () => {
        cancel();
        done();
      };
    });
  }
}
