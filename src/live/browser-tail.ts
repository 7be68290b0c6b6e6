import type { TailLine } from '../api/contract.ts';
import type { LogTail } from '../control/log-tails.ts';

export interface TailOutlet {
  lines(lines: readonly TailLine[]): void;
  end(says: string): void;
}

/** Lines a browser is sent before it has to say that it has shown some. */
const FIRST_CREDIT = 1_000;
const MOST_CREDIT = 10_000;

/** One tail in one browser: no line is sent without credit, and none is read ahead of it. */
export class BrowserTail {
  readonly #tail: LogTail;
  readonly #outlet: TailOutlet;
  #credit = FIRST_CREDIT;
  #wake: () => void = () => {};
  #isClosed = false;

  constructor(tail: LogTail, outlet: TailOutlet) {
    this.#tail = tail;
    this.#outlet = outlet;
  }

  grant(lines: number): void {
    this.#credit = Math.min(MOST_CREDIT, this.#credit + lines);
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
      while (this.#credit <= 0 && !this.#isClosed)
        await new Promise<void>((resolve) => (this.#wake = resolve));
      if (this.#isClosed) return;
      this.#credit -= lines.length;
      this.#outlet.lines(lines);
    }
    if (!this.#isClosed) this.#outlet.end('');
  }
}
