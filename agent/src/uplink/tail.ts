import type { FollowPart, LogFile } from '../logs/log-file.ts';
import type { Cancel, Clock } from '../os/clock.ts';
import { type TailOpen, type TailPart, UPLINK_LIMITS } from '../protocol/uplink.ts';
import { followOf, pieceOf, type TailSource } from './tail-source.ts';

/** A reader this far behind is moved forward, and told how much it missed. */
const MOST_BEHIND_BYTES = 1024 * 1024;
const KEPT_WHEN_SKIPPING_BYTES = 64 * 1024;
/** Small writes that follow each other within this go in one part. */
const GATHER_MS = 10;

/** Sends one log to the hub, never more bytes than the hub has granted. */
export class Tail {
  readonly #id: string;
  readonly #log: LogFile;
  readonly #follow: boolean;
  readonly #send: (part: TailPart) => void;
  readonly #clock: Clock;
  #source: TailSource;
  #credit: number;
  /** Heard and not sent; the source is held while it is not empty. */
  #waiting: FollowPart[] = [];
  #offset: number;
  #held = false;
  #gathering: Cancel | null = null;
  #closed = false;
  #ended: string | null = null;

  constructor(open: TailOpen, log: LogFile, send: (part: TailPart) => void, clock: Clock) {
    this.#id = open.tailId;
    this.#log = log;
    this.#follow = open.follow;
    this.#send = send;
    this.#clock = clock;
    this.#credit = Math.min(open.credit, UPLINK_LIMITS.tailCreditBytes);
    const size = log.size() ?? 0;
    const lost = open.fromOffset !== undefined && open.fromOffset > size;
    if (lost) this.#waiting.push({ kind: 'replaced' });
    this.#offset = lost ? 0 : (open.fromOffset ?? Math.max(0, size - open.lastBytes));
    this.#source = this.#sourceFrom(this.#offset);
  }

  begin(): void {
    this.#pump();
  }

  grant(bytes: number): void {
    this.#credit = Math.min(this.#credit + bytes, UPLINK_LIMITS.tailCreditBytes);
    this.#pump();
  }

  /** Sends no more; `end` is said to the hub only by whoever closes it for a reason. */
  close(): void {
    this.#closed = true;
    this.#gathering?.();
    this.#source.close();
  }

  #sourceFrom(offset: number): TailSource {
    const hear = (part: FollowPart): boolean => this.#hear(part);
    if (this.#follow) return followOf(this.#log, offset, hear);
    return pieceOf(this.#log, offset, hear, (says) => {
      this.#ended = says;
    });
  }

  #hear(part: FollowPart): boolean {
    if (this.#closed) return false;
    this.#waiting.push(part);
    if (this.#gathering === null) {
      this.#sendWaiting();
      this.#gathering = this.#clock.after(GATHER_MS, () => {
        this.#gathering = null;
        this.#pump();
      });
    }
    this.#held = this.#waiting.length > 0;
    return !this.#held;
  }

  /** Sends what waits, and lets the source go on once nothing does. */
  #pump(): void {
    this.#sendWaiting();
    if (this.#closed || this.#waiting.length > 0 || this.#credit <= 0) return;
    if (this.#held) this.#catchUp();
    this.#held = false;
    this.#source.resume();
    if (this.#ended !== null && this.#waiting.length === 0) this.#end(this.#ended);
  }

  #sendWaiting(): void {
    for (let part = this.#waiting.shift(); part !== undefined; part = this.#waiting.shift()) {
      if (part.kind !== 'bytes') this.#sendMark(part.kind);
      else if (!this.#sendBytes(part.data)) return;
    }
  }

  #sendMark(kind: 'truncated' | 'replaced'): void {
    this.#offset = 0;
    this.#send({ tailId: this.#id, kind });
  }

  /** False when the credit ended before the bytes did: the rest waits. */
  #sendBytes(data: Buffer): boolean {
    let from = 0;
    while (from < data.length && this.#credit > 0) {
      const piece = data.subarray(from, from + Math.min(this.#credit, UPLINK_LIMITS.tailPartBytes));
      from += piece.length;
      this.#credit -= piece.length;
      this.#offset += piece.length;
      this.#send({
        tailId: this.#id,
        kind: 'bytes',
        data: piece.toString('base64'),
        endOffset: this.#offset,
      });
    }
    if (from < data.length) this.#waiting.unshift({ kind: 'bytes', data: data.subarray(from) });
    return from === data.length;
  }

  #catchUp(): void {
    if (!this.#follow) return;
    const size = this.#log.size() ?? 0;
    if (size - this.#offset <= MOST_BEHIND_BYTES) return;
    const fromOffset = size - KEPT_WHEN_SKIPPING_BYTES;
    this.#source.close();
    this.#send({ tailId: this.#id, kind: 'skipped', bytes: fromOffset - this.#offset });
    this.#offset = fromOffset;
    this.#source = this.#sourceFrom(fromOffset);
  }

  #end(says: string): void {
    this.close();
    this.#send({ tailId: this.#id, kind: 'end', says });
  }
}
