/** Where a listener stands in its protocol. */
export type ListenerState = 'ACKNOWLEDGED' | 'READY' | 'BUSY' | 'UNKNOWN';

/** What a listener's output meant, in order. */
export type HandshakeStep =
  | { readonly kind: 'ready' }
  /** The event it held is dealt with. */
  | { readonly kind: 'processed' }
  /** The event it held must be given again. */
  | { readonly kind: 'rejected' }
  /** The event it held must be given again, and the listener broke the protocol. */
  | { readonly kind: 'bad-result'; readonly line: Buffer }
  | { readonly kind: 'violated' };

/** Where a listener stands, as plain data; bytes in base64. */
export interface SavedHandshake {
  readonly state: ListenerState;
  readonly unread: string;
  readonly resultLeft: number | null;
  readonly result: string;
}

const READY = Buffer.from('READY\n');
const OK = Buffer.from('OK');
const RESULT_LENGTH = 'RESULT '.length;
const EMPTY = Buffer.alloc(0);
const LONGEST_LINE_BYTES = 4 * 1024;
/** No listener has reason to answer more; one that announces it would be busy for ever. */
const LONGEST_RESULT_BYTES = 1024 * 1024;
const INTEGER = /^\s*\+?\d+(?:_\d+)*\s*$/;

/**
 * The listener protocol of one child, fed with its stdout in pieces of any size. It never keeps more than a
 * line. A child begins ACKNOWLEDGED; UNKNOWN is for ever.
 * Contract: EVT-041 to EVT-053.
 */
export class Handshake {
  #state: ListenerState = 'ACKNOWLEDGED';
  #unread: Buffer = EMPTY;
  /** Bytes of the result still to come; null until its line is read. */
  #resultLeft: number | null = null;
  /** As much of the result as can tell whether it is OK. */
  #result: Buffer = EMPTY;

  get state(): ListenerState {
    return this.#state;
  }

  save(): SavedHandshake {
    return {
      state: this.#state,
      unread: this.#unread.toString('base64'),
      resultLeft: this.#resultLeft,
      result: this.#result.toString('base64'),
    };
  }

  /** An event was sent to it. */
  sent(): void {
    if (this.#state !== 'READY') throw new Error(`an event for a listener that is ${this.#state}`);
    this.#state = 'BUSY';
  }

  feed(piece: Buffer): readonly HandshakeStep[] {
    const steps: HandshakeStep[] = [];
    let rest: Buffer = this.#unread.length === 0 ? piece : Buffer.concat([this.#unread, piece]);
    while (rest.length > 0) {
      const used = this.#take(rest, steps);
      if (used === 0) break;
      rest = rest.subarray(used);
    }
    this.#unread = Buffer.from(rest);
    return steps;
  }

  /** Reads one token off the front of `bytes`; answers how much that was, 0 when it needs more. */
  #take(bytes: Buffer, steps: HandshakeStep[]): number {
    switch (this.#state) {
      case 'UNKNOWN':
        return bytes.length;
      case 'READY':
        return this.#violate(bytes, steps, { kind: 'violated' });
      case 'ACKNOWLEDGED':
        return this.#takeReady(bytes, steps);
      case 'BUSY':
        return this.#resultLeft === null
          ? this.#takeLine(bytes, steps)
          : this.#takeResult(bytes, this.#resultLeft, steps);
      default:
        return this.#state satisfies never;
    }
  }

  #takeReady(bytes: Buffer, steps: HandshakeStep[]): number {
    if (bytes.length < READY.length) return 0;
    if (!bytes.subarray(0, READY.length).equals(READY))
      return this.#violate(bytes, steps, { kind: 'violated' });
    this.#state = 'READY';
    steps.push({ kind: 'ready' });
    return READY.length;
  }

  #takeLine(bytes: Buffer, steps: HandshakeStep[]): number {
    const end = bytes.indexOf(10);
    if (end < 0 && bytes.length <= LONGEST_LINE_BYTES) return 0;
    const line = bytes.subarray(0, end < 0 ? LONGEST_LINE_BYTES : end);
    const length = end < 0 ? null : resultLength(line);
    if (length === null) return this.#violate(bytes, steps, { kind: 'bad-result', line: Buffer.from(line) });
    this.#resultLeft = length;
    this.#result = EMPTY;
    return end + 1;
  }

  /** Called only with output at hand: an empty result is judged when more follows. Contract: EVT-050. */
  #takeResult(bytes: Buffer, left: number, steps: HandshakeStep[]): number {
    const used = Math.min(left, bytes.length);
    if (this.#result.length <= OK.length)
      this.#result = Buffer.concat([this.#result, bytes.subarray(0, used)]);
    this.#resultLeft = left - used;
    if (this.#resultLeft > 0) return used;
    steps.push({ kind: this.#result.equals(OK) ? 'processed' : 'rejected' });
    this.#state = 'ACKNOWLEDGED';
    this.#resultLeft = null;
    this.#result = EMPTY;
    // An empty result used nothing of these bytes, which are the next thing it says.
    return used > 0 ? used : this.#take(bytes, steps);
  }

  #violate(bytes: Buffer, steps: HandshakeStep[], step: HandshakeStep): number {
    this.#state = 'UNKNOWN';
    steps.push(step);
    return bytes.length;
  }
}

/** The number after the first 7 bytes of a result line, whatever those are. Contract: EVT-046, EVT-047. */
function resultLength(line: Buffer): number | null {
  const text = line.subarray(RESULT_LENGTH).toString('latin1');
  if (!INTEGER.test(text)) return null;
  const length = Number(text.replaceAll('_', ''));
  return length <= LONGEST_RESULT_BYTES ? length : null;
}
