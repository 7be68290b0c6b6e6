import type { LogFile } from './log-file.ts';

export interface WriterOptions {
  readonly path: string;
  /** 0: never rotated. */
  readonly maxBytes: number;
  readonly backups: number;
  /** Permission bits of a file that is created, before umask. */
  readonly mode: number;
}

/** One file being appended to. */
export interface LogWriter extends LogFile {
  /** Opens the file that stands at the path now, unless that is open already. Throws the system's error. */
  open(): void;
  /** Appends all of `chunk`, or counts what is lost; never throws, never waits. */
  write(chunk: Buffer): void;
  /** As `open`; a failure is reported, and writing goes on where it went before. */
  reopen(): void;
  /** Removes the file and creates it anew. Throws the system's error. */
  clear(): void;
  /** Gives the file back; it is closed when everyone who shares it has. */
  release(): void;
}
