import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import type { Cancel } from '../clock.ts';

export interface CliStreams {
  readonly env: NodeJS.ProcessEnv;
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
}

/** The person or script in front of the command. */
export class CliIo {
  readonly env: NodeJS.ProcessEnv;
  #streams: CliStreams;

  constructor(streams: CliStreams) {
    this.env = streams.env;
    this.#streams = streams;
  }

  /** Somebody reads the output on a terminal: lines may be drawn over, and escapes would be obeyed. */
  get outIsTerminal(): boolean {
    return this.#streams.stdout.isTTY === true;
  }

  /** Somebody can be asked. */
  get canAsk(): boolean {
    return this.#streams.stdin.isTTY === true && this.#streams.stderr.isTTY === true;
  }

  get columns(): number {
    return this.#streams.stdout.columns || 100;
  }

  get rows(): number {
    return this.#streams.stdout.rows || 24;
  }

  out(text: string): void {
    this.#streams.stdout.write(text);
  }

  line(text: string): void {
    this.out(`${text}\n`);
  }

  /** A sentence for people: questions, progress, warnings. Never part of the output. */
  note(text: string): void {
    this.#streams.stderr.write(`${text}\n`);
  }

  json(value: unknown): void {
    this.line(JSON.stringify(value));
  }

  /** One line from the person; null at the end of input. */
  ask(question: string): Promise<string | null> {
    return this.#read(question, 'shown');
  }

  /** The same without echo. */
  askHidden(question: string): Promise<string | null> {
    return this.#read(question, 'hidden');
  }

  /** Everything on standard input, without the last newline. */
  async readAll(): Promise<string> {
    return (await this.readExactly()).replace(/\r?\n$/, '');
  }

  /** Everything on standard input as it is. */
  async readExactly(): Promise<string> {
    const chunks: Buffer[] = [];
    for await (const chunk of this.#streams.stdin) chunks.push(Buffer.from(chunk));
    return Buffer.concat(chunks).toString('utf8');
  }

  /** Calls `fn` on Ctrl-C until cancelled; while nobody listens Ctrl-C ends the program. */
  onInterrupt(fn: () => void): Cancel {
    process.on('SIGINT', fn);
    return () => process.off('SIGINT', fn);
  }

  #read(question: string, echo: 'shown' | 'hidden'): Promise<string | null> {
    const { stdin, stderr } = this.#streams;
    const output = echo === 'hidden' ? new Writable({ write: (_chunk, _encoding, done) => done() }) : stderr;
    const lines = createInterface({ input: stdin, output, terminal: stdin.isTTY === true });
    return new Promise((resolve) => {
      let answered = false;
      const answer = (line: string | null): void => {
        if (answered) return;
        answered = true;
        lines.close();
        if (echo === 'hidden' || line === null) stderr.write('\n');
        resolve(line);
      };
      lines.on('line', answer);
      lines.on('SIGINT', () => answer(null));
      lines.on('close', () => answer(null));
      lines.setPrompt(echo === 'shown' ? question : '');
      lines.prompt();
      // Asked only now that the terminal echoes nothing: whoever answers at once is not shown either.
      if (echo === 'hidden') stderr.write(question);
    });
  }
}
