/** Text is made bytes in pieces of about this many characters: far cheaper than one long rope. */
const PIECE = 16 * 1024;
/** A character is at most this many bytes of UTF-8. */
const MOST_BYTES = 3;
/** Where every message is put together; nothing waits while one is, so one is enough. */
const desk = Buffer.allocUnsafeSlow(8 * PIECE);

/** Collects the text of one message as bytes. Messages are made one after the other, never two at a time. */
export class Output {
  readonly #full: Buffer[] = [];
  #text: string;
  #used = 0;

  constructor(head: string) {
    this.#text = head;
  }

  add(text: string): void {
    this.#text += text;
    if (this.#text.length >= PIECE) this.#flush();
  }

  end(tail: string): Buffer {
    this.#text += tail;
    this.#flush();
    this.#clearDesk();
    const [only, ...more] = this.#full;
    return only !== undefined && more.length === 0 ? only : Buffer.concat(this.#full);
  }

  #flush(): void {
    const text = this.#text;
    this.#text = '';
    if (text.length * MOST_BYTES > desk.length - this.#used) this.#clearDesk();
    if (text.length * MOST_BYTES > desk.length) this.#full.push(Buffer.from(text));
    else this.#used += desk.write(text, this.#used);
  }

  #clearDesk(): void {
    if (this.#used === 0) return;
    this.#full.push(Buffer.from(desk.subarray(0, this.#used)));
    this.#used = 0;
  }
}
