import type { Syslog } from './syslog.ts';

const LONGEST_LINE_BYTES = 8 * 1024;
const EMPTY = Buffer.alloc(0);
const NEWLINE = 10;

/**
 * Turns output that comes in pieces into syslog lines `<process> <line>`. A line without end is sent in parts
 * of 8 KiB. Contract: PROC-106.
 */
export class SyslogLines {
  readonly #process: string;
  readonly #syslog: Syslog;
  #begun: Buffer = EMPTY;

  constructor(process: string, syslog: Syslog) {
    this.#process = process;
    this.#syslog = syslog;
  }

  write(piece: Buffer): void {
    let rest = this.#begun.length === 0 ? piece : Buffer.concat([this.#begun, piece]);
    for (let end = lineEnd(rest); end >= 0; end = lineEnd(rest)) {
      this.#send(rest.subarray(0, end));
      rest = rest.subarray(rest[end] === NEWLINE ? end + 1 : end);
    }
    this.#begun = Buffer.from(rest);
  }

  /** The output is over: a line without newline is sent too. */
  end(): void {
    if (this.#begun.length > 0) this.#send(this.#begun);
    this.#begun = EMPTY;
  }

  /** The line begun, in base64. */
  save(): string {
    return this.#begun.toString('base64');
  }

  #send(line: Buffer): void {
    this.#syslog.write(`${this.#process} ${line.toString('utf8')}`);
  }
}

/** Where the first line of `bytes` ends, or -1 when it may go on. */
function lineEnd(bytes: Buffer): number {
  const newline = bytes.subarray(0, LONGEST_LINE_BYTES + 1).indexOf(NEWLINE);
  return newline < 0 && bytes.length > LONGEST_LINE_BYTES ? LONGEST_LINE_BYTES : newline;
}
