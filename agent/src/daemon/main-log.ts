import { writeSync } from 'node:fs';
import type { Config, DaemonConfig, Notice } from '../config/config.ts';
import { type MainLog, openMainLog } from '../logs/main-log.ts';
import { openSyslog } from '../logs/syslog.ts';
import type { Clock } from '../os/clock.ts';
import { thrownErrno } from '../os/errno.ts';
import { UsageError } from './usage-error.ts';

/** Opens the main log as configured; in the foreground every line goes to stdout too. Throws UsageError. */
export function openConfiguredLog({ daemon }: Config, clock: Clock): MainLog {
  try {
    return openMainLog({
      path: daemon.logFile,
      maxBytes: daemon.logMaxBytes,
      backups: daemon.logBackups,
      level: daemon.logLevel,
      clock,
      syslog: daemon.logToSyslog ? openSyslog({ ident: 'fleetvisord', clock }) : null,
      echo: daemon.foreground && !daemon.silent ? echo : null,
      complain,
    });
  } catch (error) {
    throw new UsageError(`could not open log file ${daemon.logFile}: ${thrownErrno(error)}`);
  }
}

/** Whether two configurations write the same main log the same way. */
export function isSameLog(one: DaemonConfig, other: DaemonConfig): boolean {
  const fields = ['logFile', 'logToSyslog', 'logMaxBytes', 'logBackups', 'logLevel', 'silent'] as const;
  return fields.every((field) => one[field] === other[field]);
}

/** Says what reading the configuration and starting up left to say, worst first. Contract: PROC-085. */
export function sayNotices(notices: readonly Notice[], log: MainLog): void {
  for (const level of ['critical', 'warn', 'info'] as const) {
    for (const notice of notices) if (notice.level === level) log[level](notice.text);
  }
}

/** Synchronous, so that nothing is lost at exit; a terminal that is gone or does not keep up costs only the echo. */
function echo(line: Buffer): void {
  writeQuietly(1, line);
}

function complain(text: string): void {
  writeQuietly(2, Buffer.from(`${text}\n`));
}

function writeQuietly(fd: number, bytes: Buffer): void {
  try {
    writeSync(fd, bytes);
  } catch {
    // the log file has it
  }
}
