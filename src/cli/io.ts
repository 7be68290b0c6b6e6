import { createInterface } from 'node:readline';
import { type Readable, Writable } from 'node:stream';
import type { Cancel } from '../clock.ts';

/** Where output goes: a terminal, a file or a pipe. */
export type Screen = Writable & {
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly rows?: number;
};

export interface Prompt {
  /** Lines typed before, oldest first. */
  readonly history: readonly string[];
  /** What the last word of the line may become, and that word. */
  complete(line: string): Promise<[words: string[], last: string]>;
}

export interface CliStreams {
  readonly env: NodeJS.ProcessEnv;
  readonly stdin: Readable & { readonly isTTY?: boolean };
  readonly stdout: Screen;
  readonly stderr: Screen;
}

/** What goes to standard error, a line each: words, or with `--json` objects. */
export type NotesAs = 'words' | 'json';

/** What went wrong, as `--json` has it on standard error. */
export interface ToldError {
  readonly error: string;
  readonly mend?: string;
  /** The last part of the `type` of the hub's problem. */
  readonly problem?: string;
  readonly status: number;
}

/** The person or script in front of the command. */
export class CliIo {
  readonly env: NodeJS.ProcessEnv;
  readonly #streams: CliStreams;
  readonly #notes: NotesAs;

  constructor(streams: CliStreams, notes: NotesAs) {
    this.env = streams.env;
    this.#streams = streams;
    this.#notes = notes;
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
    this.#streams.stderr.write(`${this.#notes === 'json' ? JSON.stringify({ note: text }) : text}\n`);
  }

  /** Says what went wrong and how to mend it. */
  tell(failed: ToldError): void {
    const { error, mend } = failed;
    const words = [`fleetvisor: ${error}`, ...(mend === undefined ? [] : [`  ${mend}`])].join('\n');
    this.#streams.stderr.write(`${this.#notes === 'json' ? JSON.stringify(failed) : words}\n`);
  }

  json(value: unknown): void {
    this.line(JSON.stringify(value));
  }

  /** One line from the person; null at the end of input. */
  ask(question: string): Promise<string | null> {
    return this.#read(question, 'shown');
  }

  /** One command line, with history and completion; Ctrl-C begins it anew. Null at the end of input. */
  askCommand(prompt: string, { history, complete }: Prompt): Promise<string | null> {
    const { stdin, stdout } = this.#streams;
    const lines = createInterface({
      input: stdin,
      output: stdout,
      terminal: true,
      history: [...history].reverse(),
      historySize: 1_000,
      completer: (line: string, done: (error: Error | null, found: [string[], string]) => void) =>
        void complete(line).then(
          (found) => done(null, found),
          () => done(null, [[], line]), // a Tab that finds nothing must not end the shell
        ),
    });
    return new Promise((resolve) => {
      let answered: string | null = null;
      lines.on('line', (line) => {
        answered = line;
        lines.close();
      });
      lines.on('SIGINT', () => {
        lines.write(null, { ctrl: true, name: 'e' });
        lines.write(null, { ctrl: true, name: 'u' });
      });
      lines.on('close', () => {
        if (answered === null) stdout.write('\n');
        resolve(answered);
      });
      lines.setPrompt(prompt);
      lines.prompt();
    });
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
