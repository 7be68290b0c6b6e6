const BEGIN = Buffer.from('<!--XSUPERVISOR:BEGIN-->');
const END = Buffer.from('<!--XSUPERVISOR:END-->');
const EMPTY = Buffer.alloc(0);

export interface CaptureEars {
  /** Output between tokens or outside them; `data` may be reused. */
  text(data: Buffer, captured: boolean): void;
  /** An END token: the captured text since BEGIN is one message. */
  message(): void;
}

/** Where a capture stands: inside a message or not, and what may begin a token, in base64. */
export interface SavedCapture {
  readonly capturing: boolean;
  readonly waiting: string;
}

/**
 * Tells apart what stands between the two tokens and what stands outside, and takes the tokens themselves out of a stream that comes in pieces. Only what may be the beginning
 * of a token waits for the next piece.
 * Contract: PROC-109 to PROC-115 (PROC-113: supervisord loses a short tail; here `end` tells it).
 */
export class Capture {
  readonly #ears: CaptureEars;
  #capturing = false;
  #waiting: Buffer = EMPTY;

  constructor(ears: CaptureEars) {
    this.#ears = ears;
  }

  feed(piece: Buffer): void {
    let data = this.#waiting.length === 0 ? piece : Buffer.concat([this.#waiting, piece]);
    this.#waiting = EMPTY;
    for (;;) {
      const token = this.#capturing ? END : BEGIN;
      const at = data.indexOf(token);
      if (at < 0) break;
      this.#tell(data.subarray(0, at));
      this.#toggle();
      data = data.subarray(at + token.length);
    }
    const cut = data.length - prefixAtEnd(data, this.#capturing ? END : BEGIN);
    this.#waiting = cut === data.length ? EMPTY : Buffer.from(data.subarray(cut));
    this.#tell(data.subarray(0, cut));
  }

  /** The stream is over: tells what waited; a message without END is not told. */
  end(): void {
    const rest = this.#waiting;
    this.#waiting = EMPTY;
    this.#tell(rest);
    this.#capturing = false;
  }

  save(): SavedCapture {
    return { capturing: this.#capturing, waiting: this.#waiting.toString('base64') };
  }

  #tell(data: Buffer): void {
    if (data.length > 0) this.#ears.text(data, this.#capturing);
  }

  #toggle(): void {
    this.#capturing = !this.#capturing;
    if (!this.#capturing) this.#ears.message();
  }
}

/** How many bytes at the end of `data` begin `token`. */
function prefixAtEnd(data: Buffer, token: Buffer): number {
  for (let length = Math.min(data.length, token.length - 1); length > 0; length--) {
    if (data.subarray(data.length - length).equals(token.subarray(0, length))) return length;
  }
  return 0;
}
