import type { Cancel } from '../os/clock.ts';

/** The person or script in front of the command. */
export interface Io {
  /** Standard output is a terminal: escape sequences in it would be obeyed. */
  readonly outIsTerminal: boolean;
  /** Width to lay text out in. */
  readonly columns: number;
  out(text: string | Uint8Array): void;
  err(text: string): void;
  /** Advice for a person: on standard error, and only where that is a terminal, for scripts expect supervisorctl's words. */
  hint(text: string): void;
  /** One command line typed after `prompt`, with completion and history; null at the end of input. */
  askCommand(prompt: string): Promise<string | null>;
  /** One line in answer to a question; null at the end of input. */
  ask(prompt: string): Promise<string | null>;
  /** The same without echo. */
  askHidden(prompt: string): Promise<string | null>;
  /** Calls `fn` on Ctrl-C until cancelled; while nobody listens Ctrl-C ends the program. */
  onInterrupt(fn: () => void): Cancel;
}
