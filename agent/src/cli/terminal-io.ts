import { createInterface, type Interface } from 'node:readline';
import { Writable } from 'node:stream';
import type { Cancel } from '../os/clock.ts';
import type { Io } from './io.ts';
import { keyStream } from './key-stream.ts';

export interface PromptHelp {
  /** Words the end of the line may become, and the part of it they replace. */
  complete(line: string): Promise<[words: string[], fragment: string]>;
  /** Oldest first. */
  readonly history: readonly string[];
  /** A line that was typed at the prompt. */
  typed(line: string): void;
}

interface TerminalStreams {
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
}

const NO_HELP: PromptHelp = { complete: async (line) => [[], line], history: [], typed: () => {} };

/**
 * The process's own streams. Lines are read one at a time from one reader, so that nothing piped or pasted is
 * lost between prompts; while no line is awaited the terminal is as it was, and Ctrl-C a signal.
 */
export class TerminalIo implements Io {
  #streams: TerminalStreams;
  #help: PromptHelp = NO_HELP;
  #lines: Interface | null = null;
  #arrived: string[] = [];
  #ended = false;
  #waiting: ((line: string | null) => void) | null = null;
  #silent = false;
  #interrupted = new Set<() => void>();

  constructor(streams: TerminalStreams) {
    this.#streams = streams;
  }

  get outIsTerminal(): boolean {
    return this.#streams.stdout.isTTY === true;
  }

  get columns(): number {
    return this.#streams.stdout.columns ?? 80;
  }

  /** Gives the prompt completion and history; to be called before the first question. */
  helpWith(help: PromptHelp): void {
    this.#help = help;
  }

  out(text: string | Uint8Array): void {
    this.#streams.stdout.write(text);
  }

  err(text: string): void {
    this.#streams.stderr.write(text);
  }

  hint(text: string): void {
    if (this.#streams.stderr.isTTY === true) this.err(`hint: ${text}\n`);
  }

  async askCommand(prompt: string): Promise<string | null> {
    const line = await this.#next(prompt);
    if (line !== null && line.trim() !== '') this.#help.typed(line);
    return line;
  }

  ask(prompt: string): Promise<string | null> {
    return this.#next(prompt);
  }

  async askHidden(prompt: string): Promise<string | null> {
    this.#silent = true;
    const line = await this.#next('', () => this.out(prompt));
    this.#silent = false;
    this.out('\n');
    return line;
  }

  onInterrupt(fn: () => void): Cancel {
    if (this.#interrupted.size === 0) process.on('SIGINT', this.#interrupt);
    this.#interrupted.add(fn);
    return () => {
      this.#interrupted.delete(fn);
      if (this.#interrupted.size === 0) process.off('SIGINT', this.#interrupt);
    };
  }

  /** Stops reading, so that the program can end. */
  close(): void {
    this.#lines?.close();
    this.#streams.stdin.pause();
  }

  #interrupt = (): void => {
    for (const fn of [...this.#interrupted]) fn();
  };

  /** `ready` is called once the terminal is ours: what is typed from then on is not echoed by it. */
  #next(prompt: string, ready = (): void => {}): Promise<string | null> {
    const lines = this.#reader();
    const arrived = this.#arrived.shift();
    if (arrived !== undefined || this.#ended) {
      this.out(prompt);
      return Promise.resolve(arrived ?? null);
    }
    return new Promise((resolve) => {
      this.#waiting = resolve;
      this.#edit('on');
      lines.setPrompt(prompt);
      lines.prompt();
      ready();
    });
  }

  /** Raw mode belongs to the prompt alone. */
  #edit(mode: 'on' | 'off'): void {
    const { stdin } = this.#streams;
    if (this.#lines === null || this.#ended) return;
    if (stdin.isTTY) stdin.setRawMode(mode === 'on');
    if (mode === 'on') {
      stdin.resume();
      this.#lines.resume();
    } else {
      this.#lines.pause();
      stdin.pause();
    }
  }

  #deliver(line: string | null): void {
    const waiting = this.#waiting;
    this.#waiting = null;
    this.#edit('off');
    if (waiting !== null) waiting(line);
    else if (line !== null) this.#arrived.push(line);
  }

  #reader(): Interface {
    if (this.#lines !== null) return this.#lines;
    const { stdin, stdout } = this.#streams;
    const terminal = stdin.isTTY === true && stdout.isTTY === true;
    const lines = createInterface({
      input: terminal ? keyStream(stdin) : stdin,
      output: this.#echo(stdout),
      terminal,
      history: [...this.#help.history].reverse(),
      historySize: 1000,
      completer: (line: string, done: (error: null, result: [string[], string]) => void) =>
        void this.#help.complete(line).then((result) => done(null, result)),
    });
    lines.on('line', (line) => this.#deliver(line));
    lines.on('SIGINT', () => (this.#interrupted.size > 0 ? this.#interrupt() : this.#deliver(null)));
    lines.on('close', () => {
      this.#deliver(null);
      this.#ended = true;
    });
    this.#lines = lines;
    return lines;
  }

  /** The reader's way to the screen: silent while a password is typed. */
  #echo(stdout: NodeJS.WriteStream): Writable {
    const echo = new Writable({
      write: (chunk, _encoding, done) => {
        if (!this.#silent) stdout.write(chunk);
        done();
      },
    });
    return Object.defineProperty(echo, 'columns', { get: () => stdout.columns });
  }
}
