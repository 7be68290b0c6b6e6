import { createHash, randomInt } from 'node:crypto';
import { join, resolve } from 'node:path';
import { quoted } from '../config/python-text.ts';
import { errnoOf, type LogFiles, systemLogFiles } from '../os/log-files.ts';
import type { Channel } from '../protocol/info.ts';

const LETTERS = 'abcdefghijklmnopqrstuvwxyz0123456789_';
export const AUTO_MODE = 0o600;
/** What a folder takes as one name, less the `.NNNNNN` of a backup. */
const MOST_NAME_BYTES = 255 - 7;

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

/** An absolute path such as `/tmp/web-stdout---supervisor-x0k3_9ab.log`, another one each time. */
export function autoLogPath(name: AutoLogName): string {
  const random = Array.from({ length: 8 }, () => LETTERS[randomInt(LETTERS.length)]).join('');
  const tail = `-${name.channel}---${name.identifier}-${random}.log`;
  return resolve(name.childLogDir, shortened(name.process, MOST_NAME_BYTES - Buffer.byteLength(tail)) + tail);
}

/** The text, or as much of its beginning as fits in front of a mark that keeps it apart from its likes. */
function shortened(text: string, mostBytes: number): string {
  if (Buffer.byteLength(text) <= mostBytes) return text;
  const mark = `~${createHash('sha256').update(text).digest('hex').slice(0, 12)}`;
  const kept = Buffer.from(text).subarray(0, Math.max(0, mostBytes - mark.length));
  return kept.toString('utf8').replace(/\uFFFD+$/, '') + mark;
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
