import type { LogLevel } from '../config/config.ts';
import type { Clock } from '../os/clock.ts';
import { localStamp } from '../os/local-time.ts';
import { type LogFiles, systemLogFiles } from '../os/log-files.ts';
import type { LogFile } from './log-file.ts';
import type { LogWriter } from './log-writer.ts';
import { createLogWriters } from './log-writers.ts';
import type { LossReport } from './loss.ts';
import type { Syslog } from './syslog.ts';

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
  /** Lets go of the file; lines said later go to syslog and the terminal only. */
  close(): void;
}

/** Every level, worst first: its name in a line and its weight. Contract: PROC-088. */
export const LOG_LEVELS = {
  critical: { name: 'CRIT', weight: 50 },
  error: { name: 'ERRO', weight: 40 },
  warn: { name: 'WARN', weight: 30 },
  info: { name: 'INFO', weight: 20 },
  debug: { name: 'DEBG', weight: 10 },
  trace: { name: 'TRAC', weight: 5 },
  blather: { name: 'BLAT', weight: 3 },
} as const satisfies Record<LogLevel, { name: string; weight: number }>;

export interface MainLogOptions {
  /** Null: syslog only. */
  readonly path: string | null;
  readonly maxBytes: number;
  readonly backups: number;
  readonly level: LogLevel;
  readonly clock: Clock;
  readonly syslog: Syslog | null;
  /** Gets every line in the foreground; null in the background and when silent. Contract: PROC-086. */
  readonly echo: ((line: Buffer) => void) | null;
  /** Where it is said that the log itself cannot be written: the daemon's stderr. Contract: PROC-108. */
  readonly complain: (text: string) => void;
  readonly files?: LogFiles;
}

/** Opens the main log. Throws the system's error when its file cannot be opened. */
export function openMainLog(options: MainLogOptions): MainLog {
  let writer = options.path === null ? null : openFile(options.path, options);
  const least = LOG_LEVELS[options.level].weight;
  const say = (level: LogLevel) => (text: string) => {
    if (LOG_LEVELS[level].weight < least) return;
    const line = `${localStamp(options.clock.wallMs())} ${LOG_LEVELS[level].name} ${text}`;
    const bytes = Buffer.from(`${line}\n`);
    options.echo?.(bytes);
    writer?.write(bytes);
    options.syslog?.write(line);
  };
  return {
    critical: say('critical'),
    error: say('error'),
    warn: say('warn'),
    info: say('info'),
    debug: say('debug'),
    trace: say('trace'),
    blather: say('blather'),
    hears: (level) => LOG_LEVELS[level].weight >= least,
    get file() {
      return writer;
    },
    clear: () => writer?.clear(),
    reopen: () => writer?.reopen(),
    close: () => {
      writer?.release();
      writer = null;
    },
  };
}

function openFile(path: string, options: MainLogOptions): LogWriter {
  const report: LossReport = { error: options.complain, warn: options.complain };
  const writers = createLogWriters({
    clock: options.clock,
    report,
    files: options.files ?? systemLogFiles,
  });
  const writer = writers.take({
    path,
    maxBytes: options.maxBytes,
    backups: options.backups,
    mode: 0o666,
  });
  writer.open();
  return writer;
}
