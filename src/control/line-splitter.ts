const LONGEST_BYTES = 64 * 1024;
const NEWLINE = 10;
const RETURN = 13;
const NOTHING = Buffer.alloc(0);

/**
 * Turns bytes into lines of text. A line ends with LF or CR LF; damaged UTF-8 becomes U+FFFD.
 * Of a line longer than 64 KiB the start is given at once, with a mark, and the rest is dropped.
 */
export class LineSplitter {
  #pending: Buffer = NOTHING;
  #dropping = false;

  push(data: Buffer): string[] {
    const lines: string[] = [];
    let from = 0;
    for (let end = data.indexOf(NEWLINE); end >= 0; end = data.indexOf(NEWLINE, from)) {
      this.#take(data.subarray(from, end), lines);
      if (!this.#dropping) lines.push(textOf(this.#pending));
      this.#pending = NOTHING;
      this.#dropping = false;
      from = end + 1;
    }
    this.#take(data.subarray(from), lines);
    return lines;
  }

  /** What stands there without an end; the next bytes begin a new line. */
  rest(): string[] {
    const rest = this.#dropping || this.#pending.length === 0 ? [] : [textOf(this.#pending)];
    this.#pending = NOTHING;
    this.#dropping = false;
    return rest;
  }

  #take(part: Buffer, lines: string[]): void {
    if (this.#dropping || part.length === 0) return;
    const room = LONGEST_BYTES - this.#pending.length;
    // Copied: the source may reuse its buffer.
    this.#pending = Buffer.concat([this.#pending, part.subarray(0, room)]);
    if (part.length <= room) return;
    lines.push(`${textOf(this.#pending)} … [line cut after 64 KiB]`);
    this.#pending = NOTHING;
    this.#dropping = true;
  }
}

function textOf(bytes: Buffer): string {
  const end = bytes.at(-1) === RETURN ? bytes.length - 1 : bytes.length;
  return bytes.toString('utf8', 0, end);
}
