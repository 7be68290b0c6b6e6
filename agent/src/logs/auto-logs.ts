import { randomInt } from 'node:crypto';
import { join } from 'node:path';
import { quoted } from '../config/python-text.ts';
import { errnoOf, type LogFiles, systemLogFiles } from '../os/log-files.ts';
import type { Channel } from '../protocol/info.ts';

const LETTERS = 'abcdefghijklmnopqrstuvwxyz0123456789_';
export const AUTO_MODE = 0o600;

export interface AutoLogName {
  readonly childLogDir: string;
  readonly identifier: string;
  readonly process: string;
  readonly channel: Channel;
}

/**
 * Creates the AUTO log of a channel and answers its path; it is private to the daemon's user.
 * Throws the system's error. Contract: PROC-091.
 */
export function createAutoLog(name: AutoLogName, files: LogFiles = systemLogFiles): string {
  for (;;) {
    const path = autoLogPath(name);
    try {
      files.close(files.openToAppend(path, AUTO_MODE, 'fresh'));
      return path;
    } catch (error) {
      if (errnoOf(error) !== 'EEXIST') throw error;
    }
  }
}

/** A path such as `/tmp/web-stdout---supervisor-x0k3_9ab.log`, another one each time. */
export function autoLogPath(name: AutoLogName): string {
  const random = Array.from({ length: 8 }, () => LETTERS[randomInt(LETTERS.length)]).join('');
  return join(name.childLogDir, `${name.process}-${name.channel}---${name.identifier}-${random}.log`);
}

/**
 * Removes the AUTO logs an earlier run of this identifier left behind, backups too.
 * What cannot be listed or removed is warned of. Contract: PROC-094, PROC-095.
 */
export function clearAutoLogs(
  childLogDir: string,
  identifier: string,
  log: { warn(text: string): void },
  files: LogFiles = systemLogFiles,
): void {
  const ours = autoLogPattern(identifier);
  for (const file of listOrWarn(childLogDir, log, files).filter((file) => ours.test(file))) {
    const path = join(childLogDir, file);
    try {
      files.remove(path);
    } catch {
      log.warn(`Failed to clean up ${quoted(path)}`);
    }
  }
}

function autoLogPattern(identifier: string): RegExp {
  return new RegExp(`^.+?---${identifier.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')}-\\S+\\.log`);
}

function listOrWarn(folder: string, log: { warn(text: string): void }, files: LogFiles): readonly string[] {
  try {
    return files.list(folder);
  } catch {
    log.warn('Could not clear childlog dir');
    return [];
  }
}
