import type { LogLevel } from '../config/config.ts';
import type { LogFile } from './log-file.ts';

/** supervisord's own log: `2026-01-31 09:15:00,123 INFO text`. Contract: PROC-087, PROC-088. */
export interface MainLog {
  critical(text: string): void;
  error(text: string): void;
  warn(text: string): void;
  info(text: string): void;
  debug(text: string): void;
  trace(text: string): void;
  blather(text: string): void;
  /** Whether lines of this level are kept: ask before making a costly one. */
  hears(level: LogLevel): boolean;
  /** The file behind it, or null when it goes to syslog only. */
  readonly file: LogFile | null;
  /** Removes and creates the file anew. Throws the system's error. */
  clear(): void;
  reopen(): void;
}
