import type { AgentSession } from './agent-session.ts';
import type { LinkTail, LinkTailPart, TailRequest } from './host-link.ts';
import { PartQueue } from './part-queue.ts';
import type { CheckedTailPart } from './uplink-schemas.ts';

/** Bytes the agent may send ahead of the reader. */
const WINDOW_BYTES = 256 * 1024;
/** New bytes are granted when so much of the window was read. */
const GRANT_SHARE = 1 / 4;

/** One log tail of an agent host: goes on over reconnects from where it was, and ends with its reader. */
export class AgentTail implements LinkTail {
  readonly #id: string;
  readonly #request: TailRequest;
  readonly #windowBytes: number;
  readonly #onClose: () => void;
  readonly #queue = new PartQueue();
  #session: AgentSession | null = null;
  #credit = 0;
  #toGrant = 0;
  #fromOffset: number | null = null;
  #away = false;

  constructor(id: string, request: TailRequest, onClose: () => void) {
    this.#id = id;
    this.#request = request;
    this.#windowBytes = Math.min(WINDOW_BYTES, request.windowBytes ?? WINDOW_BYTES);
    this.#onClose = onClose;
  }

  begin(session: AgentSession): void {
    this.#session = session;
    this.#credit = this.#windowBytes;
    this.#toGrant = 0;
    if (this.#away)
      this.#queue.push(
        this.#fromOffset === null ? { kind: 'back' } : { kind: 'back', offset: this.#fromOffset },
      );
    this.#away = false;
    const { group, process, channel, lastBytes, follow } = this.#request;
    const open = { tailId: this.#id, group, process, channel, lastBytes, credit: this.#windowBytes, follow };
    const resumed = this.#fromOffset === null ? open : { ...open, fromOffset: this.#fromOffset };
    session.openTail(resumed, (says) => this.#end(says));
  }

  /** The host is gone for now. */
  sessionEnded(): void {
    this.#session = null;
    if (this.#away) return;
    this.#away = true;
    this.#queue.push({ kind: 'away' });
  }

  /** False when the agent sent more than it was granted. */
  take(part: CheckedTailPart): boolean {
    if (part.kind === 'end') this.#end(part.says);
    else if (part.kind === 'skipped') this.#queue.push({ kind: 'skipped', bytes: part.bytes });
    else if (part.kind !== 'bytes') this.#mark(part.kind);
    else return this.#takeBytes(Buffer.from(part.data, 'base64'), part.endOffset);
    return true;
  }

  close(): void {
    this.#session?.closeTail(this.#id);
    this.#session = null;
    this.#queue.close();
    this.#onClose();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<LinkTailPart> {
    try {
      for (;;) {
        const part = await this.#queue.next();
        if (part === null) return;
        if (part.kind === 'bytes') this.#consumed(part.data.length);
        yield part;
        if (part.kind === 'end') return;
      }
    } finally {
      this.close();
    }
  }

  #takeBytes(data: Buffer, endOffset: number): boolean {
    this.#credit -= data.length;
    this.#fromOffset = endOffset;
    this.#queue.push({ kind: 'bytes', data, endOffset });
    return this.#credit >= 0;
  }

  #mark(kind: 'truncated' | 'replaced'): void {
    this.#fromOffset = 0;
    this.#queue.push({ kind });
  }

  #consumed(bytes: number): void {
    this.#toGrant += bytes;
    if (this.#session === null || this.#toGrant < this.#windowBytes * GRANT_SHARE) return;
    this.#session.grant(this.#id, this.#toGrant);
    this.#credit += this.#toGrant;
    this.#toGrant = 0;
  }

  #end(says: string): void {
    this.#session = null;
    this.#queue.push({ kind: 'end', says });
    this.#onClose();
  }
}
