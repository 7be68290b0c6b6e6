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
  /** Opens it unless it is open. Throws the system's error. */
  open(): void;
  /** Appends all of `chunk`, or counts what is lost; never throws, never blocks. */
  write(chunk: Buffer): void;
  reopen(): void;
  clear(): void;
  /** Gives the file back; it is closed when everyone who shares it has. */
  release(): void;
}

/** The log files of a daemon by path; asking twice for a path gives one file shared. */
export interface LogWriters {
  take(options: WriterOptions): LogWriter;
}
