import type { TailLine } from '../api/contract.ts';
import type { LogTail } from '../control/log-tails.ts';

export interface TailOutlet {
  lines(lines: readonly TailLine[]): void;
  end(says: string): void;
}

/** Lines a browser is sent before it has to say that it has shown some. */
const FIRST_CREDIT = 1_000;
const MOST_CREDIT = 10_000;
/** What may be on its way to one browser for one tail; sixteen of them make 1 MiB. */
const MOST_BYTES_ON_THEIR_WAY = 64 * 1024;
const LINE_BYTES = 32;
/** Of a line that was granted before it was sent so many bytes are granted too. */
const GRANTED_LINE_BYTES = 256;

/** One tail in one browser: no line is sent without credit, and none is read ahead of it. */
export class BrowserTail {
  readonly #tail: LogTail;
  readonly #outlet: TailOutlet;
  readonly #onItsWay: number[] = [];
  #bytesOnTheirWay = 0;
  #grantedAhead = 0;
  #credit = FIRST_CREDIT;
  #wake: () => void = () => {};
  #isClosed = false;

  constructor(tail: LogTail, outlet: TailOutlet) {
    this.#tail = tail;
    this.#outlet = outlet;
  }

  /** The browser has shown so many lines. */
  grant(lines: number): void {
    this.#credit = Math.min(MOST_CREDIT, this.#credit + lines);
    const shown = this.#onItsWay.splice(0, lines);
    for (const bytes of shown) this.#bytesOnTheirWay -= bytes;
    this.#grantedAhead = Math.min(MOST_CREDIT, this.#grantedAhead + lines - shown.length);
    this.#wake();
  }

  close(): void {
    this.#isClosed = true;
    this.#tail.close();
    this.#wake();
  }

  /** Sends until the log, the browser or the right to read ends. */
  async run(): Promise<void> {
    for await (const lines of this.#tail.lines) {
      while (!this.#maySend() && !this.#isClosed)
        await new Promise<void>((resolve) => (this.#wake = resolve));
      if (this.#isClosed) return;
      this.#send(lines);
    }
    if (!this.#isClosed) this.#outlet.end('');
  }

  #maySend(): boolean {
    return this.#credit > 0 && this.#bytesOnTheirWay < MOST_BYTES_ON_THEIR_WAY;
  }

  #send(lines: readonly TailLine[]): void {
    this.#credit -= lines.length;
    for (const line of lines) {
      const bytes = this.#costOf(line);
      this.#onItsWay.push(bytes);
      this.#bytesOnTheirWay += bytes;
    }
    this.#outlet.lines(lines);
  }

  #costOf(line: TailLine): number {
    const bytes = LINE_BYTES + (line.kind === 'line' ? line.text : line.says).length;
    if (this.#grantedAhead === 0) return bytes;
    this.#grantedAhead--;
    return Math.max(0, bytes - GRANTED_LINE_BYTES);
  }
}
